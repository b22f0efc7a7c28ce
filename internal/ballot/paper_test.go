package ballot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

func typist(id string) people.Staff { return people.Staff{ID: id, Role: people.Author} }

// prints makes sheets of the names.
func (w *town) prints(twice bool, hashes ...string) {
	w.t.Helper()
	must(w.t, w.MakeSheets(w.t.Context(), typist("a"), "early", ballot.Set{Language: "ur", Twice: twice}, hashes))
}

// marks are read from words such as "p-room=yes q-age=8-11 voice=self".
func (w *town) marks(words string) []ballot.Mark {
	w.t.Helper()
	e, err := w.Newest("early")
	must(w.t, err)
	typed := map[string][]string{}
	for _, field := range strings.Fields(words) {
		item, value, _ := strings.Cut(field, "=")
		typed[item] = append(typed[item], value)
	}
	return e.Marks(func(item string) []string { return typed[item] })
}

// types keeps what stands on a sheet, as somebody who sees its state does.
func (w *town) types(who, hash, words string) (ballot.Sheet, error) {
	w.t.Helper()
	sh, err := w.Sheet(w.t.Context(), typist(who), "early", []string{"k0:other", hash})
	must(w.t, err)
	return w.Type(w.t.Context(), typist(who), "early", hash, sh.State, w.marks(words), false)
}

// becomes wants the sheet to be in the state.
func (w *town) becomes(who, hash, words string, want ballot.SheetState) {
	w.t.Helper()
	sh, err := w.types(who, hash, words)
	must(w.t, err)
	if sh.State != want {
		w.t.Fatalf("the sheet is %s, want %s", sh.State, want)
	}
}

// cannot wants the marks to be refused at the item.
func (w *town) cannot(hash, words, key, item string) {
	w.t.Helper()
	_, err := w.types("a", hash, words)
	wantFault(w.t, err, fault.Invalid, key)
	if f, ok := err.(*fault.Error); !ok || f.Args["Item"] != item {
		w.t.Errorf("%v is not at %s", err, item)
	}
	if sh, err := w.store.Sheet(w.t.Context(), hash); err != nil || sh.State != ballot.Blank || len(sh.Typings) > 0 {
		w.t.Errorf("what was refused left %+v, %v", sh, err)
	}
}

func (w *town) ballots() (all []ballot.Ballot) {
	w.t.Helper()
	for b, err := range w.store.ScanBallots(w.t.Context(), "early") {
		must(w.t, err)
		all = append(all, b)
	}
	return all
}

func TestSheetBecomesABallotAndForgetsIt(t *testing.T) {
	w := newTown(t, nil)
	w.prints(false, "k1:a", "k1:b")
	w.prints(false, "k1:a", "k1:b") // printed again: the same sheets
	w.becomes("a", "k1:a", "p-room=yes p-hall=yes voice=helped q-age=8-11", ballot.Counted)
	all := w.ballots()
	if len(all) != 1 {
		t.Fatalf("%d ballots", len(all))
	}
	b := all[0]
	if b.Channel != ballot.Paper || b.Voice != exercise.Helped || b.Day != "2126-12-05" || b.Language != "ur" || len(b.Wishes) != 2 {
		t.Errorf("kept %+v", b)
	}
	_, about, err := w.Ballot(t.Context(), b.ID)
	must(t, err)
	if a, _ := about.Answer("age"); !slices.Equal(a.Choices, []string{"8-11"}) {
		t.Errorf("kept %+v", about)
	}
	sh, err := w.store.Sheet(t.Context(), "k1:a")
	must(t, err)
	if sh.Ballot != "" || len(sh.Typings) > 0 || sh.State != ballot.Counted {
		t.Errorf("the sheet still leads to its ballot: %+v", sh)
	}
	_, err = w.types("b", "k1:a", "p-trees=yes voice=self")
	wantFault(t, err, fault.Conflict, "paper.changed")
	_, err = w.Sheet(t.Context(), typist("a"), "early", []string{"k1:none"})
	wantFault(t, err, fault.NotFound, "paper.unknown")
	_, err = w.Sheet(t.Context(), people.Staff{ID: "c", Role: people.Board}, "early", []string{"k1:a"})
	wantFault(t, err, fault.Forbidden, "")
	figures, err := w.Sheets(t.Context(), "early")
	must(t, err)
	if figures[ballot.Counted] != 1 || figures[ballot.Blank] != 1 {
		t.Errorf("there are %v", figures)
	}
	for e, err := range w.store.Entries(t.Context(), 1) {
		must(t, err)
		if said := fmt.Sprint(e.Subject, e.Details); strings.Contains(said, "k1:") || strings.Contains(said, b.ID) || strings.Contains(said, "room") || strings.Contains(said, "helped") {
			t.Errorf("the log tells %s", said)
		}
	}
}

