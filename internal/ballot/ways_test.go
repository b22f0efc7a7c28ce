package ballot_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
)

// twoWays has older people fill the purse, and younger ones choose up to two, in coins.
func twoWays(e *ballot.Exercise) {
	e.Ballot, e.For = ballot.Purse, exercise.Text{"en": "For 12 to 25"}
	e.Also = &ballot.Way{Ballot: ballot.UpTo, Most: 2, For: exercise.Text{"en": "For 7 to 11"}, Coin: 500_000}
}

func (w *town) picks(id string, way ballot.Which) (kept, out []ballot.Wish) {
	w.t.Helper()
	b, out, err := w.Choose(w.t.Context(), id, way)
	must(w.t, err)
	if b.Way != way {
		w.t.Errorf("the ballot is filled in by way %d, want %d", b.Way, way)
	}
	return b.Wishes, out
}

func TestPressesAreCheckedByTheWayOfTheBallot(t *testing.T) {
	w := newTown(t, twoWays)
	id := w.begins("self")
	w.picks(id, ballot.Second)
	w.presses(id, ballot.Press{Project: "room", Act: ballot.Add})
	w.presses(id, ballot.Press{Project: "trees", Act: ballot.Add}) // more than the purse holds
	w.refuses(id, ballot.Press{Project: "hall", Act: ballot.Add}, "vote.too_many")

	kept, out := w.picks(id, ballot.First)
	w.wants(kept, wishes("room")...)
	w.wants(out, wishes("trees")...)
	w.refuses(id, ballot.Press{Project: "trees", Act: ballot.Add}, "vote.does_not_fit")
	w.wants(w.presses(id, ballot.Press{Project: "hall", Act: ballot.Add}), wishes("room", "hall")...)

	kept, out = w.picks(id, ballot.Second)
	w.wants(kept, wishes("room", "hall")...)
	w.wants(out)
	_, _, err := w.Choose(t.Context(), id, 3)
	wantFault(t, err, fault.Invalid, "answer.choose_one")
	one := newTown(t, nil)
	_, _, err = one.Choose(t.Context(), one.begins("self"), ballot.First)
	wantFault(t, err, fault.Invalid, "answer.choose_one")
}

func TestThosePressesKeepTheirLimits(t *testing.T) {
	w := newTown(t, func(e *ballot.Exercise) {
		twoWays(e)
		e.Limits = []ballot.Limit{{Category: "out", Most: 1}}
		e.Projects[2].Category, e.Projects[3].Category = "out", "out"
	})
	id := w.begins("self")
	w.picks(id, ballot.Second)
	w.presses(id, ballot.Press{Project: "trees", Act: ballot.Add})
	w.refuses(id, ballot.Press{Project: "bikes", Act: ballot.Add}, "vote.too_many_of_a_kind")
}

// cast are votes for the same projects whichever way they are given.
var cast = [][]string{{"room"}, {"hall", "bikes"}, {"trees", "hall"}, {"trees", "bikes"}, {"hall"}, {"room", "hall"}}

func (w *town) castAll(way func(i int) ballot.Which) (*ballot.Result, ballot.Outcome, string) {
	w.t.Helper()
	for i := range 60 {
		id := w.begins("self")
		if by := way(i); by > 0 {
			w.picks(id, by)
		}
		for _, p := range cast[i%len(cast)] {
			w.presses(id, ballot.Press{Project: p, Act: ballot.Add})
		}
	}
	w.day = "2127-02-01"
	o, err := w.Count(w.t.Context(), people.CommandLine(), "early")
	must(w.t, err)
	r, err := o.Read()
	must(w.t, err)
	var file bytes.Buffer
	must(w.t, o.Unpack(&file))
	return r, o, file.String()
}

func TestTwoWaysCountAsPlainApprovals(t *testing.T) {
	plain, _, file := newTown(t, nil).castAll(func(int) ballot.Which { return 0 })
	both, _, bothFile := newTown(t, twoWays).castAll(func(i int) ballot.Which { return ballot.Which(1 + i%2) })
	same := cmp.Options{cmpopts.IgnoreFields(ballot.Result{}, "Of", "SHA256", "Groups"), cmpopts.IgnoreFields(ballot.Other{}, "Groups"), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(plain, both, same); diff != "" {
		t.Errorf("the same wishes count otherwise:\n%s", diff)
	}
	projects := func(file string) string { return file[strings.Index(file, "PROJECTS"):strings.Index(file, "VOTES")] }
	if projects(file) != projects(bothFile) || strings.Contains(bothFile, "max_") {
		t.Errorf("the published file differs, or bounds ballots by one of the ways:\n%s", bothFile)
	}
	votes := func(file string) []string {
		var out []string
		for _, line := range strings.Split(file[strings.Index(file, "voter_id"):], "\n")[1:] {
			_, wishes, _ := strings.Cut(line, ";")
			out = append(out, wishes)
		}
		slices.Sort(out)
		return out
	}
	if diff := cmp.Diff(votes(file), votes(bothFile)); diff != "" {
		t.Errorf("the published votes differ:\n%s", diff)
	}
}

func TestHowPeopleVotedIsAGroup(t *testing.T) {
	r, _, _ := newTown(t, twoWays).castAll(func(i int) ballot.Which { return ballot.Which(1 + i%2) })
	shown := map[string]int{}
	for _, g := range r.Groups {
		if g.Variable == ballot.ByWay && g.Voters.Shown() {
			shown[g.Category] = g.Voters.N()
		}
	}
	if diff := cmp.Diff(map[string]int{"1": 30, "2": 30}, shown); diff != "" {
		t.Errorf("who voted in which way:\n%s", diff)
	}
	r, _, _ = newTown(t, twoWays).castAll(func(i int) ballot.Which { return ballot.Which(1 + min(1, i/55)) })
	for _, g := range r.Groups {
		if g.Variable == ballot.ByWay && g.Voters.Shown() {
			t.Errorf("of 60 votes 5 came the second way, and way %s is shown", g.Category)
		}
	}
}

func TestWaysAreLocked(t *testing.T) {
	w := newTown(t, twoWays)
	e := written(t)
	twoWays(&e)
	e.Also.For = exercise.Text{"en": "For 7 to 10"}
	_, fresh, err := w.Publish(t.Context(), e)
	must(t, err)
	if !fresh {
		t.Error("other words are no new version")
	}
	for _, change := range []func(*ballot.Exercise){
		func(e *ballot.Exercise) { e.Also = nil },
		func(e *ballot.Exercise) { e.Also.Most = 3 },
		func(e *ballot.Exercise) { e.Also.Coin = 0 },
		func(e *ballot.Exercise) { e.Also.Ballot, e.Also.Most = ballot.Tick, 0 },
	} {
		e := written(t)
		twoWays(&e)
		change(&e)
		_, _, err := w.Publish(t.Context(), e)
		wantFault(t, err, fault.Invalid, "vote.locked")
	}
}

func TestCoinsOfOneWayOnly(t *testing.T) {
	e := written(t)
	twoWays(&e)
	for by, want := range map[ballot.Which]ballot.Money{0: 0, ballot.First: 0, ballot.Second: 500_000} {
		if got := e.By(by).Coin; got != want {
			t.Errorf("by way %d a coin is %d, want %d", by, got, want)
		}
	}
	e.Coin = 500_000
	if got := e.By(0).Coin; got != 500_000 {
		t.Errorf("all count in the same coins, and for everybody a coin is %d", got)
	}
}
