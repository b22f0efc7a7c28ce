package survey

import (
	"sayso/internal/authoring"
	"sayso/internal/exercise"
)

// Problem is something in a survey file that its author must mend: where, and what to do.
type Problem = authoring.Problem

// Known is what a survey file may name that stands elsewhere.
type Known struct {
	Areas    exercise.Areas
	Picture  func(id string) bool
	Codebook func(id string) bool
	Language func(tag string) bool
}

// ReadFile reads a survey written in YAML, of at most 1 MiB, and fills in the places of its area. It returns what is
// wrong with it, in the order of the lines: slips in the form first, and what the survey lacks once there are none. A
// survey with problems must not be published.
func ReadFile(data []byte, known Known) (Survey, []Problem) {
	var s Survey
	c, problems := authoring.Read(data, "survey", authoring.Known{Areas: known.Areas, Picture: known.Picture, Language: known.Language}, &s)
	if len(problems) > 0 {
		return Survey{}, problems
	}
	l := &linter{Checker: c, survey: &s, known: known}
	l.all()
	s.fillPlaces(known.Areas)
	return s, l.Problems()
}

// fillPlaces gives the questions about place the places of the survey's area, and elsewhere.
func (s *Survey) fillPlaces(areas exercise.Areas) {
	system, _ := areas.System(s.Area)
	for i := range s.Questions {
		q := &s.Questions[i]
		if q.Kind != Place || len(q.Options) > 0 {
			continue
		}
		for _, p := range system.Places {
			q.Options = append(q.Options, Option{ID: p.ID, Text: p.Name})
		}
		q.Options = append(q.Options, Option{ID: exercise.Elsewhere})
	}
}
