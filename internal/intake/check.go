package intake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// checker gathers what is wrong with a mapping.
type checker struct {
	m        *Mapping
	problems []survey.Problem
}

func (c *checker) say(path, format string, args ...any) {
	c.problems = append(c.problems, survey.Problem{Line: c.m.lineOf("$" + path), Sentence: fmt.Sprintf(format, args...)})
}

func (c *checker) sorted() []survey.Problem {
	slices.SortStableFunc(c.problems, func(a, b survey.Problem) int { return a.Line - b.Line })
	return c.problems
}

// problems finds what is wrong with the mapping whatever the survey.
func (m *Mapping) problems() []survey.Problem {
	c := &checker{m: m}
	if m.Survey == "" {
		c.say(".survey", "Say which survey is answered, as survey: its-id.")
	}
	c.table()
	c.chosen(".language", "the language people wrote in", m.Language)
	c.chosen(".voice", "who speaks", m.Voice)
	c.day()
	if len(m.Identity.Missing) > 0 && len(m.Identity.Columns) == 0 {
		c.say(".identity", "Say under columns which columns together name one person.")
	}
	c.oneOf(".empty", m.Empty, emptySkip, emptyKeep)
	c.oneOf(".longer", m.Longer, longerNo, longerKeep)
	if len(m.Columns) == 0 {
		c.say(".columns", "Say under columns which column answers which question.")
	}
	for i := range m.Columns {
		c.column(fmt.Sprintf(".columns[%d]", i), &m.Columns[i])
	}
	return c.sorted()
}

func (c *checker) oneOf(path, got string, words ...string) {
	if got != "" && !slices.Contains(words, got) {
		c.say(path, "%q means nothing here. It can be %s.", got, strings.Join(words, " or "))
	}
}

func (c *checker) table() {
	t := c.m.Table
	c.oneOf(".table.quotes", t.Quotes, quotesClean, quotesLoose)
	if t.Delimiter != "" && t.Delimiter != "tab" && (len(t.Delimiter) != 1 || strings.ContainsAny(t.Delimiter, "\"\r\n")) {
		c.say(".table.delimiter", "%q cannot divide cells. Write one sign, such as \";\", or tab.", t.Delimiter)
	}
}

func (c *checker) chosen(path, what string, ch Chosen) {
	switch {
	case ch.Fixed == "" && ch.Column == "":
		c.say(path, "Say %s: one for all rows, or the column where it stands.", what)
	case ch.Column != "" && len(ch.Values) == 0:
		c.say(path, "Say under values what each cell of %q means.", ch.Column)
	}
	c.cells(path, ch.Values, nil)
}

func (c *checker) day() {
	d := c.m.Day
	switch {
	case d.Column == "":
		if _, err := exercise.ParseDay(string(d.Fixed)); err != nil {
			c.say(".day", "Say the day: one for all rows, such as 2026-10-31, or the column where it stands.")
		}
	case len(d.Formats) == 0:
		c.say(".day", "Say under formats how the days of %q are written, such as DD/MM/YYYY.", d.Column)
	}
	for i, f := range d.Formats {
		if _, err := parseFormat(f); err != nil {
			c.say(fmt.Sprintf(".day.formats[%d]", i), "%q is not a way to write a day: %v.", f, err)
		}
	}
}

func (c *checker) column(path string, col *Column) {
	if col.Question == "" || col.Column == "" {
		c.say(path, "Say both which question is answered and which column answers it.")
	}
	if col.When != nil && (col.When.Column == "" || len(col.When.Is) == 0) {
		c.say(path+".when", "Say both the column to look at and what it must be.")
	}
	c.oneOf(path+".others", col.Others, othersSkip)
	c.cells(path, col.Values, col.Missing)
}

// cells finds a cell that two lines say something about.
func (c *checker) cells(path string, values map[string]string, missing []string) {
	seen := map[string]string{}
	for _, cell := range slices.Sorted(maps.Keys(values)) {
		if other, twice := seen[folded(cell)]; twice {
			c.say(path+".values", "%q and %q are the same cell: large and small letters and spaces make no difference.", other, cell)
		}
		seen[folded(cell)] = cell
	}
	for _, cell := range missing {
		if other, twice := seen[folded(cell)]; twice {
			c.say(path+".missing", "%q is missing here, but %q is an answer above.", cell, other)
		}
	}
}

// Check finds what the mapping names that the survey does not have, in the order of the lines.
func Check(m Mapping, s survey.Survey) []survey.Problem {
	c := &checker{m: &m}
	if m.Survey != s.ID {
		c.say(".survey", "The mapping is for the survey %q, not for %q.", m.Survey, s.ID)
	}
	voices := make([]string, len(s.Voices))
	for i, v := range s.Voices {
		voices[i] = string(v)
	}
	c.known(".language", "is not offered in the language", m.Language, s.Offered())
	c.known(".voice", "does not hear the voice", m.Voice, voices)
	for i := range m.Columns {
		c.answers(fmt.Sprintf(".columns[%d]", i), &m.Columns[i], &s)
	}
	return c.sorted()
}

func (c *checker) known(path, lacks string, ch Chosen, known []string) {
	if ch.Fixed != "" && !slices.Contains(known, ch.Fixed) {
		c.say(path, "The survey %s %q. There are: %s.", lacks, ch.Fixed, strings.Join(known, ", "))
	}
	for _, cell := range slices.Sorted(maps.Keys(ch.Values)) {
		if v := ch.Values[cell]; !slices.Contains(known, v) {
			c.say(path+".values", "The survey %s %q. There are: %s.", lacks, v, strings.Join(known, ", "))
		}
	}
}

func (c *checker) answers(path string, col *Column, s *survey.Survey) {
	q, _, ok := s.Question(col.Question)
	if !ok {
		c.say(path+".question", "The survey has no question called %q.", col.Question)
		return
	}
	options := q.OptionIDs()
	switch {
	case q.Kind == survey.Info:
		c.say(path+".question", "%q is a page to read. Nothing can answer it.", q.ID)
	case len(options) == 0 && len(col.Values) > 0:
		c.say(path+".values", "%q has no options, so its cells cannot be translated into any.", q.ID)
	case len(options) > 0 && len(col.Values) == 0:
		c.say(path, "%q has options. Say under values which cell means which.", q.ID)
	}
	if col.Split != "" && q.Kind != survey.Several {
		c.say(path+".split", "%q takes one answer, so its cells cannot be split.", q.ID)
	}
	for _, cell := range slices.Sorted(maps.Keys(col.Values)) {
		if id := col.Values[cell]; len(options) > 0 && !slices.Contains(options, id) {
			c.say(path+".values", "%q has no option called %q. There are: %s.", q.ID, id, strings.Join(options, ", "))
		}
	}
}
