package ballot

import (
	"fmt"
	"slices"

	"sayso/internal/authoring"
	"sayso/internal/budget"
	"sayso/internal/exercise"
)

// ReadFile reads an exercise written in YAML, of at most 1 MiB, and fills in the places of its area. It returns what is
// wrong with it, in the order of the lines: slips in the form first, and what the exercise lacks once there are none. An
// exercise with problems must not be published.
func ReadFile(data []byte, known authoring.Known) (Exercise, []authoring.Problem) {
	var e Exercise
	c, problems := authoring.Read(data, "budget exercise", known, &e)
	if len(problems) > 0 {
		return Exercise{}, problems
	}
	l := &linter{Checker: c, e: &e, places: map[string]bool{}}
	system, _ := known.Areas.System(e.Area)
	for _, p := range system.Places {
		l.places[p.ID] = true
	}
	e.fillPlaces(system)
	l.all(known)
	return e, l.Problems()
}

// fillPlaces gives the questions about place the places of the area, and elsewhere.
func (e *Exercise) fillPlaces(system exercise.Area) {
	for i := range e.Questions {
		q := &e.Questions[i]
		if q.Role != RolePlace || len(q.Options) > 0 {
			continue
		}
		for _, p := range system.Places {
			q.Options = append(q.Options, Option{ID: p.ID, Text: p.Name})
		}
		q.Options = append(q.Options, Option{ID: exercise.Elsewhere})
	}
}

// linter looks at an exercise with the eyes of somebody who will have to vote in it.
type linter struct {
	*authoring.Checker
	e      *Exercise
	places map[string]bool
}

func (l *linter) all(known authoring.Known) {
	e := l.e
	l.ID(".id", "the exercise", e.ID)
	l.Area(".area", e.Area)
	l.Days(e.Opens, e.Closes, e.Decision.On)
	l.Languages(e.Languages)
	l.Words(".title", "a title", e.Title)
	l.Words(".why", "why people decide about the money", e.Why)
	l.Words(".next", "what happens with the outcome", e.Next)
	l.Words(".audience", "whom it is for", e.Audience)
	l.Words(".decision.what", "the decision it feeds", e.Decision.What)
	l.Words(".decision.who", "who decides", e.Decision.Who)
	l.Picture(".picture", e.Picture)
	l.Minutes(e.Minutes)
	if len(e.Voices) == 0 {
		l.Say(".voices", "Say who may vote: some of %s.", authoring.Listed(exercise.Voices))
	}
	l.Voices(".voices", e.Voices)
	l.ballot()
	l.ways()
	l.rule()
	l.limits()
	l.questions()
	l.projects()
	l.ideas(known)
	l.results()
	l.round()
	l.Only(e.Area, e.Only)
}

func (l *linter) ballot() {
	e := l.e
	if !slices.Contains(Kinds, e.Ballot) {
		l.Say(".ballot", "Say how people vote: one of %s.", authoring.Listed(Kinds))
		return
	}
	l.most(".most", e.Ballot, e.Most)
	if e.Ballot == Thumbs {
		l.priorities()
		return
	}
	switch {
	case e.Amount == 0:
		l.Say(".amount", "Say how many pounds there are to share out, such as amount: 400000.")
	case e.Coin != 0 && e.Amount%e.Coin != 0:
		l.Say(".coin", "The amount is no whole number of coins. Choose what a coin stands for so that it is.")
	}
	if e.Take != 0 {
		l.Say(".take", "Only a ballot of thumbs says how many priorities are taken forward (take). Take it away.")
	}
}

func (l *linter) most(at string, kind Kind, most int) {
	switch counts := kind == UpTo || kind == Order || kind == Points; {
	case counts && (most < 1 || most > 1000):
		l.Say(at, "Say how many one may choose, or give, at most (most), from 1 to 1000.")
	case !counts && most != 0:
		l.Say(at, "A ballot of the kind %s has no most. Take it away.", kind)
	case counts && kind != Points && len(l.e.Projects) > 1 && most > len(l.e.Projects):
		l.Say(at, "One may choose %d (most), and there are only %d projects. Write a smaller number.", most, len(l.e.Projects))
	}
}

