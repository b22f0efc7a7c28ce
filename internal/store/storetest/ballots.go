package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
)

func version(id string, n int) ballot.Exercise {
	return ballot.Exercise{ID: id, Version: n, Area: "riverside", Title: exercise.Text{"en": "Money"}, Ballot: ballot.Points, Most: 5,
		For: exercise.Text{"en": "For 12 to 25"}, Also: &ballot.Way{Ballot: ballot.UpTo, Most: 3, Coin: 5000_00, For: exercise.Text{"en": "For 7 to 11"}},
		Amount: 4_000_000_00, Coin: 1000_00, Rule: "mes_cost", Seed: "dice 1 6 3", Opens: "2126-05-01", Closes: "2126-05-31",
		Limits:    []ballot.Limit{{Category: "sport", Most: 2}},
		Projects:  []ballot.Project{{ID: "room", Name: exercise.Text{"en": "A quiet room"}, Cost: 120_000_00, CostFrom: 1, Groups: []string{"8-11"}}},
		Questions: []ballot.Question{{ID: "you", Role: ballot.RolePriority, Options: []ballot.Option{{ID: "none", Alone: true}}}},
		Ideas:     &ballot.Ideas{Survey: "dreams", Question: "idea"}, Results: ballot.WhileOpen,
		Round: "spring", Place: "marsh", VoteIn: ballot.InAny, Only: []string{"marsh", "brook"}}
}

func cast(id string) ballot.Ballot {
	return ballot.Ballot{ID: id, Revision: 1, Area: "riverside", Exercise: "early", Version: 2, Language: "ur", Voice: exercise.Helped, Way: ballot.Second,
		Day: "2126-05-03", Wishes: []ballot.Wish{{Project: "room"}, {Project: "bikes", Points: 3}, {Project: "trees", Points: -1}}}
}

func about(id string) ballot.Background {
	return ballot.Background{ID: id, Revision: 1, Exercise: "early", Answers: []ballot.Answer{{Question: "age", Choices: []string{"8-11"}}, {Question: "you"}}}
}

func counted(number int) ballot.Outcome {
	return ballot.Outcome{Exercise: "early", Number: number, Revision: 1, Area: "riverside", State: ballot.Made, MadeBy: "one",
		MadeOn: "2126-06-01", Result: []byte(`{"voters":12}`), File: bytes.Repeat([]byte{0, 31, 139}, 10_000)}
}

// fillBallots keeps something of everything that budget exercises keep.
func fillBallots(t testing.TB, s Stores) {
	t.Helper()
	for v := 1; v <= 11; v++ {
		must(t, s.PublishExercise(t.Context(), version("early", v)))
	}
	for i := range 300 {
		id := fmt.Sprintf("%x", 7*i)
		must(t, s.CreateBallot(t.Context(), cast(id)))
		must(t, s.CreateBackground(t.Context(), about(id)))
	}
	must(t, s.CreateOutcome(t.Context(), counted(1)))
	must(t, s.CreateOutcome(t.Context(), counted(2)))
	fillCodes(t, s)
	_, err := s.CreateSheets(t.Context(), []ballot.Sheet{printed("k1:b"), printed("k1:a")})
	must(t, err)
}

// loadBallots loads a document of each collection and wants it to be there as it was.
func loadBallots(t *testing.T, s Stores) {
	t.Helper()
	e, b, who, o := version("early", 3), cast("b"), about("b"), counted(4)
	b.Revision, who.Revision, o.Revision, o.State, b.Channel = 5, 6, 7, ballot.Approved, ballot.Paper
	sh := printed("k1:x")
	sh.Revision, sh.State, sh.Typings = 8, ballot.Once, []ballot.Typing{{By: "one", Marks: []ballot.Mark{{Item: "p-room", Value: "yes"}}}}
	for _, err := range []error{load(t, s, "exercises", e), load(t, s, "ballots", b), load(t, s, "ballot_backgrounds", who), load(t, s, "outcomes", o), load(t, s, "sheets", sh)} {
		must(t, err)
	}
	gotExercise, err := s.Exercise(t.Context(), "early", 0)
	must(t, err)
	same(t, gotExercise, e)
	gotBallot, err := s.Ballot(t.Context(), "b")
	must(t, err)
	same(t, gotBallot, b)
	gotAbout, err := s.Background(t.Context(), "b")
	must(t, err)
	same(t, gotAbout, who)
	gotOutcome, err := s.Outcome(t.Context(), "early", 0)
	must(t, err)
	same(t, gotOutcome, o)
	gotSheet, err := s.Sheet(t.Context(), "k1:x")
	must(t, err)
	same(t, gotSheet, sh)
	wantFault(t, load(t, s, "ballots", b), fault.Conflict)
	loadCodes(t, s)
}