func TestSheetsHaveTheBoundsOfTheWeb(t *testing.T) {
	w := newTown(t, nil)
	w.prints(false, "k1:a")
	w.cannot("k1:a", "voice=self", "paper.nothing", "p-room")
	w.cannot("k1:a", "p-room=yes", "paper.say_voice", "voice")
	w.cannot("k1:a", "p-room=yes voice=worker", "paper.say_voice", "voice")
	w.cannot("k1:a", "p-room=3 voice=self", "vote.unknown", "p-room")
	w.cannot("k1:a", "p-room=yes voice=self q-age=99", "answer.choose_listed", "q-age")
	w.cannot("k1:a", "spoilt=because", "answer.choose_listed", "spoilt")
	w.becomes("a", "k1:a", "p-room=yes voice=unsaid", ballot.Counted)

	up := newTown(t, func(e *ballot.Exercise) { e.Ballot, e.Most = ballot.UpTo, 1 })
	up.prints(false, "k1:a", "k1:b")
	up.cannot("k1:a", "p-room=yes p-hall=yes voice=self", "paper.too_many", "p-room")
	up.becomes("a", "k1:a", "p-room=yes p-hall=yes voice=self spoilt=too-many", ballot.Spoilt)

	order := newTown(t, func(e *ballot.Exercise) { e.Ballot, e.Most = ballot.Order, 3 })
	order.prints(false, "k1:a", "k1:b")
	order.cannot("k1:a", "p-room=1 p-hall=1 voice=self", "paper.number_twice", "p-hall")
	order.cannot("k1:a", "p-room=x voice=self", "paper.no_number", "p-room")
	order.cannot("k1:a", "p-room=0 voice=self", "paper.no_number", "p-room")
	order.cannot("k1:a", "p-room=1 p-hall=2 p-trees=3 p-bikes=4 voice=self", "paper.too_many", "p-room")
	order.becomes("a", "k1:a", "p-room=03 p-trees=1 voice=self", ballot.Counted)
	order.wants(order.ballots()[0].Wishes, wishes("trees", "room")...)

	points := newTown(t, func(e *ballot.Exercise) { e.Ballot, e.Most = ballot.Points, 5 })
	points.prints(false, "k1:a")
	points.cannot("k1:a", "p-room=4 p-hall=2 voice=self", "paper.too_many_points", "p-room")
	points.cannot("k1:a", "p-room=-4 p-hall=2 voice=self", "paper.no_number", "p-room")
	points.becomes("a", "k1:a", "p-room=4 p-hall=0 p-trees=1 voice=self", ballot.Counted)
	points.wants(points.ballots()[0].Wishes, ballot.Wish{Project: "room", Points: 4}, ballot.Wish{Project: "trees", Points: 1})

	purse := newTown(t, func(e *ballot.Exercise) { e.Ballot = ballot.Purse })
	purse.prints(false, "k1:a")
	purse.cannot("k1:a", "p-room=yes p-trees=yes voice=self", "paper.does_not_fit", "p-room")

	thumbs := newTown(t, priorities)
	thumbs.prints(false, "k1:a")
	thumbs.cannot("k1:a", "p-room=yes voice=self", "vote.unknown", "p-room")
	thumbs.becomes("a", "k1:a", "p-room=down p-hall=up voice=self", ballot.Counted)
	thumbs.wants(thumbs.ballots()[0].Wishes, ballot.Wish{Project: "room", Points: -1}, ballot.Wish{Project: "hall"})
}

