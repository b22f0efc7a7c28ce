package view

import (
	"strings"

	"golang.org/x/text/language"
)

// sameLanguage says whether a text in the one language needs no mark on a page in the other.
func sameLanguage(used, page string) bool {
	return used == page || strings.HasPrefix(page, used+"-")
}

// directionOf returns the direction in which a language is written.
func directionOf(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return "ltr"
	}
	if script, _ := t.Script(); script.String() == "Arab" || script.String() == "Hebr" {
		return "rtl"
	}
	return "ltr"
}

func sheet(p Page) string {
	if p.L.Dir == "rtl" {
		return "css/sayso.rtl.css"
	}
	return "css/sayso.css"
}
