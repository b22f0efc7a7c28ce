package survey

import (
	"fmt"
	"reflect"
	"slices"

	"sayso/internal/exercise"
)

// Problem is something in a survey file that its author must mend: where, and what to do.
type Problem struct {
	Line     int // from 1
	Sentence string
}

func (p Problem) String() string { return fmt.Sprintf("%d: %s", p.Line, p.Sentence) }

// Known is what a survey file may name that stands elsewhere.
type Known struct {
	Areas    exercise.Areas
	Picture  func(id string) bool
	Codebook func(id string) bool
	Language func(tag string) bool
}

// mostProblems is how many problems are told at once.
const mostProblems = 100

// ReadFile reads a survey written in YAML, of at most 1 MiB, and fills in the places of its area. It returns what is
// wrong with it, in the order of the lines: slips in the form first, and what the survey lacks once there are none. A
// survey with problems must not be published.
func ReadFile(data []byte, known Known) (Survey, []Problem) {
	root, p := parse(data)
	if p != nil {
		return Survey{}, []Problem{*p}
	}
	var s Survey
	d := decoder{lines: map[string]int{}}
	d.value("", firstLine(root), root, reflect.ValueOf(&s).Elem())
	if len(d.problems) > 0 {
		return Survey{}, inOrder(d.problems)
	}
	l := &linter{survey: &s, known: known, lines: d.lines}
	l.all()
	s.fillPlaces(known.Areas)
	return s, inOrder(l.problems)
}

func inOrder(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	if n := len(problems); n > mostProblems {
		last := problems[mostProblems]
		problems = append(problems[:mostProblems], Problem{last.Line, fmt.Sprintf("There are %d more from here on. Mend those above first.", n-mostProblems)})
	}
	return problems
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
		q.Options = append(q.Options, Option{ID: Elsewhere})
	}
}

// Elsewhere is the option of a place question for people from outside the area.
const Elsewhere = "elsewhere"