func TestTwoTypingsMustAgree(t *testing.T) {
	w := newTown(t, nil)
	w.prints(true, "k1:same", "k1:differs", "k1:again", "k1:spoilt")
	w.becomes("a", "k1:same", "p-room=yes voice=self", ballot.Once)
	_, err := w.types("a", "k1:same", "p-room=yes voice=self")
	wantFault(t, err, fault.Invalid, "paper.same_person")
	_, err = w.Type(t.Context(), typist("a"), "early", "k1:same", ballot.Blank, w.marks("p-room=yes voice=self"), true)
	wantFault(t, err, fault.Conflict, "paper.changed") // the first typing, sent twice
	w.becomes("b", "k1:same", "voice=self p-room=yes", ballot.Counted)

	w.becomes("a", "k1:differs", "p-room=yes p-hall=yes voice=self", ballot.Once)
	w.becomes("b", "k1:differs", "p-room=yes p-trees=yes voice=self", ballot.Differs)
	pick := map[string]int{"p-hall": 1}
	settle := func() (ballot.Sheet, error) {
		return w.Settle(t.Context(), typist("c"), "early", "k1:differs", func(item string) int { return pick[item] })
	}
	_, err = settle()
	wantFault(t, err, fault.Invalid, "paper.choose_each")
	pick["p-trees"] = 1
	sh, err := settle()
	must(t, err)
	_, err = settle()
	wantFault(t, err, fault.Conflict, "paper.changed")
	if sh.State != ballot.Counted || len(w.ballots()) != 2 {
		t.Errorf("settled is %+v, and there are %d ballots", sh, len(w.ballots()))
	}
	for _, b := range w.ballots() {
		if len(b.Wishes) == 2 {
			w.wants(b.Wishes, wishes("room", "hall")...)
		}
	}

	w.becomes("a", "k1:again", "p-room=yes voice=self", ballot.Once)
	w.becomes("b", "k1:again", "p-hall=yes voice=self", ballot.Differs)
	if sh, err = w.TypeAgain(t.Context(), typist("c"), "early", "k1:again"); err != nil || sh.State != ballot.Blank || len(sh.Typings) > 0 {
		t.Errorf("typed again: %+v, %v", sh, err)
	}

	w.becomes("a", "k1:spoilt", "p-room=yes voice=self q-age=8-11", ballot.Once)
	w.becomes("b", "k1:spoilt", "spoilt=unreadable", ballot.Differs)
	sh, err = w.Settle(t.Context(), typist("c"), "early", "k1:spoilt", func(item string) int { return map[string]int{"spoilt": 2}[item] })
	must(t, err)
	if sh.State != ballot.Spoilt || sh.Reason != "unreadable" || len(sh.Typings) > 0 {
		t.Errorf("settled is %+v", sh)
	}
}

func TestPaperComesByPost(t *testing.T) {
	w := newTown(t, nil)
	w.day = "2126-11-01" // before it opens
	w.prints(false, "k1:a", "k1:b")
	e := written(t)
	e.Projects[0].Cost = 1_00
	_, _, err := w.Publish(t.Context(), e)
	wantFault(t, err, fault.Invalid, "vote.locked")
	_, err = w.types("a", "k1:a", "p-room=yes voice=self")
	wantFault(t, err, fault.Forbidden, "vote.not_yet_open")
	w.day = "2127-02-14" // fourteen days after closing
	w.becomes("a", "k1:a", "p-room=yes voice=self", ballot.Counted)
	wantFault(t, w.MakeSheets(t.Context(), typist("a"), "early", ballot.Set{Language: "en"}, []string{"k1:z"}), fault.Forbidden, "vote.closed")
	w.day = "2127-02-15"
	_, err = w.types("a", "k1:b", "p-room=yes voice=self")
	wantFault(t, err, fault.Forbidden, "paper.too_late")
	w.day = "2127-02-10"
	_, err = w.Count(t.Context(), analyst(), "early")
	must(t, err)
	_, err = w.types("a", "k1:b", "p-room=yes voice=self")
	wantFault(t, err, fault.Forbidden, "paper.counted")
}

func TestNothingIsCountedWhileSheetsWait(t *testing.T) {
	w := newTown(t, nil)
	w.fills(40)
	var hashes []string
	for i := range 30 {
		hashes = append(hashes, fmt.Sprint("k1:", i))
	}
	w.prints(false, hashes...)
	w.prints(true, "k2:once", "k2:differs")
	for i, hash := range hashes {
		if i < 15 {
			project := []string{"p-trees", "p-room"}[i%2]
			w.becomes("a", hash, project+"=yes voice=helped q-age=12-15", ballot.Counted)
		} else {
			w.becomes("a", hash, "spoilt=empty", ballot.Spoilt)
		}
	}
	w.becomes("a", "k2:once", "p-room=yes voice=self", ballot.Once)
	w.becomes("a", "k2:differs", "p-room=yes voice=self", ballot.Once)
	w.becomes("b", "k2:differs", "p-hall=yes voice=self", ballot.Differs)
	wantFault(t, w.LeaveOut(t.Context(), analyst(), "early"), fault.Forbidden, "result.still_open")
	w.day = "2127-02-01"
	_, err := w.Count(t.Context(), analyst(), "early")
	wantFault(t, err, fault.Conflict, "paper.wait")
	wantFault(t, w.LeaveOut(t.Context(), typist("a"), "early"), fault.Forbidden, "")
	must(t, w.LeaveOut(t.Context(), analyst(), "early"))
	must(t, w.LeaveOut(t.Context(), analyst(), "early"))
	o, err := w.Count(t.Context(), analyst(), "early")
	must(t, err)
	r, err := o.Read()
	must(t, err)
	ways := map[string]int{}
	for _, g := range r.Groups {
		if g.Variable == "channel" {
			ways[g.Category] = g.Voters.N()
		}
	}
	if r.Voters != 55 || ways["paper"] != 15 || ways["web"] != 40 {
		t.Errorf("%d voters, by %v", r.Voters, ways)
	}
	if r.Spoilt == nil || !r.Spoilt.Shown() || r.Spoilt.N() != 15 {
		t.Errorf("spoilt are %v, want 17 rounded", r.Spoilt)
	}
}

