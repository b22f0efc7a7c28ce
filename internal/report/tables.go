package report

import (
	"slices"

	"sayso/internal/disclosure"
	"sayso/internal/survey"
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
// voice alone for a question answered in words.
func QuestionTable(question, variable string) string { return "q/" + question + "/by/" + variable }

// OptionTable names the table of one option of a question that takes several, by a variable.
func OptionTable(question, option, variable string) string {
	return "q/" + question + "/" + option + "/by/" + variable
}

// ThemeTable names the table of a theme by a variable.
func ThemeTable(theme, variable string) string { return "theme/" + theme + "/by/" + variable }

// tabulate turns the tally into all tables of the snapshot. A group in which nobody stands is left out of the tables
// of its base: nobody is no group.
func (p *plan) tabulate(t *tally) []disclosure.Raw {
	b := tabulator{plan: p, tally: t}
	for i := range p.vars {
		if i == channelVar && t.row(everyoneRow)[p.vars[i].index[string(survey.Imported)]] == 0 {
			continue
		}
		b.table(WhoTable(p.vars[i].ID), everyone, "", i, everyoneRow, disclosure.Dim{})
	}
	for i := range p.vars {
		if i != channelVar {
			b.table(WroteTable(p.vars[i].ID), wrote, "", i, wroteRow, disclosure.Dim{})
		}
		if i != channelVar && i != languageVar { // a codebook knows more words in one language than in another
			b.answers(i)
		}
	}
	return b.out
}

type tabulator struct {
	*plan
	tally *tally
	out   []disclosure.Raw
}

// answers adds what people answered and wrote, by the variable.
func (b *tabulator) answers(variable int) {
	id := b.vars[variable].ID
	if b.book != nil {
		for i, t := range b.book.Themes {
			b.table(ThemeTable(t.ID, id), wrote, "", variable, wroteRow, disclosure.Split("theme/"+t.ID), themeRows+i)
		}
	}
	for _, s := range b.order {
		if s.counted && (variable == voiceVar || s.Letters() == 0) { // what was written is told by its themes
			b.question(s, variable)
		}
	}
}

func (b *tabulator) question(s *slot, variable int) {
	id, within := b.vars[variable].ID, ""
	if s.routed {
		within = everyone
	}
	dim := disclosure.Dim{Name: "q/" + s.ID, Kind: disclosure.Answer}
	var rows []int
	for i, o := range s.options {
		row := s.row + 1 + i
		if s.several() {
			b.table(OptionTable(s.ID, o.ID, id), answered(s.ID), within, variable, s.row, disclosure.Split("q/"+s.ID+"/"+o.ID), row)
			continue
		}
		dim.Categories = append(dim.Categories, o.ID)
		rows = append(rows, row)
	}
	if !s.several() {
		b.table(QuestionTable(s.ID, id), answered(s.ID), within, variable, s.row, dim, rows...)
	}
}

// table adds the table of a base by a variable and, if it has categories, by an answer whose categories are counted
// in the rows. Of a split only the row of yes is given.
func (b *tabulator) table(name, base, within string, variable, baseRow int, answer disclosure.Dim, rows ...int) {
	v := &b.vars[variable]
	people := b.tally.row(baseRow)
	groups := disclosure.Dim{Name: v.ID, Kind: disclosure.Group}
	var columns []int
	for i, g := range v.Groups {
		if people[v.first+i] > 0 {
			groups.Categories = append(groups.Categories, g.ID)
			columns = append(columns, v.first+i)
		}
	}
	if len(columns) == 0 {
		return
	}
	raw := disclosure.Raw{Shape: disclosure.Shape{Name: name, Base: base, Within: within}}
	if len(answer.Categories) > 0 {
		raw.Dims = append(raw.Dims, answer)
	} else {
		rows = []int{baseRow}
	}
	raw.Dims = append(raw.Dims, groups)
	for _, row := range rows {
		for _, c := range columns {
			raw.Counts = append(raw.Counts, b.tally.row(row)[c])
		}
	}
	if len(answer.Categories) > len(rows) {
		for _, c := range columns {
			raw.Counts = append(raw.Counts, people[c]-b.tally.row(rows[0])[c])
		}
	}
	b.out = append(b.out, raw)
}

// align takes out of the release what would tell, in one base, about a group that is hidden in a base that holds the
// same people and more: all tables of that base by that variable. Where a base is not declared within the other (see
// the package comment), this is what keeps the figures of the one from telling about the hidden groups of the other.
// Whole tables go, since a single group taken out of a table follows from the rest of it.
func align(release disclosure.Release) disclosure.Release {
	type by struct{ base, variable string }
	tells := map[by]bool{}
	for _, t := range release.Tables {
		if t.Base != everyone && tellsHidden(release, t) {
			tells[by{t.Base, variableOf(t)}] = true
		}
	}
	release.Tables = slices.DeleteFunc(release.Tables, func(t disclosure.Table) bool { return tells[by{t.Base, variableOf(t)}] })
	return release
}

// variableOf returns the group variable of the table: its last dimension.
func variableOf(t disclosure.Table) string { return t.Dims[len(t.Dims)-1].Name }

// tellsHidden says whether the table shows a group that is hidden among everyone or, for those who answered a
// question in words, among those who wrote.
func tellsHidden(release disclosure.Release, t disclosure.Table) bool {
	v := t.Dims[len(t.Dims)-1]
	who, _ := release.Table(WhoTable(v.Name))
	wider := []disclosure.Table{who}
	if texts, ok := release.Table(WroteTable(v.Name)); ok && t.Base != wrote && len(t.Dims) == 1 {
		wider = append(wider, texts)
	}
	return slices.ContainsFunc(append(slices.Clone(v.Categories), total), func(group string) bool {
		at := slices.Repeat([]string{total}, len(t.Dims)-1)
		return t.At(append(at, group)...).Shown() && slices.ContainsFunc(wider, func(w disclosure.Table) bool { return !w.At(group).Shown() })
	})
}