var exercises = []promise{
	{"Exercises/versions", func(t *testing.T, s Stores) {
		_, err := s.Exercise(t.Context(), "early", 0)
		wantFault(t, err, fault.NotFound)
		for v := 1; v <= 11; v++ { // 10 comes after 9
			must(t, s.PublishExercise(t.Context(), version("early", v)))
		}
		must(t, s.PublishExercise(t.Context(), version("bikes", 1)))
		wantFault(t, s.PublishExercise(t.Context(), version("early", 11)), fault.Conflict)
		wantFault(t, s.PublishExercise(t.Context(), version("early", 13)), fault.Conflict)
		for v, want := range map[int]int{0: 11, 1: 1, 10: 10} {
			got, err := s.Exercise(t.Context(), "early", v)
			must(t, err)
			same(t, got, version("early", want))
		}
		same(t, collect(t, s.Exercises(t.Context())), []ballot.Exercise{version("bikes", 1), version("early", 11)})
	}},
	{"Exercises/one of many publishers wins", func(t *testing.T, s Stores) {
		oneWins(t, together(16, func(i int) error {
			e := version("early", 1)
			e.Minutes = i
			return s.PublishExercise(t.Context(), e)
		}), fault.Conflict)
	}},
}

var ballots = []promise{
	{"Ballots/create, read and delete", func(t *testing.T, s Stores) {
		_, err := s.Ballot(t.Context(), "one")
		wantFault(t, err, fault.NotFound)
		_, err = s.UpdateBallot(t.Context(), "one", func(*ballot.Ballot) error { t.Error("called"); return nil })
		wantFault(t, err, fault.NotFound)
		must(t, s.CreateBallot(t.Context(), cast("one")))
		wantFault(t, s.CreateBallot(t.Context(), cast("one")), fault.Conflict)
		got, err := s.Ballot(t.Context(), "one")
		must(t, err)
		same(t, got, cast("one"))
		must(t, s.DeleteBallot(t.Context(), "one"))
		must(t, s.DeleteBallot(t.Context(), "one"))
		_, err = s.Ballot(t.Context(), "one")
		wantFault(t, err, fault.NotFound)
	}},
	{"Ballots/an error of change keeps nothing", func(t *testing.T, s Stores) {
		must(t, s.CreateBallot(t.Context(), cast("one")))
		mine := errors.New("mine")
		if _, err := s.UpdateBallot(t.Context(), "one", func(b *ballot.Ballot) error { b.Wishes = nil; return mine }); err != mine {
			t.Errorf("got %v, want the error as it was", err)
		}
		got, err := s.Ballot(t.Context(), "one")
		must(t, err)
		same(t, got, cast("one"))
	}},
	{"Ballots/presses never overwrite each other", func(t *testing.T, s Stores) {
		b := cast("one")
		b.Wishes = nil
		must(t, s.CreateBallot(t.Context(), b))
		for _, err := range together(24, func(i int) error {
			_, err := s.UpdateBallot(t.Context(), "one", func(b *ballot.Ballot) error {
				b.Wishes = append(b.Wishes, ballot.Wish{Project: fmt.Sprint(i)})
				return nil
			})
			return err
		}) {
			must(t, err)
		}
		got, err := s.Ballot(t.Context(), "one")
		must(t, err)
		if len(got.Wishes) != 24 || got.Revision != 25 {
			t.Errorf("%d wishes at revision %d", len(got.Wishes), got.Revision)
		}
	}},
	{"Ballots/scan in order", func(t *testing.T, s Stores) {
		var want []ballot.Ballot
		for i := range 600 { // more than a page of any store
			b := cast(fmt.Sprintf("%04d", (i*7)%600))
			must(t, s.CreateBallot(t.Context(), b))
			want = append(want, cast(fmt.Sprintf("%04d", i)))
		}
		other := cast("other")
		other.Exercise = "late"
		must(t, s.CreateBallot(t.Context(), other))
		same(t, collect(t, s.ScanBallots(t.Context(), "early")), want)
		same(t, collect(t, s.ScanBallots(t.Context(), "none")), []ballot.Ballot{})
		for _, err := range s.ScanBallots(t.Context(), "early") {
			must(t, err)
			break // a caller may stop
		}
		n, err := s.CountBallots(t.Context(), "early")
		if err != nil || n != 600 {
			t.Errorf("counted %d, %v", n, err)
		}
	}},
	{"Backgrounds of ballots", func(t *testing.T, s Stores) {
		_, err := s.Background(t.Context(), "one")
		wantFault(t, err, fault.NotFound)
		for _, id := range []string{"two", "one"} {
			must(t, s.CreateBackground(t.Context(), about(id)))
		}
		wantFault(t, s.CreateBackground(t.Context(), about("one")), fault.Conflict)
		changed, err := s.UpdateBackground(t.Context(), "one", func(b *ballot.Background) error { b.Answers = b.Answers[:1]; return nil })
		must(t, err)
		want := about("one")
		want.Revision, want.Answers = 2, want.Answers[:1]
		same(t, changed, want)
		same(t, collect(t, s.ScanBackgrounds(t.Context(), "early")), []ballot.Background{want, about("two")})
		must(t, s.DeleteBackground(t.Context(), "one"))
		must(t, s.DeleteBackground(t.Context(), "one"))
		_, err = s.Background(t.Context(), "one")
		wantFault(t, err, fault.NotFound)
	}},
}

