package report

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

// folding adds up the log of a survey. Stretches that were added up before and did not change since are taken from
// what was kept; the others are read, as many side by side as there are processors, and kept for the next time.
//
// Only days that are over are kept: a fold of today would tell, by its difference to the log, who came before a report
// was made and who after, and no time finer than the day is to be found here.
type folding struct {
	*plan
	responses survey.Responses
	folds     Folds // nil: nothing is kept
	today     exercise.Day
	program   string

	mu  sync.Mutex
	sum *tally
}

func (f *folding) fold(ctx context.Context) (*tally, error) {
	f.sum = newTally(f.plan)
	name, err := f.name()
	if err != nil {
		return nil, err
	}
	fresh, err := f.recall(ctx, name)
	if err != nil {
		return nil, err
	}
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, s := range fresh {
		group.Go(func() error { return f.read(within, name, s) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := f.tidy(ctx, name); err != nil {
		return nil, err
	}
	return f.sum, f.hear(ctx)
}

// name tells what folds are counted by: the questions as they were asked, the codebook, and the program, since
// another one may count in another way.
func (f *folding) name() (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %d %d\n", f.program, f.rows, f.columns)
	for _, part := range []any{f.versions, f.book} {
		if err := json.NewEncoder(sum).Encode(part); err != nil {
			return "", fmt.Errorf("name the plan: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// areas are those to which the survey has belonged.
func (f *folding) areas() []string {
	var areas []string
	for i := range f.versions {
		if !slices.Contains(areas, f.versions[i].Area) {
			areas = append(areas, f.versions[i].Area)
		}
	}
	return areas
}

// recall adds up what was kept and returns the stretches that must be read.
func (f *folding) recall(ctx context.Context, name string) (fresh []survey.Stretch, err error) {
	for _, area := range f.areas() {
		stretches, err := f.stretches(ctx, area)
		if err != nil {
			return nil, err
		}
		err = f.each(ctx, area, func(kept Fold) {
			if kept.Plan != name || !stretches[kept.Stretch] {
				return
			}
			if t, err := decodeTally(f.plan, kept); err == nil { // else the log is read
				f.sum.merge(t)
				delete(stretches, kept.Stretch)
			}
		})
		if err != nil {
			return nil, err
		}
		fresh = slices.AppendSeq(fresh, maps.Keys(stretches))
	}
	slices.SortFunc(fresh, func(a, b survey.Stretch) int { return cmp.Compare(b.Received, a.Received) }) // the longest first
	return fresh, nil
}

func (f *folding) stretches(ctx context.Context, area string) (map[survey.Stretch]bool, error) {
	list, err := f.responses.Stretches(ctx, area, f.newest.ID)
	if err != nil {
		return nil, fmt.Errorf("look what is in the log: %w", err)
	}
	set := make(map[survey.Stretch]bool, len(list))
	for _, s := range list {
		set[s] = true
	}
	return set, nil
}

// each shows the folds that are kept of the area.
func (f *folding) each(ctx context.Context, area string, see func(Fold)) error {
	if f.folds == nil {
		return nil
	}
	for kept, err := range f.folds.Folds(ctx, area, f.newest.ID) {
		if err != nil {
			return fmt.Errorf("read what was folded: %w", err)
		}
		see(kept)
	}
	return nil
}

// read adds up one stretch of the log.
func (f *folding) read(ctx context.Context, name string, s survey.Stretch) error {
	t, err := f.foldRange(ctx, f.responses, s.Range)
	if err != nil {
		return err
	}
	if f.folds != nil && s.From.Day < f.today {
		kept := Fold{Stretch: s, Plan: name, Body: encodeTally(f.plan, t)}
		if err := f.folds.KeepFolds(ctx, kept); err != nil {
			return fmt.Errorf("keep what was folded: %w", err)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sum.merge(t)
	return nil
}

// tidy forgets folds that the log has left behind: whoever takes their words back while a fold is made forgets the one
// before it, and the new one is found here.
func (f *folding) tidy(ctx context.Context, name string) error {
	for _, area := range f.areas() {
		stretches, err := f.stretches(ctx, area)
		if err != nil {
			return err
		}
		var stale []Fold
		err = f.each(ctx, area, func(kept Fold) {
			if kept.Plan != name || !stretches[kept.Stretch] {
				stale = append(stale, Fold{Stretch: kept.Stretch})
			}
		})
		if err != nil {
			return err
		}
		if len(stale) == 0 {
			continue
		}
		if err := f.folds.DropFolds(ctx, stale...); err != nil {
			return fmt.Errorf("forget what was folded: %w", err)
		}
	}
	return nil
}

func (p *plan) foldRange(ctx context.Context, responses survey.Responses, r survey.Range) (*tally, error) {
	c := newCounter(p)
	for response, err := range responses.Scan(ctx, r) {
		if err != nil {
			return nil, fmt.Errorf("read the log: %w", err)
		}
		c.count(response)
	}
	return c.tally, nil
}

// hear fetches the words of those who may be quoted, which no fold holds. Words that were taken or held back meanwhile
// are not quoted.
func (f *folding) hear(ctx context.Context) error {
	heard := map[survey.Ref]*survey.Response{}
	for _, reservoir := range f.sum.words {
		for _, c := range reservoir {
			if c.text == "" {
				heard[c.from] = &survey.Response{Ref: c.from, Withdrawn: true}
			}
		}
	}
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(4 * runtime.GOMAXPROCS(0))
	for _, to := range heard {
		group.Go(func() error {
			r, err := f.responses.Response(within, to.Ref)
			if err == nil {
				*to = r
			}
			if err != nil && !fault.Is(err, fault.NotFound) {
				return fmt.Errorf("read words to quote: %w", err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	f.put(heard)
	return nil
}

// put gives each candidate without words its words.
func (f *folding) put(heard map[survey.Ref]*survey.Response) {
	c := newCounter(f.plan)
	for theme := range f.sum.words {
		for i := range f.sum.words[theme] {
			q := &f.sum.words[theme][i]
			if q.text != "" {
				continue
			}
			r := heard[q.from]
			c.place(r)
			a, _ := r.Answer(q.question)
			*q = c.candidate(q.hash, r, q.question, a.Words) // without words if they were taken back
			if r.Held != "" {
				q.text = ""
			}
		}
		f.sum.words[theme] = slices.DeleteFunc(f.sum.words[theme], func(c candidate) bool { return c.text == "" })
	}
}
