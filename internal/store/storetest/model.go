package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

var models = []promise{
	{"Model/log", func(t *testing.T, s Stores) {
		var turn atomic.Int64
		rapid.Check(t, func(r *rapid.T) {
			m := &log{s: s, area: fmt.Sprint("area", turn.Add(1)), kept: map[survey.Ref]survey.Response{},
				seen: map[survey.Stretch][]survey.Response{}}
			walk(r, m.check, m.append, m.withdraw)
		})
	}},
	{"Model/drafts", func(t *testing.T, s Stores) {
		var turn atomic.Int64
		rapid.Check(t, func(r *rapid.T) {
			m := &desk{s: s, prefix: fmt.Sprint("turn", turn.Add(1)), kept: map[string]survey.Draft{}}
			defer m.clear()
			walk(r, m.check, m.create, m.update, m.delete, m.expire)
		})
	}},
}

// walk takes up to twelve of the steps in any order, and checks after each.
func walk(r *rapid.T, check func(*rapid.T), steps ...func(*rapid.T)) {
	for range rapid.IntRange(1, 12).Draw(r, "steps") {
		steps[rapid.IntRange(0, len(steps)-1).Draw(r, "step")](r)
		check(r)
	}
}

var (
	someID  = rapid.StringMatching(`[abcAé]{0,2}`)
	someDay = rapid.Map(rapid.IntRange(1, 12), func(n int) exercise.Day { return exercise.Day(fmt.Sprintf("2126-05-%02d", n)) })
)

// someAnswers are answers of any form, questions and texts of any letters.
var someAnswers = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) survey.Answer {
	a := survey.Answer{Question: rapid.String().Draw(t, "question")}
	switch rapid.IntRange(0, 3).Draw(t, "form") {
	case 0:
		a.Choices = rapid.SliceOfN(rapid.String(), 1, 3).Draw(t, "choices")
	case 1:
		a.Words = rapid.String().Draw(t, "words")
	case 2:
		a.Number = rapid.Ptr(rapid.Int64(), false).Draw(t, "number")
	case 3:
		a.Skip = rapid.SampledFrom([]survey.Skip{survey.Passed, survey.Unknown, survey.Withheld}).Draw(t, "skip")
	}
	return a
}), 0, 4)

// log is what the log of one survey should hold.
type log struct {
	s    Stores
	area string
	kept map[survey.Ref]survey.Response
	seen map[survey.Stretch][]survey.Response // what each stretch held
}

func (m *log) append(t *rapid.T) {
	rs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) survey.Response {
		return survey.Response{
			Ref:     survey.Ref{Area: m.area, Survey: "worries", Day: someDay.Draw(t, "day"), ID: someID.Draw(t, "id")},
			Version: rapid.IntRange(1, 9).Draw(t, "version"), Language: rapid.String().Draw(t, "language"),
			Voice: rapid.SampledFrom(exercise.Voices).Draw(t, "voice"), Channel: survey.Imported,
			Answers: someAnswers.Draw(t, "answers"), About: someAnswers.Draw(t, "about"),
		}
	}), 0, 5).Draw(t, "responses")
	added, err := m.s.Append(context.Background(), rs...)
	must(t, err)
	before := len(m.kept)
	for _, r := range rs {
		if _, there := m.kept[r.Ref]; !there {
			m.kept[r.Ref] = r
		}
	}
	if added != len(m.kept)-before {
		t.Fatalf("%d were new, want %d", added, len(m.kept)-before)
	}
}

func (m *log) withdraw(t *rapid.T) {
	ref := survey.Ref{Area: m.area, Survey: "worries", Day: someDay.Draw(t, "day"), ID: someID.Draw(t, "id")}
	err := m.s.Withdraw(context.Background(), ref)
	r, there := m.kept[ref]
	if !there {
		wantFault(t, err, fault.NotFound)
		return
	}
	must(t, err)
	r.Withdrawn, r.Answers, r.About = true, nil, nil
	m.kept[ref] = r
}

func (m *log) check(t *rapid.T) {
	ctx := context.Background()
	want := m.sorted()
	n, err := m.s.CountResponses(ctx, m.area, "worries")
	must(t, err)
	same(t, n, len(want))
	stretches, err := m.s.Stretches(ctx, m.area, "worries")
	must(t, err)
	var read []survey.Response
	for _, one := range stretches {
		before := len(read)
		for response, err := range m.s.Scan(ctx, one.Range) {
			must(t, err)
			read = append(read, deep(*response))
		}
		m.recognise(t, one, read[before:])
	}
	same(t, read, want)
	for _, r := range want {
		one, err := m.s.Response(ctx, r.Ref)
		must(t, err)
		same(t, one, r)
		break
	}
	if t.Failed() {
		t.FailNow()
	}
}

// recognise checks that a stretch which looks as one did before holds what that one held.
func (m *log) recognise(t *rapid.T, s survey.Stretch, holds []survey.Response) {
	same(t, s.Received, len(holds))
	if before, ok := m.seen[s]; ok {
		same(t, holds, before)
	}
	m.seen[s] = holds
}

func (m *log) sorted() (out []survey.Response) {
	for _, r := range m.kept {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b survey.Response) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// desk is what drafts there should be.
type desk struct {
	s      Stores
	prefix string
	kept   map[string]survey.Draft
}

func (m *desk) id(t *rapid.T) string { return m.prefix + someID.Draw(t, "id") }

func (m *desk) create(t *rapid.T) {
	d := survey.Draft{ID: m.id(t), LastPage: someDay.Draw(t, "day"), Answers: someAnswers.Draw(t, "answers")}
	err := m.s.CreateDraft(context.Background(), d)
	if _, there := m.kept[d.ID]; there {
		wantFault(t, err, fault.Conflict)
		return
	}
	must(t, err)
	d.Revision = 1
	m.kept[d.ID] = d
}

func (m *desk) update(t *rapid.T) {
	id, day, answers := m.id(t), someDay.Draw(t, "day"), someAnswers.Draw(t, "answers")
	d, err := m.s.UpdateDraft(context.Background(), id, func(d *survey.Draft) error {
		d.LastPage, d.Answers = day, answers
		return nil
	})
	want, there := m.kept[id]
	if !there {
		wantFault(t, err, fault.NotFound)
		return
	}
	must(t, err)
	want.Revision++
	want.LastPage, want.Answers = day, answers
	m.kept[id] = want
	same(t, d, want)
}

func (m *desk) delete(t *rapid.T) {
	id := m.id(t)
	must(t, m.s.DeleteDraft(context.Background(), id))
	delete(m.kept, id)
}

func (m *desk) expire(t *rapid.T) {
	before := someDay.Draw(t, "before")
	n, err := m.s.ExpireDrafts(context.Background(), before)
	must(t, err)
	for id, d := range m.kept {
		if d.LastPage < before {
			delete(m.kept, id)
			n--
		}
	}
	same(t, n, 0)
}

func (m *desk) check(t *rapid.T) {
	for id, want := range m.kept {
		d, err := m.s.Draft(context.Background(), id)
		must(t, err)
		same(t, d, want)
	}
	if t.Failed() {
		t.FailNow()
	}
}

// clear leaves nothing for the next turn.
func (m *desk) clear() {
	for id := range m.kept {
		_ = m.s.DeleteDraft(context.Background(), id)
	}
}
