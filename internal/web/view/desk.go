package view

import (
	"sayso/internal/disclosure"
	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// Desk is the first page of staff.
type Desk struct {
	Page
	Owed    []Owed
	Waiting []Waiting
	Running []Running
}

// Owed is an answer that the board owes.
type Owed struct {
	Survey *survey.Survey
	Number int // of the report
	Theme  string
	Name   exercise.Text
	Due    exercise.Day
	Late   bool
}

// Waiting is a report that a person must read before others see it.
type Waiting struct {
	Survey *survey.Survey
	Number int
}

// Running is a survey with what is going on in it.
type Running struct {
	Survey  *survey.Survey
	Open    bool
	Heard   disclosure.Figure
	Waiting []Waiting
	Owed    []Owed
	Preview PreviewLink // just made, else empty
}

// Invite is the form by which staff are invited, and the link it made.
type Invite struct {
	Name       string
	Role       people.Role
	Area       string
	Areas      []exercise.Area
	Everywhere bool // whoever invites may give the whole
	Error      string
	Link, For  string
}

// mostOwed is how many answers that are owed the first page lists, the most urgent first.
const mostOwed = 6

func late(owed []Owed) int {
	n := 0
	for _, o := range owed {
		if o.Late {
			n++
		}
	}
	return n
}
