package report

import (
	"sayso/internal/disclosure"
)

const (
	yes   = disclosure.Yes
	no    = disclosure.No
	total = disclosure.Total
)

// The bases of the tables: who is counted.
const (
	everyone = ""
	wrote    = "wrote"
)

func answered(question string) string { return "q/" + question }

// WhoTable names the table of everyone by a variable.
func WhoTable(variable string) string { return "who/" + variable }

// WroteTable names the table of those who wrote by a variable.
func WroteTable(variable string) string { return "wrote/" + variable }

// QuestionTable names the table of a question by a variable: its dimensions are the question and the variable, or
// the variable alone for a question answered in words.
func QuestionTable(question, variable string) string { return "q/" + question + "/by/" + variable }

// OptionTable names the table of one option of a question that takes several, by a variable.
func OptionTable(question, option, variable string) string {
	return "q/" + question + "/" + option + "/by/" + variable
}

// ThemeTable names the table of a theme by a variable.
func ThemeTable(theme, variable string) string { return "theme/" + theme + "/by/" + variable }