// TestASheetThatWasCutShort has a sheet half-way to its ballot, as a crash leaves it: it becomes one ballot.
func TestASheetThatWasCutShort(t *testing.T) {
	w := newTown(t, nil)
	w.prints(false, "k1:a", "k1:b")
	for _, hash := range []string{"k1:a", "k1:b"} {
		_, err := w.store.UpdateSheet(t.Context(), hash, func(sh *ballot.Sheet) error {
			sh.State, sh.Ballot, sh.Typings = ballot.Becoming, strings.Repeat(hash[3:], 32), []ballot.Typing{{By: "a", Marks: w.marks("p-room=yes voice=self")}}
			return nil
		})
		must(t, err)
	}
	sh, err := w.store.Sheet(t.Context(), "k1:a")
	must(t, err)
	for range 2 {
		_, err = w.Become(t.Context(), sh)
		must(t, err)
	}
	if sh, err = w.Sheet(t.Context(), typist("a"), "early", []string{"k1:a"}); err != nil || sh.State != ballot.Counted || sh.Ballot != "" {
		t.Errorf("%+v, %v", sh, err)
	}
	w.day = "2127-02-01"
	o, err := w.Count(t.Context(), analyst(), "early") // finds the other
	must(t, err)
	r, err := o.Read()
	must(t, err)
	if r.Voters != 2 {
		t.Errorf("%d voters", r.Voters)
	}
}

// A sheet that does not say who filled it in counts as any other.
func TestAVoiceThatStandsOnNoSheet(t *testing.T) {
	w := newTown(t, nil)
	for i := range 12 {
		hash := fmt.Sprintf("k1:%02d", i)
		w.prints(false, hash)
		w.becomes("a", hash, "p-room=yes voice=unsaid", ballot.Counted)
	}
	e, err := w.Newest("early")
	must(t, err)
	w.day = e.Closes.Add(1)
	o, err := w.Count(t.Context(), analyst(), "early")
	must(t, err)
	if r, err := o.Read(); err != nil || r.Voters != 12 {
		t.Errorf("%d voters, %v", r.Voters, err)
	}
}

func TestSheetsForASecondWay(t *testing.T) {
	w := newTown(t, func(e *ballot.Exercise) {
		e.For = exercise.Text{"en": "For 12 and older"}
		e.Also = &ballot.Way{Ballot: ballot.UpTo, Most: 1, For: exercise.Text{"en": "For 8 to 11"}}
	})
	wantFault(t, w.MakeSheets(t.Context(), typist("a"), "early", ballot.Set{Language: "en"}, []string{"k1:none"}), fault.Invalid, "answer.choose_one")
	must(t, w.MakeSheets(t.Context(), typist("a"), "early", ballot.Set{Language: "en", Way: ballot.Second}, []string{"k1:few"}))
	must(t, w.MakeSheets(t.Context(), typist("a"), "early", ballot.Set{Language: "en", Way: ballot.First}, []string{"k1:many"}))
	e, err := w.Newest("early")
	must(t, err)
	two := "p-" + e.Projects[0].ID + "=yes p-" + e.Projects[1].ID + "=yes voice=self"
	w.cannot("k1:few", two, "paper.too_many", "p-"+e.Projects[0].ID)
	w.becomes("a", "k1:many", two, ballot.Counted)
	w.becomes("a", "k1:few", "p-"+e.Projects[0].ID+"=yes voice=self", ballot.Counted)
	ways := map[ballot.Which]int{}
	for _, b := range w.ballots() {
		ways[b.Way] += len(b.Wishes)
	}
	if ways[ballot.First] != 2 || ways[ballot.Second] != 1 {
		t.Errorf("wishes by way are %v", ways)
	}
}

// An interim count is not the end: sheets can still be typed in.
func TestPaperAfterAnInterimCount(t *testing.T) {
	w := newTown(t, func(e *ballot.Exercise) { e.Results = ballot.WhileOpen })
	w.fills(20)
	w.prints(false, "k1:a")
	_, err := w.CountEarly(t.Context(), analyst(), "early")
	must(t, err)
	w.becomes("a", "k1:a", "p-room=yes voice=self", ballot.Counted)
}
