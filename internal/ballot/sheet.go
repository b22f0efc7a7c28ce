package ballot

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sayso/internal/exercise"
	"sayso/internal/fault"
)

// Sheet is one paper ballot. It stands under the hash of its code, and once it is counted nothing leads from it to its
// ballot, nor from a ballot to it.
type Sheet struct {
	Hash     string     `json:"hash"`
	Revision int        `json:"revision"`
	Exercise string     `json:"exercise"`
	Language string     `json:"lang"`
	Way      Which      `json:"way,omitempty"`   // by which it is filled in
	Twice    bool       `json:"twice,omitempty"` // two people type it in, and must agree
	State    SheetState `json:"state"`
	Reason   string     `json:"reason,omitempty"`  // one of Reasons, or LeftOut: why it is spoilt
	Typings  []Typing   `json:"typings,omitempty"` // only until it is settled
	Ballot   string     `json:"ballot,omitempty"`  // only while it becomes this ballot
}

// SheetState says how far a sheet is.
type SheetState string

// The states of a sheet.
const (
	Blank    SheetState = "blank"    // printed; nobody has typed it in
	Once     SheetState = "once"     // waits for the second typing
	Differs  SheetState = "differs"  // its two typings are not the same
	Becoming SheetState = "becoming" // is being made a ballot
	Counted  SheetState = "counted"  // is a ballot
	Spoilt   SheetState = "spoilt"   // cannot be counted
)

// Reasons are why staff may say that a sheet cannot be counted.
var Reasons = []string{"too-many", "unreadable", "empty", "other"}

// LeftOut is the reason of sheets that were not settled when the votes were counted.
const LeftOut = "left-out"

// Typing is what somebody read on a sheet.
type Typing struct {
	By    string `json:"by"` // id of staff
	Marks []Mark `json:"marks"`
}

// Mark is one thing that stands on a sheet: the name of an item, and what is marked there.
type Mark struct {
	Item  string `json:"i"`
	Value string `json:"v"`
}

// The items of a sheet are who speaks, why it is spoilt, each project and each question about the person.
const (
	ItemVoice  = "voice"
	ItemSpoilt = "spoilt"
)

// ItemOf names the item of a project, ItemAbout that of a question.
func ItemOf(project string) string { return "p-" + project }

// ItemAbout names the item of a question about the person.
func ItemAbout(question string) string { return "q-" + question }

// The values of marks, beside ids and numbers.
const (
	Unsaid     = "unsaid" // of ItemVoice: it does not stand on the sheet
	Ticked     = "yes"    // of a project on a ballot of ticks
	ThumbUp    = "up"
	ThumbDown  = "down"
	betweenIDs = ","
)

// Items are the names of all items of a sheet of the exercise, in their order.
func (e *Exercise) Items() []string {
	items := []string{ItemSpoilt}
	for _, p := range e.Projects {
		items = append(items, ItemOf(p.ID))
	}
	items = append(items, ItemVoice)
	for _, q := range e.Questions {
		items = append(items, ItemAbout(q.ID))
	}
	return items
}

// Marks reads what was typed for each item into marks that can be compared. Of a sheet that is spoilt nothing else counts.
func (e *Exercise) Marks(typed func(item string) []string) []Mark {
	var out []Mark
	for _, item := range e.Items() {
		value := strings.TrimSpace(strings.Join(typed(item), betweenIDs))
		if n, err := strconv.Atoi(value); err == nil && strings.HasPrefix(item, ItemOf("")) {
			value = strconv.Itoa(n)
		}
		if value == "" || value == "0" && e.Ballot == Points {
			continue
		}
		out = append(out, Mark{item, value})
		if item == ItemSpoilt {
			break
		}
	}
	return out
}

// ValueOf returns what is marked for the item, empty for nothing.
func ValueOf(marks []Mark, item string) string {
	i := slices.IndexFunc(marks, func(m Mark) bool { return m.Item == item })
	if i < 0 {
		return ""
	}
	return marks[i].Value
}

// Differing names the items that the two typings of a sheet do not have the same.
func (e *Exercise) Differing(a, b []Mark) []string {
	return slices.DeleteFunc(e.Items(), func(item string) bool { return ValueOf(a, item) == ValueOf(b, item) })
}

// readMarks checks the marks of a sheet and makes of them what a ballot holds. Invalid says what cannot be, and its Item where.
func (e *Exercise) readMarks(marks []Mark) (b Ballot, answers []Answer, err error) {
	if reason := ValueOf(marks, ItemSpoilt); reason != "" {
		if !slices.Contains(Reasons, reason) {
			err = at(ItemSpoilt, fault.New(fault.Invalid, "answer.choose_listed"))
		}
		return b, nil, err
	}
	if b.Wishes, err = e.wishes(marks); err != nil {
		return b, nil, err
	}
	if len(b.Wishes) == 0 {
		return b, nil, at(ItemOf(e.Projects[0].ID), fault.New(fault.Invalid, "paper.nothing"))
	}
	if err = e.Check(&b); err != nil {
		return b, nil, at(ItemOf(b.Wishes[0].Project), onPaper(err))
	}
	switch voice := ValueOf(marks, ItemVoice); {
	case slices.Contains(e.Voices, exercise.Voice(voice)):
		b.Voice = exercise.Voice(voice)
	case voice != Unsaid:
		return b, nil, at(ItemVoice, fault.New(fault.Invalid, "paper.say_voice"))
	}
	for _, q := range e.Questions {
		value := ValueOf(marks, ItemAbout(q.ID))
		if value == "" {
			continue
		}
		a, err := q.read(strings.Split(value, betweenIDs))
		if err != nil {
			return b, nil, at(ItemAbout(q.ID), err)
		}
		answers = append(answers, a)
	}
	return b, answers, nil
}