// ways looks at the second way to vote, and at what there is only beside one.
func (l *linter) ways() {
	e := l.e
	if e.Also == nil {
		if len(e.For) > 0 {
			l.Say(".for", "For is whom this way to vote is for, where there is another (also). Take it away, or write the other.")
		}
		return
	}
	l.Words(".for", "whom the first way to vote is for (for)", e.For)
	l.Words(".also.for", "whom the second way to vote is for (for)", e.Also.For)
	for at, kind := range map[string]Kind{".ballot": e.Ballot, ".also.ballot": e.Also.Ballot} {
		if !slices.Contains(alike, kind) {
			l.Say(at, "Two ways to vote must count alike, so each is one of %s.", authoring.Listed(alike))
		}
	}
	if slices.Contains(alike, e.Also.Ballot) {
		l.most(".also.most", e.Also.Ballot, e.Also.Most)
	}
	if e.Also.Ballot == e.Ballot && e.Also.Most == e.Most && e.Also.Coin == e.Coin {
		l.Say(".also", "Both ways to vote are the same. Change one of them, or take also away.")
	}
	if e.Also.Coin != 0 && e.Amount%e.Also.Coin != 0 {
		l.Say(".also.coin", "The amount is no whole number of coins. Choose what a coin stands for so that it is.")
	}
}

func (l *linter) priorities() {
	e := l.e
	if e.Take < 1 || e.Take > len(e.Projects) {
		l.Say(".take", "Say how many priorities are taken forward (take), from 1 to as many as there are.")
	}
	if e.Amount != 0 || e.Coin != 0 {
		l.Say(".amount", "A ballot of thumbs is without money. Take amount and coin away.")
	}
}

func (l *linter) rule() {
	rule, err := budget.ParseRule(l.e.Rule)
	switch {
	case l.e.Rule == "":
		l.Say(".rule", "Say by which rule votes are counted, such as rule: mes_cost_add1_integral+greedy; the guide explains them.")
	case err != nil:
		l.Say(".rule", "T%s.", err.Error()[1:])
	case !rule.For(l.e.countedAs()):
		l.Say(".rule", "The rule %s counts favourites in order (ballot: order).", rule)
	case l.e.Ballot == Order:
		l.inOrder(rule)
	}
	if len(l.e.Seed) < 6 {
		l.Say(".seed", "Write the seed of the lot that breaks ties, of at least 6 letters or digits, drawn where people can see it.")
	}
}

// inOrder refuses rules that count favourites in order as if they were points: what stands last on a ballot, and so what
// stands there alone, would be worth nothing.
func (l *linter) inOrder(rule budget.Rule) {
	instead := rule
	switch rule.Method {
	case budget.SharesScores:
		instead.Method = budget.SharesBorda
	case budget.GreedyScores:
		instead.Method = budget.GreedyBorda
	case budget.Transfers:
		l.Say(".rule", "The rule cstv counts points (ballot: points). For favourites in order write rule: mes_borda+greedy, or rule: stv.")
		return
	default:
		return
	}
	l.Say(".rule", "By %s a vote for one project alone would be worth nothing. For favourites in order write rule: %s.", rule, instead)
}

func (l *linter) limits() {
	for i, limit := range l.e.Limits {
		at := fmt.Sprintf(".limits[%d]", i)
		l.ID(at+".category", "the category", limit.Category)
		l.Words(at+".name", "what the category is called", limit.Name)
		of := func(p Project) bool { return p.Category == limit.Category }
		if limit.Most < 1 {
			l.Say(at+".most", "Say how many of the category one ballot may wish for (most), at least 1.")
		}
		if !slices.ContainsFunc(l.e.Projects, of) {
			l.Say(at, "No project is of the category %q.", limit.Category)
		}
		if slices.ContainsFunc(l.e.Limits[:i], func(other Limit) bool { return other.Category == limit.Category }) {
			l.Say(at, "The category %q has a limit already. Take one away.", limit.Category)
		}
	}
}

func (l *linter) questions() {
	seen := map[string]bool{}
	for i, q := range l.e.Questions {
		at := fmt.Sprintf(".questions[%d]", i)
		l.ID(at+".id", "the question", q.ID)
		if seen[q.ID] {
			l.Say(at+".id", "Two questions are called %q. Give one of them another id.", q.ID)
		}
		seen[q.ID] = true
		l.Words(at+".ask", "the question", q.Ask)
		if len(q.Hint) > 0 {
			l.Words(at+".hint", "the hint", q.Hint)
		}
		if !slices.Contains(Roles, q.Role) {
			l.Say(at+".role", "Say what is asked about the person: one of %s.", authoring.Listed(Roles))
		}
		if q.Role != RoleGroup && slices.ContainsFunc(l.e.Questions[:i], func(other Question) bool { return other.Role == q.Role }) {
			l.Say(at+".role", "Another question has the role %s already. Take one away.", q.Role)
		}
		l.options(at, &q)
	}
}

