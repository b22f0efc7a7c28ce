package ballot

import (
	"slices"

	"sayso/internal/fault"
)

// Act is what a press of a button asks for. Each says how the project shall stand, not what shall change, so that a
// press that arrives twice does what one does.
type Act string

// The acts.
const (
	Add    Act = "add"    // wish for it: at the end, where there is an order
	Remove Act = "remove" // do not wish for it, nor against it
	Put    Act = "put"    // wish for it at the place N, counted from 1
	Give   Act = "give"   // N points
	Up     Act = "up"     // thumb up
	Down   Act = "down"   // thumb down
)

// Press is one press of a button. It is about one project: what two windows do to different projects is both kept.
type Press struct {
	Project string
	Act     Act
	N       int
}

// acts are what can be pressed on each kind of ballot.
var acts = map[Kind][]Act{
	Tick: {Add, Remove}, UpTo: {Add, Remove}, Purse: {Add, Remove},
	Order: {Add, Remove, Put}, Points: {Give, Remove}, Thumbs: {Up, Down, Remove},
}

// press changes the wishes of the ballot. A fault of kind Invalid says why it cannot be; then nothing has changed.
func (e *Exercise) press(b *Ballot, p Press) error {
	project := e.Project(p.Project)
	if project == nil || !slices.Contains(acts[e.Ballot], p.Act) {
		return fault.New(fault.Invalid, "vote.unknown")
	}
	wishes := slices.Clone(b.Wishes)
	_, at, there := b.Wish(p.Project)
	switch p.Act {
	case Remove:
		wishes = without(wishes, p.Project)
	case Add, Up:
		if !there {
			wishes = append(wishes, Wish{Project: p.Project})
		} else {
			wishes[at].Points = 0
		}
	case Down:
		wishes = append(without(wishes, p.Project), Wish{Project: p.Project, Points: -1})
	case Put:
		wishes = without(wishes, p.Project)
		wishes = slices.Insert(wishes, min(max(p.N-1, 0), len(wishes)), Wish{Project: p.Project})
	case Give:
		if p.N < 0 {
			return e.tooManyPoints()
		}
		wishes = without(wishes, p.Project)
		if p.N > 0 {
			wishes = append(wishes, Wish{Project: p.Project, Points: p.N})
		}
	}
	changed := *b
	changed.Wishes = wishes
	if p.Act != Remove && p.Act != Down { // who takes away passes no limit that was kept before
		if err := e.Check(&changed); err != nil {
			return err
		}
	}
	b.Wishes = wishes
	return nil
}

func without(wishes []Wish, project string) []Wish {
	return slices.DeleteFunc(wishes, func(w Wish) bool { return w.Project == project })
}

// Check says whether the wishes of a ballot, however they came there, are what its exercise allows. Invalid says why they
// are not.
func (e *Exercise) Check(b *Ballot) error {
	for i, w := range b.Wishes {
		if _, first, _ := b.Wish(w.Project); first != i || e.Project(w.Project) == nil || !e.takes(w.Points) {
			return fault.New(fault.Invalid, "vote.unknown")
		}
	}
	tooMany := func(w Wish) bool { return w.Points > e.Most } // asked of each first: a sum could overflow
	switch {
	case e.Ballot == Points && (slices.ContainsFunc(b.Wishes, tooMany) || b.Given() > e.Most):
		return e.tooManyPoints()
	case (e.Ballot == UpTo || e.Ballot == Order) && len(b.Wishes) > e.Most:
		return fault.New(fault.Invalid, "vote.too_many").With(map[string]any{"Number": e.Most})
	case e.Ballot == Purse && e.Spent(b) > e.Amount:
		return fault.New(fault.Invalid, "vote.does_not_fit")
	}
	for _, l := range e.Limits {
		if e.wished(b, l.Category) > l.Most {
			return fault.New(fault.Invalid, "vote.too_many_of_a_kind").With(map[string]any{"Number": l.Most})
		}
	}
	return nil
}

// takes says whether a wish on this kind of ballot can have so many points.
func (e *Exercise) takes(points int) bool {
	switch e.Ballot {
	case Points:
		return points > 0
	case Thumbs:
		return points == 0 || points == -1
	}
	return points == 0
}

func (e *Exercise) tooManyPoints() error {
	return fault.New(fault.Invalid, "vote.too_many_points").With(map[string]any{"Number": e.Most})
}

// wished is how many projects of the category the ballot wishes for.
func (e *Exercise) wished(b *Ballot, category string) int {
	n := 0
	for _, w := range b.Wishes {
		if p := e.Project(w.Project); p != nil && p.Category == category && w.Counts() {
			n++
		}
	}
	return n
}

// read checks the choices of an answer; nobody has to choose.
func (q *Question) read(choices []string) (Answer, error) {
	a := Answer{Question: q.ID}
	known := q.OptionIDs()
	for _, id := range choices {
		if id != "" && !slices.Contains(known, id) {
			return Answer{}, fault.New(fault.Invalid, "answer.choose_listed")
		}
	}
	for _, id := range known { // in the order of the options, each once
		if slices.Contains(choices, id) {
			a.Choices = append(a.Choices, id)
		}
	}
	alone := slices.ContainsFunc(q.Options, func(o Option) bool { return o.Alone && slices.Contains(a.Choices, o.ID) })
	switch {
	case q.Role != RolePriority && len(a.Choices) > 1:
		return Answer{}, fault.New(fault.Invalid, "answer.choose_one")
	case alone && len(a.Choices) > 1:
		return Answer{}, fault.New(fault.Invalid, "answer.alone")
	}
	return a, nil
}
