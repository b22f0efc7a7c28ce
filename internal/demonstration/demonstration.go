// Package demonstration invents responses, so that Sayso can be tried out and measured. Nobody said what it makes
// up, and it makes nothing up for areas that are not fictional.
//
// Each response depends on the seed, the survey and its number alone, and on no arithmetic that differs between
// machines (whole numbers only). So the same seed gives the same responses everywhere, and asking for more keeps the
// first ones.
package demonstration

import (
	"iter"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// Generate yields n[survey id] responses to each survey, or its usual number (about 4,000 over those that are
// shipped) where n says nothing, from the day it opens to today. It yields none for a survey that is not open yet or
// whose area is not fictional. Each follows the path of its survey, and has every answer as Question.Read would give
// it. The slices of the answers' choices are shared: do not change them.
func Generate(seed uint64, surveys []survey.Survey, areas exercise.Areas, phrases Phrases, today exercise.Day, n map[string]int) iter.Seq[survey.Response] {
	return func(yield func(survey.Response) bool) {
		for i := range surveys {
			system, ok := areas.System(surveys[i].Area)
			if !ok || !system.Fictional {
				continue
			}
			p := newPlan(&surveys[i], system, phrases, today)
			count, given := n[surveys[i].ID]
			if !given {
				count = p.tendency.responses
			}
			if len(p.days) == 0 {
				continue
			}
			for number := range count {
				if !yield(p.response(seed, number)) {
					return
				}
			}
		}
	}
}
