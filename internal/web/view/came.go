package view

import (
	"slices"

	"github.com/a-h/templ"

	"sayso/internal/ballot"
	"sayso/internal/exercise"
)

// AreaCamePage is everything that came of what people of an area said and voted for.
type AreaCamePage struct {
	Page
	Area     exercise.Area
	Outcomes []ResultPage
	Came     []Came
	Reports  []Readable
}

// Readable is something public that one can read: a report, or an outcome.
type Readable struct {
	Title exercise.Text
	Kind  string // what it is, in the page's language
	On    exercise.Day
	Path  templ.SafeURL
}

// ToldForm is what was typed about a project and could not be kept.
type ToldForm struct {
	Project, State, Text, Error string
}

func (f ToldForm) textOf(project string) string {
	if f.Project == project {
		return f.Text
	}
	return ""
}

// field is the id of the field that the error summary leads to.
func (f ToldForm) field() string { return "text-" + f.Project }

// tellable are the projects of which the board can tell: those that it funds, those that the count funds, and those of
// which it told.
func (p ResultPage) tellable() []string {
	var out []string
	for _, v := range p.Result.Projects {
		if v.Funded || p.Outcome.Board != nil && p.decided(v.Project) || len(p.Outcome.ToldOf(v.Project)) > 0 {
			out = append(out, v.Project)
		}
	}
	return out
}

func (p ResultPage) hasTold() bool {
	return slices.ContainsFunc(p.Outcome.Told, func(m ballot.Milestone) bool { return m.TakenOn == "" })
}

// leftOut says whether the board funds the project no more, though the count does.
func (p ResultPage) leftOut(project string) bool {
	return p.Outcome.Board != nil && !p.decided(project)
}

func (p ResultPage) toldPath() templ.SafeURL {
	return countPath(p.Exercise.ID, p.Outcome.Number) + "/told"
}

func progressClass(state ballot.Progress) string {
	switch state {
	case ballot.Done:
		return "s-state--done"
	case ballot.Begun, ballot.Changed:
		return "s-state--soon"
	case ballot.Stopped:
		return "s-state--no"
	}
	return ""
}
