package ballot_test

import (
	"slices"
	"strings"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/fault"
	"sayso/internal/people"
)

func board() people.Staff { return people.Staff{ID: "b", Role: people.Board} }

// decided is a town whose outcome is public: hall and trees get money by the count.
func decided(t *testing.T) *town {
	t.Helper()
	w := newTown(t, nil)
	w.fills(80)
	w.day = "2127-02-01"
	_, err := w.Count(t.Context(), analyst(), "early")
	must(t, err)
	_, err = w.Approve(t.Context(), analyst(), "early", 1)
	must(t, err)
	return w
}

func told(project string, state ballot.Progress, text string) ballot.Milestone {
	return ballot.Milestone{Project: project, State: state, Text: text, Lang: "en"}
}

func TestMilestonesAreToldAndTakenBack(t *testing.T) {
	w, ctx := decided(t), t.Context()
	p, err := w.Public(ctx, "early")
	must(t, err)
	first := p.Funded()[0]
	_, err = w.Tell(ctx, board(), "early", 1, told(first, ballot.NotBegun, " We look for a builder. "))
	must(t, err)
	w.day = "2127-04-01"
	for range 2 { // sent twice, it is kept once
		_, err = w.Tell(ctx, board(), "early", 1, told(first, ballot.Begun, "The builder is there."))
		must(t, err)
	}
	_, err = w.Tell(ctx, board(), "early", 1, told(first, ballot.Done, "It is open."))
	must(t, err)
	for range 2 {
		_, err = w.TakeToldBack(ctx, analyst(), "early", 1, 3)
		must(t, err)
	}
	p, err = w.Public(ctx, "early")
	must(t, err)
	got := p.ToldOf(first)
	if len(p.Told) != 3 || len(got) != 2 || got[0].Text != "The builder is there." || got[0].On != "2127-04-01" || got[1].Text != "We look for a builder." {
		t.Errorf("told is %+v", got)
	}
	if last := p.Told[2]; last.TakenOn != "2127-04-01" || last.TakenBy != "a" || last.Text != "It is open." {
		t.Errorf("what was taken back is kept as %+v", last)
	}
	var acts []string
	for e, err := range w.store.Entries(ctx, 1) {
		must(t, err)
		acts = append(acts, e.Act)
	}
	want := []string{people.ActVotesCounted, people.ActOutcomeApproved, people.ActMilestoneTold, people.ActMilestoneTold, people.ActMilestoneTold, people.ActMilestoneTakenBack}
	if !slices.Equal(acts, want) {
		t.Errorf("the log has %v", acts)
	}
}

func TestMilestonesAreRefused(t *testing.T) {
	w, ctx := decided(t), t.Context()
	for key, m := range map[string]ballot.Milestone{
		"told.choose_state":    told("hall", "soon", "x"),
		"told.say_something":   told("hall", ballot.Begun, " \n"),
		"answer.too_long":      told("hall", ballot.Begun, strings.Repeat("é", 2001)),
		"answer.choose_listed": told("moon", ballot.Begun, "x"),
	} {
		_, err := w.Tell(ctx, board(), "early", 1, m)
		wantFault(t, err, fault.Invalid, key)
	}
	_, err := w.Tell(ctx, people.Staff{ID: "c", Role: people.Author}, "early", 1, told("hall", ballot.Begun, "x"))
	wantFault(t, err, fault.Forbidden, "")
	_, err = w.TakeToldBack(ctx, people.Staff{ID: "c", Role: people.Author}, "early", 1, 1)
	wantFault(t, err, fault.Forbidden, "")
	_, err = w.TakeToldBack(ctx, board(), "early", 1, 1)
	wantFault(t, err, fault.NotFound, "told.not_found")
	early := newTown(t, nil)
	early.fills(20)
	early.day = "2127-02-01"
	_, err = early.Count(ctx, analyst(), "early")
	must(t, err)
	_, err = early.Tell(ctx, board(), "early", 1, told("hall", ballot.Begun, "x"))
	wantFault(t, err, fault.Conflict, "result.not_public")
}

// What the board funds besides the count can be told of, and what it left out as well.
func TestMilestonesFollowTheBoard(t *testing.T) {
	w, ctx := decided(t), t.Context()
	p, err := w.Public(ctx, "early")
	must(t, err)
	counted := p.Funded()[0]
	other := slices.IndexFunc(p.Found.Projects, func(v ballot.Verdict) bool { return !v.Funded })
	added := p.Found.Projects[other].Project
	_, err = w.Tell(ctx, board(), "early", 1, told(added, ballot.Begun, "x"))
	wantFault(t, err, fault.Invalid, "answer.choose_listed")
	_, err = w.Decide(ctx, board(), "early", 1, []string{added}, "Because.", "en")
	must(t, err)
	for _, id := range []string{added, counted} {
		_, err = w.Tell(ctx, board(), "early", 1, told(id, ballot.Stopped, "x"))
		must(t, err)
	}
	if p, err = w.Public(ctx, "early"); err != nil || !slices.Equal(p.Funded(), []string{added}) {
		t.Errorf("funded are %v, %v", p.Funded(), err)
	}
}