// told is what became of a project, and what was taken back.
var told = []ballot.Milestone{
	{Number: 1, Project: "room", State: ballot.Begun, Text: "شروع", Lang: "ur", On: "2126-08-01", By: "two", TakenOn: "2126-08-02", TakenBy: "one"},
	{Number: 2, Project: "room", State: ballot.Done, Text: "It is open.", Lang: "en", On: "2126-09-01", By: "two"},
}

var outcomes = []promise{
	{"Outcomes/milestones never overwrite each other", func(t *testing.T, s Stores) {
		must(t, s.CreateOutcome(t.Context(), counted(1)))
		for _, err := range together(16, func(i int) error {
			_, err := s.UpdateOutcome(t.Context(), "early", 1, func(o *ballot.Outcome) error {
				o.Told = append(o.Told, ballot.Milestone{Number: len(o.Told) + 1, Project: "room", State: ballot.Begun, Text: fmt.Sprint(i), On: "2126-08-01"})
				return nil
			})
			return err
		}) {
			must(t, err)
		}
		got, err := s.Outcome(t.Context(), "early", 1)
		must(t, err)
		if len(got.Told) != 16 || got.Told[15].Number != 16 || got.Revision != 17 || !bytes.Equal(got.File, counted(1).File) {
			t.Errorf("%d milestones at revision %d", len(got.Told), got.Revision)
		}
	}},
	{"Outcomes/create, read and change", func(t *testing.T, s Stores) {
		_, err := s.Outcome(t.Context(), "early", 0)
		wantFault(t, err, fault.NotFound)
		for n := 1; n <= 10; n++ {
			must(t, s.CreateOutcome(t.Context(), counted(n)))
		}
		wantFault(t, s.CreateOutcome(t.Context(), counted(2)), fault.Conflict)
		for n, want := range map[int]int{0: 10, 2: 2} {
			got, err := s.Outcome(t.Context(), "early", n)
			must(t, err)
			same(t, got, counted(want))
		}
		changed, err := s.UpdateOutcome(t.Context(), "early", 2, func(o *ballot.Outcome) error {
			o.State, o.Result, o.File = ballot.Approved, nil, []byte("other")
			o.Board = &ballot.Board{Funded: []string{"room"}, Why: "Because.", Lang: "en", On: "2126-07-01"}
			o.Told = told
			return nil
		})
		must(t, err)
		want := counted(2)
		want.Revision, want.State, want.Board, want.Told = 2, ballot.Approved, changed.Board, told
		same(t, changed, want)
		got, err := s.Outcome(t.Context(), "early", 2)
		must(t, err)
		same(t, got, want)
		list, err := s.Outcomes(t.Context(), "early")
		must(t, err)
		want.Result, want.File = nil, nil
		if len(list) != 10 || list[0].Number != 10 {
			t.Fatalf("listed %d, the first %d", len(list), list[0].Number)
		}
		same(t, list[8], want)
	}},
}
