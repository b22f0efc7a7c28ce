package survey

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

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

// ReadFile reads a survey written in YAML and fills in the places of its area. It returns everything that is wrong
// with it, in the order of the lines; a survey with problems must not be published.
func ReadFile(data []byte, known Known) (Survey, []Problem) {
	var s Survey
	dec := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := dec.Decode(&s); err != nil {
		return Survey{}, []Problem{yamlProblem(err)}
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return Survey{}, []Problem{yamlProblem(err)}
	}
	l := &linter{survey: &s, known: known, file: file}
	l.all()
	slices.SortStableFunc(l.problems, func(a, b Problem) int { return a.Line - b.Line })
	s.fillPlaces(known.Areas)
	return s, l.problems
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

func yamlProblem(err error) Problem {
	if errors.Is(err, io.EOF) {
		return Problem{1, "The file is empty."}
	}
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return Problem{1, "This cannot be read as YAML: " + err.Error()}
	}
	line := e.GetToken().Position.Line
	if _, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		return Problem{line, fmt.Sprintf("There is no field called %q here. Look for a slip of the pen, or whether it is indented too far.", e.GetToken().Value)}
	}
	if _, ok := errors.AsType[*yaml.DuplicateKeyError](err); ok {
		return Problem{line, fmt.Sprintf("%q stands here twice. Take one away.", e.GetToken().Value)}
	}
	return Problem{line, "This cannot be understood: " + e.GetMessage() + "."}
}

// lineOf returns the line of the node at the YAML path, or of its nearest parent that is there.
func lineOf(file *ast.File, path string) int {
	for path != "" {
		if p, err := yaml.PathString(path); err == nil {
			if node, err := p.FilterFile(file); err == nil && node != nil {
				return firstLine(node)
			}
		}
		path = parentPath(path)
	}
	return 1
}

func firstLine(node ast.Node) int {
	if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 {
		return m.Values[0].Key.GetToken().Position.Line
	}
	if m, ok := node.(*ast.MappingValueNode); ok {
		return m.Key.GetToken().Position.Line
	}
	return node.GetToken().Position.Line
}

func parentPath(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' || path[i] == '[' {
			return path[:i]
		}
	}
	return ""
}
