// Package authoring reads what authors write as YAML files, such as surveys and budget exercises, and says in plain
// sentences, with the line, what to mend. It looks after what all such files share: days, languages, words, pictures.
package authoring

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"sayso/internal/exercise"
)

// Problem is something in a file that its author must mend: where, and what to do.
type Problem struct {
	Line     int // from 1
	Sentence string
}

func (p Problem) String() string { return fmt.Sprintf("%d: %s", p.Line, p.Sentence) }

// Known is what a file may name that stands elsewhere.
type Known struct {
	Areas    exercise.Areas
	Picture  func(id string) bool
	Language func(tag string) bool

	// Idea says, in a sentence, why an exercise of the area cannot take its ideas from the question of the survey;
	// empty if it can, or if the survey cannot be seen from here. nil: no survey can.
	Idea func(survey, question, area string) string
}

// LineOf returns the line on which the file begins the field, for what shows only beside other files; 1 if it has none.
func LineOf(data []byte, field string) int {
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if name, _, ok := bytes.Cut(line, []byte(":")); ok && string(bytes.TrimRight(name, " ")) == field {
			return n
		}
	}
	return 1
}

// mostProblems is how many problems are told at once.
const mostProblems = 100

// Read reads a file of at most 1 MiB into the struct that into points to, by its yaml tags. Thing is what the file is,
// such as "survey". It returns the slips in the form, in the order of the lines; without any, the checker looks at what
// the file says.
func Read(data []byte, thing string, known Known, into any) (*Checker, []Problem) {
	root, p := parse(data, thing)
	if p != nil {
		return nil, []Problem{*p}
	}
	d := decoder{thing: thing, lines: map[string]int{}}
	d.value("", firstLine(root), root, reflect.ValueOf(into).Elem())
	if len(d.problems) > 0 {
		return nil, inOrder(d.problems)
	}
	return &Checker{thing: thing, known: known, lines: d.lines}, nil
}

func inOrder(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	if n := len(problems); n > mostProblems {
		last := problems[mostProblems]
		problems = append(problems[:mostProblems], Problem{last.Line, fmt.Sprintf("There are %d more from here on. Mend those above first.", n-mostProblems)})
	}
	return problems
}

// Listed writes values as people list them.
func Listed[T ~string](values []T) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}
