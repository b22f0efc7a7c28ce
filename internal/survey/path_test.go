package survey_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sayso/internal/exercise"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

// branching makes surveys whose questions look back at one another.
var branching = rapid.Custom(func(t *rapid.T) survey.Survey {
	sv := survey.Survey{ID: "walk", Area: "vale", Opens: "2126-05-01", Closes: "2126-05-31", Voices: exercise.Voices}
	kinds := []survey.Kind{survey.Choice, survey.Several, survey.Faces, survey.Number, survey.Text, survey.Info, survey.Consent}
	for i := range rapid.IntRange(1, 12).Draw(t, "questions") {
		q := survey.Question{ID: fmt.Sprint("q", i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), About: i > 8, Ask: words("?")}
		if q.Kind == survey.Choice || q.Kind == survey.Several {
			q.Options = []survey.Option{{ID: "a"}, {ID: "b"}, {ID: "c"}}
		}
		if rapid.Bool().Draw(t, "shown if") {
			q.ShowIf = someCondition(t, sv.Questions)
		}
		if rapid.IntRange(0, 3).Draw(t, "skipped if") == 0 {
			q.SkipIf = someCondition(t, sv.Questions)
		}
		sv.Questions = append(sv.Questions, q)
	}
	return sv
})

// someCondition looks at one of the questions or, where there is none, at who speaks.
func someCondition(t *rapid.T, earlier []survey.Question) *survey.Condition {
	if len(earlier) == 0 || rapid.IntRange(0, 5).Draw(t, "looks at the voice") == 0 {
		return &survey.Condition{Voice: rapid.SliceOfNDistinct(rapid.SampledFrom(exercise.Voices), 1, 3, rapid.ID).Draw(t, "voices")}
	}
	q := rapid.SampledFrom(earlier).Draw(t, "looks at")
	c := &survey.Condition{Question: q.ID}
	if ids := q.OptionIDs(); ids != nil && rapid.Bool().Draw(t, "by option") {
		c.AnyOf = rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, 2, rapid.ID).Draw(t, "any of")
	} else if q.Kind == survey.Number && rapid.Bool().Draw(t, "by number") {
		c.AtLeast = rapid.Ptr(rapid.Int64Range(0, 5), false).Draw(t, "at least")
	} else {
		c.Answered = rapid.Ptr(rapid.Bool(), false).Draw(t, "answered")
	}
	return c
}

// someInput is something that can be said to the question, or nothing.
func someInput(t *rapid.T, q *survey.Question) survey.Input {
	if rapid.IntRange(0, 4).Draw(t, "passes") == 0 {
		return survey.Input{}
	}
	if ids := q.OptionIDs(); ids != nil {
		return survey.Input{Choices: []string{rapid.SampledFrom(ids).Draw(t, "choice")}}
	}
	return survey.Input{Words: fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "number"))}
}

// meets says, from the words of the type alone, whether a condition holds for what was said on the path so far.
func meets(c *survey.Condition, voice exercise.Voice, said map[string]survey.Answer) bool {
	if len(c.Voice) > 0 {
		return slices.Contains(c.Voice, voice)
	}
	a, ok := said[c.Question]
	given := ok && a.Skip == ""
	if c.Answered != nil {
		return given == *c.Answered
	}
	if c.AtLeast != nil {
		return given && *a.Number >= *c.AtLeast
	}
	return given && slices.ContainsFunc(a.Choices, func(id string) bool { return slices.Contains(c.AnyOf, id) })
}

// checkPath checks that the path holds exactly the questions whose conditions hold along it.
func checkPath(t *rapid.T, sv *survey.Survey, d *survey.Draft) (onPath map[string]bool) {
	path := sv.PathOf(d)
	onPath, said := map[string]bool{}, map[string]survey.Answer{}
	for _, q := range path {
		onPath[q.ID] = true
	}
	for i := range sv.Questions {
		q := &sv.Questions[i]
		want := (q.ShowIf == nil || meets(q.ShowIf, d.Voice, said)) && (q.SkipIf == nil || !meets(q.SkipIf, d.Voice, said))
		if onPath[q.ID] != want {
			t.Fatalf("%s is on the path: %v, want %v; said %+v", q.ID, onPath[q.ID], want, d.Answers)
		}
		if a, ok := d.Answer(q.ID); ok && want {
			said[q.ID] = a
		}
	}
	return onPath
}

// checkSteps checks that nobody sees a number go down, or above the total.
func checkSteps(t *rapid.T, sv *survey.Survey, d *survey.Draft) {
	last := survey.Step{}
	for _, q := range sv.PathOf(d) {
		_, at, _ := sv.Question(q.ID)
		st := sv.Step(at)
		counted := !st.FollowUp && q.Kind != survey.Info
		if st.Number < last.Number || st.Number > st.Total || counted && st.Number != last.Number+1 && last.Number > 0 || last.Total > 0 && st.Total != last.Total {
			t.Fatalf("%s is step %+v after %+v", q.ID, st, last)
		}
		last = st
	}
}

func TestRandomWalks(t *testing.T) {
	db, err := sqlite.OpenTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	turn := 0
	rapid.Check(t, func(t *rapid.T) {
		turn++
		sv := branching.Draw(t, "survey")
		sv.ID = fmt.Sprint("walk-", turn)
		s := survey.NewService(db, func() time.Time { return time.Date(2126, 5, 10, 0, 0, 0, 0, time.UTC) })
		walk(t, s, db, sv)
	})
}

// walk answers questions on and off the path, going back at times, and sends what was said.
func walk(t *rapid.T, s *survey.Service, store survey.Store, sv survey.Survey) {
	ctx := context.Background()
	if _, _, err := s.Publish(ctx, sv); err != nil {
		t.Fatal(err)
	}
	d, err := s.Begin(ctx, sv.ID, rapid.SampledFrom(exercise.Voices).Draw(t, "voice"), "en", sv.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(0, 12).Draw(t, "pages") {
		q := &sv.Questions[rapid.IntRange(0, len(sv.Questions)-1).Draw(t, "question")]
		if d, err = s.Save(ctx, d.ID, q.ID, "en", someInput(t, q)); err != nil {
			t.Fatal(err)
		}
		checkPath(t, &sv, &d)
		checkSteps(t, &sv, &d)
	}
	onPath := checkPath(t, &sv, &d)
	ref, err := s.Submit(ctx, d.ID)
	if err != nil {
		t.Fatal(err)
	}
	r, err := store.Response(ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sv.Questions {
		q := &sv.Questions[i]
		said, answered := d.Answer(q.ID)
		sent, there := r.Answer(q.ID)
		if there != (answered && onPath[q.ID]) || there && fmt.Sprintf("%+v", sent.Choices) != fmt.Sprintf("%+v", said.Choices) {
			t.Fatalf("%s: said %+v, on the path: %v, sent %+v", q.ID, said, onPath[q.ID], sent)
		}
		if inAbout := slices.ContainsFunc(r.About, func(a survey.Answer) bool { return a.Question == q.ID }); there && inAbout != q.About {
			t.Fatalf("%s is among those about the person: %v", q.ID, inAbout)
		}
	}
}
