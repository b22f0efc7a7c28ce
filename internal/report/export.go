package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"sayso/internal/disclosure"
	"sayso/internal/exercise"
)

// Words says a phrase of the catalogues; args are names and values of its placeholders in turn.
type Words func(key string, args ...any) string

// columns are the message keys of the columns of an exported table.
var columns = []string{
	"export.section", "export.subject", "export.answer", "export.by", "export.group", "export.people", "export.of",
	"export.percent", "export.low", "export.high", "export.survey", "export.snapshot", "export.made_on", "export.rules",
}

// WriteCSV writes all published figures as one table in UTF-8, a row for each figure in the words of a language, and
// in every row the snapshot and the rules it was made under. A byte order mark leads, without which spreadsheets
// break every letter but the English ones; a cell that a spreadsheet would take for a formula is led by an
// apostrophe. The same report gives the same bytes.
func WriteCSV(w io.Writer, p Published, lang string, words Words) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	out := csv.NewWriter(w)
	err := p.rows(lang, words, func(cells []any) error {
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

// WriteXLSX writes the table of WriteCSV as a spreadsheet, in which no cell is a formula.
func WriteXLSX(w io.Writer, p Published, lang string, words Words) (err error) {
	file := excelize.NewFile()
	defer func() {
		if cerr := file.Close(); err == nil {
			err = cerr
		}
	}()
	sheet := file.GetSheetName(0)
	out, err := file.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("begin the sheet: %w", err)
	}
	at := 0
	err = p.rows(lang, words, func(cells []any) error {
		at++
		cell, err := excelize.CoordinatesToCellName(1, at)
		if err != nil {
			return err
		}
		return out.SetRow(cell, cells)
	})
	if err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("end the sheet: %w", err)
	}
	if err := file.Write(w); err != nil {
		return fmt.Errorf("write the spreadsheet: %w", err)
	}
	return nil
}

// sheet puts the figures of a report into rows, one after the other.
type sheet struct {
	*Published
	lang  string
	words Words
	write func(cells []any) error
	tail  []any // the cells that end every row
	err   error
}

// rows gives write the heading and then every figure.
func (p *Published) rows(lang string, words Words, write func(cells []any) error) error {
	s := sheet{Published: p, lang: lang, words: words, write: write}
	s.tail = []any{p.Asked.Title.Words(lang), p.Number, string(p.On), s.rules()}
	var heading []any
	for _, key := range columns {
		heading = append(heading, words(key))
	}
	s.err = write(heading)
	s.ledger("export.responses", p.Responses)
	s.ledger("export.wrote", p.Wrote)
	for _, v := range p.Who {
		for _, g := range v.Groups {
			s.row("export.who", words("export.everyone"), "", s.variable(v), s.group(v, g), g.Of)
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
		out = append(out, s.words(key, "Floor", s.Rules.Floor, "Small", s.Rules.Small, "Base", s.Rules.Base))
	}
	return strings.Join(out, " ")
}

func (s *sheet) row(section, subject, answer, by, group string, of Proportion) {
	if s.err != nil {
		return
	}
	cells := []any{s.words(section), subject, answer, by, group, count(of.Part), count(of.Whole), "", "", ""}
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
		var parts []string
		for _, part := range e.Parts {
			name, lang, _ := strings.Cut(part, ":")
			if lang != "" {
				parts = append(parts, s.words("ledger."+name+"_in", "Language", lang))
			} else {
				parts = append(parts, s.words("ledger."+name))
			}
		}
		s.row(section, s.words(section), strings.Join(parts, "; "), "", "", Proportion{e.Figure, l.Total})
	}
}

func (s *sheet) question(q Question) {
	ask := q.Ask.Words(s.lang)
	if len(q.Options) == 0 {
		s.row("export.questions", ask, "", "", "", Proportion{q.People, q.People})
	}
	for _, o := range q.Options {
		name := s.option(q, o)
		s.row("export.questions", ask, name, "", "", o.Of)
		s.by("export.questions", ask, name, func(variable string) []Row { return s.OptionBy(q.ID, o.ID, variable) })
	}
}

func (s *sheet) themes(themes []Theme) {
	for _, t := range themes {
		name := t.Name.Words(s.lang)
		s.row("export.themes", name, "", "", "", t.Of)
		s.by("export.themes", name, "", func(variable string) []Row { return s.ThemeBy(t.ID, variable) })
		s.themes(t.Under)
	}
}

func (s *sheet) by(section, subject, answer string, rows func(variable string) []Row) {
	for _, v := range s.Who {
		for _, r := range rows(v.ID) {
			s.row(section, subject, answer, s.variable(v), s.group(v, r.Group), r.Of)
		}
	}
}

func (s *sheet) variable(v Variable) string { return s.name(v.Name, "group."+string(v.Kind)) }

func (s *sheet) group(v Variable, g Group) string {
	switch {
	case g.ID == NotSaid || g.ID == Other:
		return s.words("group." + g.ID)
	case g.ID == yes || g.ID == no:
		return s.words("option.consent." + g.ID)
	case v.Kind == ByVoice:
		return s.words("voice_of." + g.ID)
	case v.Kind == ByAge:
		return s.words("age_band." + g.ID)
	case v.Kind == ByChannel:
		return s.words("channel." + g.ID)
	case v.Kind == ByLanguage:
		return g.ID
	}
	return s.name(g.Name, "option.place."+g.ID)
}

func (s *sheet) option(q Question, o Option) string {
	switch {
	case o.ID == Unknown:
		return s.words("skip.unknown")
	case q.Kind == "number" && o.From == o.To:
		return strconv.FormatInt(o.From, 10)
	case q.Kind == "number":
		return s.words("figure.range", "From", o.From, "To", o.To)
	case q.Kind == "age_band":
		return s.words("age_band." + o.ID)
	}
	return s.name(o.Name, "option."+string(q.Kind)+"."+o.ID)
}

// name returns the frozen words or, where there are none, those of the catalogue.
func (s *sheet) name(frozen exercise.Text, key string) string {
	if len(frozen) > 0 {
		return frozen.Words(s.lang)
	}
	return s.words(key)
}
