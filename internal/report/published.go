package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"sayso/internal/exercise"
)

// Published is a report as people may read it: Quotes holds only what may be shown to the reader, Replies what the
// board answers.
type Published struct {
	Report
	State     State               `json:"state"`
	Decided   exercise.Day        `json:"decided,omitempty"`   // when it was approved or refused
	Replies   map[string]Reply    `json:"replies"`             // theme id → reply
	Decisions map[string]Decision `json:"decisions,omitempty"` // quote id → decision; nil except in a Preview
}

// Report returns the frozen report of the snapshot.
func (r Record) Report() (Report, error) {
	var body Report
	if err := json.Unmarshal(r.Body, &body); err != nil {
		return Report{}, fmt.Errorf("decode report %s/%d: %w", r.Survey, r.Number, err)
	}
	for i, q := range body.Quotes {
		body.Quotes[i].Text = r.Words[q.ID]
	}
	return body, nil
}

// cutWords takes the texts out of the quotes and returns them by the quotes' ids.
func (r *Report) cutWords() map[string]string {
	words := make(map[string]string, len(r.Quotes))
	for i, q := range r.Quotes {
		words[q.ID], r.Quotes[i].Text = q.Text, ""
	}
	return words
}

// Published returns what anyone may see of a snapshot once it is approved: quotes only if a person kept them.
func (r Record) Published() (Published, error) {
	p, err := r.joined()
	if err != nil {
		return Published{}, err
	}
	p.Quotes = slices.DeleteFunc(p.Quotes, func(q Quote) bool { return r.Quotes[q.ID] != Keep })
	return p, nil
}

// Preview returns what staff see of a snapshot. Who decides about its quotes sees all but those taken back, with what was
// decided about each; others see those that a person kept.
func (r Record) Preview(decides bool) (Published, error) {
	if !decides {
		return r.Published()
	}
	p, err := r.joined()
	if err != nil {
		return Published{}, err
	}
	p.Quotes = slices.DeleteFunc(p.Quotes, func(q Quote) bool { return r.Quotes[q.ID] == TakenBack })
	p.Decisions = r.Quotes
	return p, nil
}

func (r Record) joined() (Published, error) {
	body, err := r.Report()
	if err != nil {
		return Published{}, err
	}
	return Published{Report: body, State: r.State, Decided: r.DecidedOn, Replies: r.Replies}, nil
}

// Theme returns the theme or sub-theme of the id.
func (r *Report) Theme(id string) (Theme, bool) { return find(r.Themes, id) }

func find(themes []Theme, id string) (Theme, bool) {
	for _, t := range themes {
		if t.ID == id {
			return t, true
		}
		if below, ok := find(t.Under, id); ok {
			return below, true
		}
	}
	return Theme{}, false
}

// Question returns the question of the id.
func (r *Report) Question(id string) (Question, bool) {
	i := slices.IndexFunc(r.Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return Question{}, false
	}
	return r.Questions[i], true
}

// Variable returns the group variable of the id.
func (r *Report) Variable(id string) (Variable, bool) {
	i := slices.IndexFunc(r.Who, func(v Variable) bool { return v.ID == id })
	if i < 0 {
		return Variable{}, false
	}
	return r.Who[i], true
}

// QuotesOn returns the quotes on the theme and its sub-themes.
func (r *Report) QuotesOn(id string) []Quote {
	t, _ := r.Theme(id)
	return slices.DeleteFunc(slices.Clone(r.Quotes), func(q Quote) bool {
		_, under := find(t.Under, q.Theme)
		return q.Theme != id && !under
	})
}

// Row is a share in one group.
type Row struct {
	Group Group
	Of    Proportion
}

// ThemeBy returns the share of the theme in each group of the variable, in the order of the groups.
func (r *Report) ThemeBy(theme, variable string) []Row {
	return r.rows(ThemeTable(theme, variable), variable, yes)
}

// OptionBy returns the share of the option in each group of the variable, in the order of the groups.
func (r *Report) OptionBy(question, option, variable string) []Row {
	q, _ := r.Question(question)
	if q.Several {
		return r.rows(OptionTable(question, option, variable), variable, yes)
	}
	return r.rows(QuestionTable(question, variable), variable, option)
}

func (r *Report) rows(table, variable, answer string) []Row {
	t, ok := r.Release.Table(table)
	v, known := r.Variable(variable)
	if !ok || !known {
		return nil
	}
	rows := make([]Row, len(v.Groups))
	for i, g := range v.Groups {
		rows[i] = Row{g, Proportion{t.At(answer, g.ID), t.At(total, g.ID)}}
	}
	return rows
}

// byPrevalence sorts the highest shown figure first, hidden ones last; equals keep the codebook's order.
func byPrevalence(a, b Theme) int {
	if a.Of.Share().Shown() != b.Of.Share().Shown() {
		if a.Of.Share().Shown() {
			return -1
		}
		return 1
	}
	return cmp.Compare(b.Of.Part.N(), a.Of.Part.N())
}
