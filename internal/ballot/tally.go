package ballot

import (
	"cmp"
	"context"
	"fmt"
	"iter"

	"sayso/internal/budget"
	"sayso/internal/exercise"
)

// tally is the ballots of an exercise as they are counted, and beside them who cast each.
type tally struct {
	e        *Exercise
	election *budget.Election
	voices   []exercise.Voice // beside election.Ballots
	channels []Channel        // beside election.Ballots
	ways     []Which          // beside election.Ballots
	abouts   [][]Answer       // beside election.Ballots
	spoilt   int              // ballots that cannot be counted
}

// read streams the ballots that wish for something, in the order of their random ids.
func (s *Service) read(ctx context.Context, e *Exercise) (*tally, error) {
	t := &tally{e: e, election: e.Election()}
	place := make(map[string]int, len(e.Projects))
	for i, p := range e.Projects {
		place[p.ID] = i
	}
	next, stop := iter.Pull2(s.store.ScanBackgrounds(ctx, e.ID))
	defer stop()
	about, err, more := next()
	for b, berr := range s.store.ScanBallots(ctx, e.ID) {
		if berr != nil {
			return nil, fmt.Errorf("read the ballots of %s: %w", e.ID, berr)
		}
		for more && err == nil && about.ID < b.ID {
			about, err, more = next()
		}
		if err != nil {
			return nil, fmt.Errorf("read the backgrounds of %s: %w", e.ID, err)
		}
		var answers []Answer
		if more && about.ID == b.ID {
			answers = about.Answers
		}
		t.add(&b, place, answers)
	}
	return t, nil
}

func (t *tally) add(b *Ballot, place map[string]int, answers []Answer) {
	if b.Empty() {
		return
	}
	way := max(b.Way, First) // who never chose, voted by the first
	if t.e.By(way).Check(b) != nil {
		t.spoilt++ // it was kept when less was asked of it; one ballot holds up no count
		return
	}
	var counted budget.Ballot
	for _, w := range b.Wishes {
		at, ok := place[w.Project]
		if !ok || !w.Counts() {
			continue
		}
		counted.Wishes = append(counted.Wishes, at)
		if t.e.Ballot == Points {
			counted.Points = append(counted.Points, int64(w.Points))
		}
	}
	t.election.Ballots = append(t.election.Ballots, counted)
	t.voices = append(t.voices, b.Voice)
	t.channels = append(t.channels, cmp.Or(b.Channel, Web))
	t.ways = append(t.ways, way)
	t.abouts = append(t.abouts, answers)
}
