package authoring

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sayso/internal/exercise"
)

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Checker looks at a file that was read, and gathers what is wrong with it. Paths name fields, such as
// ".questions[2].ask".
type Checker struct {
	thing     string
	known     Known
	lines     map[string]int // path → line
	languages []exercise.Language
	problems  []Problem
}

// Problems returns what was found, in the order of the lines.
func (c *Checker) Problems() []Problem { return inOrder(c.problems) }

// Say notes a problem with the field at the path.
func (c *Checker) Say(path, format string, args ...any) {
	c.problems = append(c.problems, Problem{c.line(path), fmt.Sprintf(format, args...)})
}

// line returns where the field at the path stands, or the nearest that it would stand in.
func (c *Checker) line(path string) int {
	for ; path != ""; path = path[:strings.LastIndexAny(path, ".[")] {
		if n, ok := c.lines[path]; ok {
			return n
		}
	}
	return 1
}

// ID wants an id; of says whose.
func (c *Checker) ID(path, of, id string) {
	switch {
	case id == "":
		c.Say(path, "Give %s an id of small letters, digits and hyphens, such as id: waiting-times.", of)
	case !idForm.MatchString(id):
		c.Say(path, "The id %q may have only small letters, digits and hyphens, such as waiting-times.", id)
	}
}

// Area wants an area that there is.
func (c *Checker) Area(path, area string) {
	var known []string
	for _, a := range c.known.Areas.All() {
		known = append(known, a.ID)
	}
	switch {
	case area == "":
		c.Say(path, "Say which area asks: one of %s.", Listed(known))
	case !slices.Contains(known, area):
		c.Say(path, "There is no area called %q. The areas are %s.", area, Listed(known))
	}
}

// Days wants the fields opens, closes and decision.on in their order.
func (c *Checker) Days(opens, closes, decided exercise.Day) {
	wrong := false
	for _, d := range []struct {
		path, what string
		day        exercise.Day
	}{{".opens", "the first day it is open", opens}, {".closes", "the last day it is open", closes}, {".decision.on", "the day of the decision", decided}} {
		if _, err := exercise.ParseDay(string(d.day)); err != nil {
			c.Say(d.path, "Write %s as year, month and day, such as 2027-01-31.", d.what)
			wrong = true
		}
	}
	if wrong {
		return
	}
	if closes < opens {
		c.Say(".closes", "It closes (%s) before it opens (%s).", closes, opens)
	}
	if decided <= closes {
		c.Say(".decision.on", "The decision (%s) must be later than the last day it is open (%s), or nobody can listen.", decided, closes)
	}
}

// Languages wants the field languages to hold English, and languages that are shipped. Words looks at the same.
func (c *Checker) Languages(languages []exercise.Language) {
	c.languages = languages
	if !slices.ContainsFunc(languages, func(g exercise.Language) bool { return g.Tag == "en" && g.CheckedBy != "" }) {
		c.Say(".languages", "English (tag: en) must be among the languages, with checked_by: who read its words.")
	}
	seen := map[string]bool{}
	for i, g := range languages {
		at := fmt.Sprintf(".languages[%d]", i)
		if !c.known.Language(g.Tag) {
			c.Say(at, "Sayso does not ship the language %q. Take it out of the list.", g.Tag)
		}
		if seen[g.Tag] {
			c.Say(at, "The language %q is in the list twice. Take one away.", g.Tag)
		}
		seen[g.Tag] = true
	}
}

// Words wants the text in every language of the file; Easy Read may stand for itself with the English words.
func (c *Checker) Words(path, what string, t exercise.Text) {
	for _, tag := range slices.Sorted(maps.Keys(t)) {
		if !c.known.Language(tag) {
			c.Say(path+"."+tag, "%q is no language that Sayso ships. Look for a slip of the pen.", tag)
		}
	}
	if t["en"] == "" {
		c.Say(path, "Write %s in English (en).", what)
		return
	}
	for _, g := range c.languages {
		if c.known.Language(g.Tag) && !t.Has(g.Tag) {
			c.Say(path, "Write %s in the language %s, or take that language out of the list.", what, g.Tag)
		}
	}
}

// Picture wants a picture that there is, or none.
func (c *Checker) Picture(path, id string) {
	if id != "" && !c.known.Picture(id) {
		c.Say(path, "There is no picture called %q. The pictures are listed on the page /pictures.", id)
	}
}

// Voices wants voices that there are, each once.
func (c *Checker) Voices(path string, voices []exercise.Voice) {
	for i, v := range voices {
		at := fmt.Sprintf("%s[%d]", path, i)
		if !slices.Contains(exercise.Voices, v) {
			c.Say(at, "There is no voice called %q. The voices are %s.", v, Listed(exercise.Voices))
		}
		if slices.Contains(voices[:i], v) {
			c.Say(at, "The voice %q is in the list twice. Take one away.", v)
		}
	}
}

// Minutes wants the field minutes to be a time that people take part for.
func (c *Checker) Minutes(minutes int) {
	if minutes < 1 || minutes > 60 {
		c.Say(".minutes", "Say how long it takes, in whole minutes from 1 to 60.")
	}
}

// Only wants the field only to hold places of the system of the area, each once.
func (c *Checker) Only(area string, only []string) {
	system, _ := c.known.Areas.System(area)
	for i, place := range only {
		at := fmt.Sprintf(".only[%d]", i)
		if !slices.ContainsFunc(system.Places, func(p exercise.Area) bool { return p.ID == place }) {
			c.Say(at, "The area has no place called %q.", place)
		}
		if slices.Contains(only[:i], place) {
			c.Say(at, "The place %q is in the list twice. Take one away.", place)
		}
	}
}