func (l *linter) options(at string, q *Question) {
	own := q.Role == RolePriority || q.Role == RoleGroup
	switch {
	case own && len(q.Options) < 2:
		l.Say(at, "The question %q needs at least two options.", q.ID)
	case q.Role == RoleAge && slices.ContainsFunc(q.Options, func(o Option) bool { return !slices.Contains(exercise.AgeBands, o.ID) }):
		l.Say(at+".options", "A question about age has only these options: %s. Leave some out, or all.", authoring.Listed(exercise.AgeBands))
	}
	seen := map[string]bool{}
	for i, o := range q.Options {
		path := fmt.Sprintf("%s.options[%d]", at, i)
		if q.Role != RoleAge {
			l.ID(path, "the option", o.ID)
		}
		if seen[o.ID] {
			l.Say(path, "Two options of %q have the id %q. Give one of them another id.", q.ID, o.ID)
		}
		seen[o.ID] = true
		if own {
			l.Words(path+".text", "the option", o.Text)
		}
		l.Picture(path+".picture", o.Picture)
	}
}

func (l *linter) projects() {
	if len(l.e.Projects) < 2 {
		l.Say(".projects", "There is nothing to choose: write at least two projects.")
	}
	seen := map[string]bool{}
	for i := range l.e.Projects {
		p := &l.e.Projects[i]
		at := fmt.Sprintf(".projects[%d]", i)
		l.ID(at+".id", "the project", p.ID)
		if seen[p.ID] {
			l.Say(at+".id", "Two projects are called %q. Give one of them another id.", p.ID)
		}
		seen[p.ID] = true
		l.Words(at+".name", "what the project is called", p.Name)
		l.Words(at+".text", "what the project is", p.Text)
		for what, t := range map[string]exercise.Text{"for": p.For, "provider": p.Provider, "idea_of": p.IdeaOf} {
			if len(t) > 0 {
				l.Words(at+"."+what, "the field "+what, t)
			}
		}
		l.Picture(at+".picture", p.Picture)
		l.project(at, p)
		l.cost(at, p)
	}
	if err := l.e.Election().Check(); err != nil && len(l.Problems()) == 0 {
		l.Say(".projects", "The projects cannot be counted: they cost too much together.")
	}
}

func (l *linter) project(at string, p *Project) {
	if p.Place != "" && !l.places[p.Place] {
		l.Say(at+".place", "The area has no place called %q.", p.Place)
	}
	if p.Help != "" && p.Help != Early && p.Help != Late {
		l.Say(at+".help", "Say early or late, or leave help out.")
	}
	if p.Category != "" && !slices.ContainsFunc(l.e.Limits, func(limit Limit) bool { return limit.Category == p.Category }) {
		l.Say(at+".category", "The category %q has no limit. Write one, or leave category out.", p.Category)
	}
	for _, g := range p.Groups {
		if !slices.Contains(exercise.AgeBands, g) && !l.asks(g) {
			l.Say(at+".groups", "There is no group called %q. Groups are age bands (%s) and options of the question with the role priority.", g, authoring.Listed(exercise.AgeBands))
		}
	}
}

// asks says whether the question about priority groups has the option.
func (l *linter) asks(group string) bool {
	return slices.ContainsFunc(l.e.Questions, func(q Question) bool {
		return q.Role == RolePriority && slices.Contains(q.OptionIDs(), group)
	})
}

func (l *linter) cost(at string, p *Project) {
	e := l.e
	switch {
	case e.Ballot == Thumbs && (p.Cost != 0 || p.CostFrom != 0):
		l.Say(at+".cost", "A ballot of thumbs is without money. Take the cost away.")
	case e.Ballot == Thumbs:
	case p.Cost == 0:
		l.Say(at+".cost", "Say what the project costs, in pounds, at the most.")
	case p.CostFrom > p.Cost:
		l.Say(at+".cost_from", "cost_from is what it costs at the least, and more than cost. Exchange them.")
	case e.Coin.splits(p), e.Also != nil && e.Also.Coin.splits(p):
		l.Say(at+".cost", "The cost is no whole number of coins. Round it up.")
	}
}

// splits says whether the cost of the project is no whole number of such coins.
func (m Money) splits(p *Project) bool {
	return m != 0 && (p.Cost%m != 0 || p.CostFrom%m != 0)
}
