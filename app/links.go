package main

import (
	"context"
	"fmt"
	"slices"

	"sayso/internal/archive"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// published are the surveys that are published, by their ids.
func (h *house) published() map[string]*survey.Survey {
	out := map[string]*survey.Survey{}
	if h.surveys != nil {
		for _, sv := range h.surveys.All() {
			out[sv.ID] = sv
		}
	}
	return out
}

// ideaIn says, in a sentence for authors, why an exercise cannot take its ideas from a question of a survey; of a survey
// that is not among these it says nothing.
func (h *house) ideaIn(surveys map[string]*survey.Survey) func(survey, question, area string) string {
	return func(id, question, area string) string {
		sv := surveys[id]
		if sv == nil {
			return ""
		}
		return wrongIdea(sv, question, area, h.areas)
	}
}

func wrongIdea(sv *survey.Survey, question, area string, areas exercise.Areas) string {
	q, _, ok := sv.Question(question)
	switch {
	case !areas.Within(area, sv.Area) && !areas.Within(sv.Area, area):
		return fmt.Sprintf("The survey %s asks people of %s, not of %s. Take ideas from a survey of the same area.", sv.ID, sv.Area, area)
	case !ok:
		return fmt.Sprintf("The survey %s has no question called %q.", sv.ID, question)
	case q.Kind != survey.Text && q.Kind != survey.LongText:
		return fmt.Sprintf("The question %q of the survey %s is not answered in words. Take ideas from one of the kind text or long_text.", question, sv.ID)
	}
	return ""
}

func (h *house) sameSystem(a, b string) bool { return sameSystem(h.areas)(a, b) }

func sameSystem(areas exercise.Areas) func(a, b string) bool {
	return func(a, b string) bool {
		x, _ := areas.System(a)
		y, _ := areas.System(b)
		return x.ID == y.ID
	}
}

// checkRounds holds the exercises of the files against each other, and against those of their rounds that are published
// and stay as they are.
func (h *house) checkRounds(budgets []budgetFile) error {
	var stay []*ballot.Exercise
	if h.ballots != nil {
		stay = slices.DeleteFunc(slices.Clone(h.ballots.All()), func(e *ballot.Exercise) bool {
			return slices.ContainsFunc(budgets, func(f budgetFile) bool { return f.exercise.ID == e.ID })
		})
	}
	for i := range budgets {
		e := &budgets[i].exercise
		for _, other := range stay {
			if clash := e.Clash(other, h.sameSystem); clash != "" {
				return fmt.Errorf("%s: %s", budgets[i].path, clash)
			}
		}
		stay = append(stay, e)
	}
	return nil
}

// links looks whether the surveys are there that budget exercises name, and whether rounds have one rule.
func (d *doctor) links(ctx context.Context) (troubles []trouble, err error) {
	surveys, budgets := map[string]*survey.Survey{}, map[string]*ballot.Exercise{}
	err = d.store.View(ctx, func(v archive.View) error {
		for sv, err := range typed[survey.Survey](v, "surveys") {
			if err != nil {
				return err
			}
			if old := surveys[sv.ID]; old == nil || old.Version < sv.Version {
				surveys[sv.ID] = &sv
			}
		}
		for e, err := range typed[ballot.Exercise](v, "exercises") {
			if err != nil {
				return err
			}
			if old := budgets[e.ID]; old == nil || old.Version < e.Version {
				budgets[e.ID] = &e
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d.looseEnds(surveys, budgets), nil
}

func (d *doctor) looseEnds(surveys map[string]*survey.Survey, budgets map[string]*ballot.Exercise) (troubles []trouble) {
	var before []*ballot.Exercise
	for _, e := range sortedByID(budgets) {
		if i := e.Ideas; i != nil {
			sv := surveys[i.Survey]
			if sv == nil {
				troubles = append(troubles, trouble{text: fmt.Sprintf("the budget exercise %s takes its ideas from the survey %s, which is not there: publish it, or name another before the vote opens", e.ID, i.Survey)})
			} else if wrong := wrongIdea(sv, i.Question, e.Area, d.areas); wrong != "" {
				troubles = append(troubles, trouble{text: fmt.Sprintf("the budget exercise %s: %s", e.ID, wrong[:len(wrong)-1])})
			}
		}
		for _, other := range before {
			if clash := e.Clash(other, sameSystem(d.areas)); clash != "" {
				troubles = append(troubles, trouble{text: clash[:len(clash)-1]})
			}
		}
		before = append(before, e)
	}
	return troubles
}

func sortedByID(budgets map[string]*ballot.Exercise) []*ballot.Exercise {
	var ids []string
	for id := range budgets {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	out := make([]*ballot.Exercise, len(ids))
	for i, id := range ids {
		out[i] = budgets[id]
	}
	return out
}
