package survey

import (
	"slices"

	"sayso/internal/exercise"
)

// Path returns the questions the person meets, in order. A condition sees only answers to questions that are
// themselves on the path, so that changing an early answer takes its whole branch away.
func (s *Survey) Path(voice exercise.Voice, answer func(question string) (Answer, bool)) []*Question {
	var path []*Question
	met := map[string]bool{}
	look := func(id string) (Answer, bool) {
		if !met[id] {
			return Answer{}, false
		}
		return answer(id)
	}
	for i := range s.Questions {
		q := &s.Questions[i]
		if (q.ShowIf == nil || q.ShowIf.holds(voice, look)) && (q.SkipIf == nil || !q.SkipIf.holds(voice, look)) {
			path = append(path, q)
			met[q.ID] = true
		}
	}
	return path
}

// PathOf returns the questions the person of the draft meets.
func (s *Survey) PathOf(d *Draft) []*Question { return s.Path(d.Voice, d.Answer) }

func (c *Condition) holds(voice exercise.Voice, answer func(string) (Answer, bool)) bool {
	if len(c.Voice) > 0 {
		return slices.Contains(c.Voice, voice)
	}
	a, met := answer(c.Question)
	given := met && a.Given()
	switch {
	case c.Answered != nil:
		return given == *c.Answered
	case !given:
		return false
	case c.AtLeast != nil || c.AtMost != nil:
		return a.Number != nil && (c.AtLeast == nil || *a.Number >= *c.AtLeast) && (c.AtMost == nil || *a.Number <= *c.AtMost)
	}
	return slices.ContainsFunc(c.AnyOf, func(o string) bool { return slices.Contains(a.Choices, o) })
}

// Step says where a question stands among those everybody meets. Questions that depend on an answer have no number
// of their own: they follow up the one before. Pages to read are not counted.
type Step struct {
	Number   int // 1, 2, …; 0 before the first counted question
	Total    int
	FollowUp bool
}

// Step returns the place of the question at position at. It depends on the survey alone, so that the page is the
// same for everyone.
func (s *Survey) Step(at int) Step {
	var st Step
	for i, q := range s.Questions {
		main := q.Kind != Info && q.ShowIf == nil && q.SkipIf == nil
		if main {
			st.Total++
		}
		if i <= at && main {
			st.Number++
		}
		if i == at {
			st.FollowUp = !main && q.Kind != Info
		}
	}
	return st
}