// wishes reads the marks at projects; favourites come in the order of their numbers.
func (e *Exercise) wishes(marks []Mark) ([]Wish, error) {
	type ranked struct {
		Wish
		place int
	}
	var all []ranked
	for _, p := range e.Projects {
		item := ItemOf(p.ID)
		value := ValueOf(marks, item)
		if value == "" {
			continue
		}
		r := ranked{Wish: Wish{Project: p.ID}}
		switch n, err := strconv.Atoi(value); {
		case e.Ballot == Order && (err != nil || n < 1), e.Ballot == Points && (err != nil || n < 1):
			return nil, at(item, fault.New(fault.Invalid, "paper.no_number"))
		case e.Ballot == Order && slices.ContainsFunc(all, func(other ranked) bool { return other.place == n }):
			return nil, at(item, fault.New(fault.Invalid, "paper.number_twice").With(map[string]any{"Number": n}))
		case e.Ballot == Order:
			r.place = n
		case e.Ballot == Points:
			r.Points = n
		case e.Ballot == Thumbs && value == ThumbDown:
			r.Points = -1
		case e.Ballot == Thumbs && value != ThumbUp, e.Ballot != Thumbs && value != Ticked:
			return nil, at(item, fault.New(fault.Invalid, "vote.unknown"))
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(a.place, b.place) })
	var out []Wish
	for _, r := range all {
		out = append(out, r.Wish)
	}
	return out, nil
}

// at says at which item of the sheet the fault is.
func at(item string, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	args := map[string]any{"Item": item}
	for k, v := range f.Args {
		args[k] = v
	}
	return f.With(args)
}

// onPaper says the same of a sheet that lies there filled in: whoever types it in must not change it.
func onPaper(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	keys := map[string]string{
		"vote.too_many": "paper.too_many", "vote.too_many_points": "paper.too_many_points",
		"vote.does_not_fit": "paper.does_not_fit", "vote.too_many_of_a_kind": "paper.too_many_of_a_kind",
	}
	if key, ok := keys[f.Key]; ok {
		return fault.New(f.Kind, key).With(f.Args)
	}
	return err
}

// typed takes one more typing of the sheet. alone says that nobody else can type it the second time. Conflict when the
// sheet is not in the state that whoever typed saw.
func (sh *Sheet) typed(t Typing, seen SheetState, alone bool) error {
	if sh.State != seen || sh.State != Blank && sh.State != Once {
		return fault.New(fault.Conflict, "paper.changed")
	}
	switch {
	case sh.State == Blank && sh.Twice:
		sh.State, sh.Typings = Once, []Typing{t}
	case sh.State == Blank:
		sh.decided(t)
	case sh.Typings[0].By == t.By && !alone:
		return at("alone", fault.New(fault.Invalid, "paper.same_person"))
	case slices.Equal(sh.Typings[0].Marks, t.Marks):
		sh.decided(t)
	default:
		sh.State, sh.Typings = Differs, append(sh.Typings, t)
	}
	return nil
}

// decided is what follows from the typing that counts.
func (sh *Sheet) decided(t Typing) {
	if reason := ValueOf(t.Marks, ItemSpoilt); reason != "" {
		sh.spoil(reason)
		return
	}
	sh.State, sh.Typings, sh.Ballot = Becoming, []Typing{t}, exercise.NewID()
}

func (sh *Sheet) spoil(reason string) {
	sh.State, sh.Reason, sh.Typings, sh.Ballot = Spoilt, reason, nil, ""
}

// chosen makes one typing of the two that differ: of each item that differs the one that pick says, 1 or 2. Invalid names
// an item for which it says nothing.
func (e *Exercise) chosen(sh *Sheet, pick func(item string) int) ([]Mark, error) {
	differ := e.Differing(sh.Typings[0].Marks, sh.Typings[1].Marks)
	if slices.Contains(differ, ItemSpoilt) { // one holds nothing else
		differ = []string{ItemSpoilt}
	}
	for _, item := range differ {
		if n := pick(item); n != 1 && n != 2 {
			return nil, at(item, fault.New(fault.Invalid, "paper.choose_each"))
		}
	}
	if slices.Contains(differ, ItemSpoilt) {
		return sh.Typings[pick(ItemSpoilt)-1].Marks, nil
	}
	return e.Marks(func(item string) []string {
		from := 1
		if slices.Contains(differ, item) {
			from = pick(item)
		}
		return []string{ValueOf(sh.Typings[from-1].Marks, item)}
	}), nil
}

// SheetPurpose is for what the code of a sheet of the exercise is hashed: under another it is no code.
func SheetPurpose(exercise string) string { return fmt.Sprintf("sheet of %s", exercise) }
