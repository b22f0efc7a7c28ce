package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"sayso/internal/disclosure"
)

// columns are the message keys of the columns of an exported table.
var columns = []string{
	"export.section", "export.subject", "export.answer", "export.by", "export.group", "export.people", "export.of",
	"export.percent", "export.low", "export.high", "export.survey", "export.snapshot", "export.made_on", "export.rules",
}

// WriteCSV writes all published figures as one table in UTF-8, a row for each figure in the words of a language, and
// in every row the snapshot and the rules it was made under. A byte order mark leads, without which spreadsheets
// break every letter but the English ones; a cell that a spreadsheet would take for a formula is led by an
// apostrophe. The same report gives the same bytes.
func WriteCSV(w io.Writer, p Published, n Naming) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	out := csv.NewWriter(w)
	err := p.rows(n, func(cells []any) error {
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = plainCell(c)
		}
		return out.Write(row)
	})
	if out.Flush(); err == nil {
		err = out.Error()
	}
	if err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}

func plainCell(c any) string {
	switch c := c.(type) {
	case int:
		return strconv.Itoa(c)
	case string:
		if c != disclosure.Hidden && strings.ContainsAny(c[:min(1, len(c))], "=+-@\t\r\n") {
			return "'" + c
		}
		return c
	}
	return ""
}

// WriteJSON writes the report with its public quotes and replies, every figure and every name in all its languages.
// The same report gives the same bytes.
func WriteJSON(w io.Writer, p Published) error {
	p.Decisions = nil
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	if err := out.Encode(p); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// WriteXLSX writes the table of WriteCSV as a spreadsheet, in which no cell is a formula. The same report gives the
// same bytes.
func WriteXLSX(w io.Writer, p Published, n Naming) error {
	book, err := newWorkbook(w)
	if err != nil {
		return fmt.Errorf("begin the spreadsheet: %w", err)
	}
	if err := p.rows(n, book.row); err != nil {
		return fmt.Errorf("write the spreadsheet: %w", err)
	}
	if err := book.end(); err != nil {
		return fmt.Errorf("end the spreadsheet: %w", err)
	}
	return nil
}

// sheet puts the figures of a report into rows, one after the other.
type sheet struct {
	*Published
	Naming
	write func(cells []any) error
	tail  []any // the cells that end every row
	err   error
}

// rows gives write the heading and then every figure.
func (p *Published) rows(n Naming, write func(cells []any) error) error {
	s := sheet{Published: p, Naming: n, write: write}
	s.tail = []any{p.Asked.Title.Words(n.Lang), p.Number, string(p.On), s.rules()}
	var heading []any
	for _, key := range columns {
		heading = append(heading, n.Words(key))
	}
	s.err = write(heading)
	s.ledger("export.responses", p.Responses)
	s.ledger("export.held", p.Held)
	s.ledger("export.wrote", p.Wrote)
	for _, v := range p.Who {
		for _, g := range v.Groups {
			s.row("export.who", n.Words("export.everyone"), "", s.Variable(v), s.Group(v, g), g.Of)
		}
	}
	for _, q := range p.Questions {
		s.question(q)
	}
	s.themes(p.Themes)
	return s.err
}

func (s *sheet) rules() string {
	var out []string
	for _, key := range s.Rules.Methods {
		out = append(out, s.Words(key, "Floor", s.Rules.Floor, "Small", s.Rules.Small, "Base", s.Rules.Base))
	}
	return strings.Join(out, " ")
}

func (s *sheet) row(section, subject, answer, by, group string, of Proportion) {
	if s.err != nil {
		return
	}
	cells := []any{s.Words(section), subject, answer, by, group, count(of.Part), count(of.Whole), "", "", ""}
	if share := of.Share(); share.Shown() {
		lo, hi := share.Interval()
		cells[7], cells[8], cells[9] = share.PerCent(), int(math.Round(100*lo)), int(math.Round(100*hi))
	}
	s.err = s.write(append(cells, s.tail...))
}

func count(f disclosure.Figure) any {
	if !f.Shown() {
		return disclosure.Hidden
	}
	return f.N()
}

func (s *sheet) ledger(section string, l disclosure.Ledger) {
	for _, e := range l.Entries {
		s.row(section, s.Words(section), strings.Join(s.Parts(e.Parts), "; "), "", "", Proportion{e.Figure, l.Total})
	}
}

func (s *sheet) question(q Question) {
	ask := q.Ask.Words(s.Lang)
	if len(q.Options) == 0 {
		s.row("export.questions", ask, "", "", "", Proportion{q.People, q.People})
	}
	for _, o := range q.Options {
		name := s.Option(q, o)
		s.row("export.questions", ask, name, "", "", o.Of)
		s.by("export.questions", ask, name, func(variable string) []Row { return s.OptionBy(q.ID, o.ID, variable) })
	}
}

func (s *sheet) themes(themes []Theme) {
	for _, t := range themes {
		name := t.Name.Words(s.Lang)
		s.row("export.themes", name, "", "", "", t.Of)
		s.by("export.themes", name, "", func(variable string) []Row { return s.ThemeBy(t.ID, variable) })
		s.themes(t.Under)
	}
}

func (s *sheet) by(section, subject, answer string, rows func(variable string) []Row) {
	for _, v := range s.Who {
		for _, r := range rows(v.ID) {
			s.row(section, subject, answer, s.Variable(v), s.Group(v, r.Group), r.Of)
		}
	}
}
