package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"sayso/internal/disclosure"
)

// columns are the message keys of the columns of an exported table.
var columns = []string{
	"export.section", "export.subject", "export.answer", "export.by", "export.group", "export.people", "export.of",
	"export.percent", "export.low", "export.high", "export.survey", "export.snapshot", "export.made_on",
}

// WriteCSV writes all published figures as one table in UTF-8, a row for each figure in the words of a language, with
// the snapshot it is from; the last rows are the rules that the figures were made under, one each. The same report
// gives the same bytes.
func WriteCSV(w io.Writer, p Published, n Naming) error {
	out, err := newCommas(w)
	if err == nil {
		err = p.rows(n, out.row)
	}
	if err == nil {
		err = out.end()
	}
	if err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}

// commas writes a table as CSV. A byte order mark leads, without which spreadsheets break every letter but the English
// ones; a cell that a spreadsheet would take for a formula is led by an apostrophe.
type commas struct {
	out  *csv.Writer
	line []string
}

func newCommas(w io.Writer) (*commas, error) {
	_, err := io.WriteString(w, "\ufeff")
	return &commas{out: csv.NewWriter(w)}, err
}

// row writes the next row; its cells are of type int or string.
func (c *commas) row(cells []any) error {
	c.line = c.line[:0]
	for _, cell := range cells {
		c.line = append(c.line, plainCell(cell))
	}
	return c.out.Write(c.line)
}

// flush lets what was written go out.
func (c *commas) flush() error {
	c.out.Flush()
	return c.out.Error()
}

func (c *commas) end() error { return c.flush() }

// formulas are what a cell that a spreadsheet would work out begins with, also in the wide letters of East Asian keyboards.
const formulas = "=+-@＝＋－＠\t\r\n"

func plainCell(c any) string {
	switch c := c.(type) {
	case int:
		return strconv.Itoa(c)
	case string:
		if first, _ := utf8.DecodeRuneInString(c); c != disclosure.Hidden && c != "" && strings.ContainsRune(formulas, first) {
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
	s.tail = []any{p.Asked.Title.Words(n.Lang), p.Number, string(p.On)}
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
	s.rules()
	return s.err
}

// rules tells how the figures were made, in rows of their own: in every row they would be most of the file.
func (s *sheet) rules() {
	for _, key := range s.Rules.Methods {
		rule := s.Words(key, "Floor", s.Rules.Floor, "Small", s.Rules.Small, "Base", s.Rules.Base)
		s.put([]any{s.Words("export.rules"), rule, "", "", "", "", "", "", "", ""})
	}
}

// put writes the cells of a row and those that end every row.
func (s *sheet) put(cells []any) {
	if s.err == nil {
		s.err = s.write(append(cells, s.tail...))
	}
}

func (s *sheet) row(section, subject, answer, by, group string, of Proportion) {
	cells := []any{s.Words(section), subject, answer, by, group, count(of.Part), count(of.Whole), "", "", ""}
	if share := of.Share(); share.Shown() {
		lo, hi := share.Interval()
		cells[7], cells[8], cells[9] = share.PerCent(), int(math.Round(100*lo)), int(math.Round(100*hi))
	}
	s.put(cells)
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
