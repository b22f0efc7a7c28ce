package theme

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Score compares the coder's decisions with people's: shares from 0 to 1, counts in distinct comments.
type Score struct {
	ID                  string
	Name                string // in English
	Both, Coder, People int    // comments given the theme by both, by the coder only, by people only
	Precision, Recall   float64
	F1                  float64 // 2·Both / (2·Both + Coder + People); 0 when nobody gave the theme
}

// Measurement is how well a codebook does on comments that people have coded.
type Measurement struct {
	Rows     int     // rows of the file
	Comments int     // distinct comments that were compared
	Micro    Score   // all themes' decisions taken together
	MacroF1  float64 // the mean of the themes' F1
	Themes   []Score // in the codebook's order
	frame    Frame
}

// Figure is one measured value in the form that all benchmarks print.
type Figure struct {
	Name    string   `json:"name"`
	Value   float64  `json:"value"`
	Unit    string   `json:"unit"`
	AtLeast *float64 `json:"at_least,omitempty"`
}

// Figures gives the measurement as rows for a machine, the two that are promised first.
func (m Measurement) Figures() []Figure {
	out := []Figure{
		{Name: "themes.micro_f1", Value: m.Micro.F1, AtLeast: &m.frame.MicroF1},
		{Name: "themes.macro_f1", Value: m.MacroF1, AtLeast: &m.frame.MacroF1},
		{Name: "themes.micro_precision", Value: m.Micro.Precision},
		{Name: "themes.micro_recall", Value: m.Micro.Recall},
		{Name: "themes.count", Value: float64(len(m.Themes)), Unit: "themes"},
		{Name: "themes.comments", Value: float64(m.Comments), Unit: "comments"},
	}
	for _, s := range m.Themes {
		out = append(out,
			Figure{Name: "themes." + s.ID + ".precision", Value: s.Precision},
			Figure{Name: "themes." + s.ID + ".recall", Value: s.Recall},
			Figure{Name: "themes." + s.ID + ".f1", Value: s.F1})
	}
	return out
}

// GoodEnough says whether both promised figures are reached.
func (m Measurement) GoodEnough() bool {
	return m.Micro.F1 >= m.frame.MicroF1 && m.MacroF1 >= m.frame.MacroF1
}

// Measure codes the comments of a CSV file as the codebook's frame describes it, and compares them with
// what people marked in the themes' columns (anything but blank or 0 is a mark). Only themes with measured:
// true count; precision, recall and F1 are those of each theme's yes-or-no decision, micro-F1 pools the
// decisions, macro-F1 is the plain mean over all measured themes. Comments that are blank or stand for no
// answer are left out. The same text under the same question, apart from white space around it, counts
// once, with the marks of all its copies.
func Measure(cb *Codebook, r io.Reader) (Measurement, error) {
	if cb.Frame == nil {
		return Measurement{}, fmt.Errorf("codebook %s has no frame: section, so it cannot be measured", cb.ID)
	}
	s, err := readSample(cb, r)
	if err != nil {
		return Measurement{}, err
	}
	m := Measurement{Rows: s.rows, Comments: len(s.order), frame: *cb.Frame}
	coder := NewCoder(cb)
	scores := map[string]*Score{}
	for _, k := range s.order {
		coding := coder.Code(cb.Frame.Language, cb.Frame.intent(k.question), k.text)
		for _, id := range s.measured {
			if scores[id] == nil {
				scores[id] = &Score{ID: id}
			}
			scores[id].count(slices.Contains(coding.Themes, id), s.marks[k][id])
		}
	}
	m.sum(cb, s.measured, scores)
	return m, nil
}

func (m *Measurement) sum(cb *Codebook, ids []string, scores map[string]*Score) {
	m.Micro.ID = "all"
	for _, id := range ids {
		s := Score{ID: id}
		if scores[id] != nil {
			s = *scores[id]
		}
		t, _ := cb.Theme(id)
		s.Name = t.Name.Words("en")
		s.finish()
		m.Themes = append(m.Themes, s)
		m.Micro.Both += s.Both
		m.Micro.Coder += s.Coder
		m.Micro.People += s.People
		m.MacroF1 += s.F1 / float64(len(ids))
	}
	m.Micro.finish()
}

func (s *Score) count(coder, people bool) {
	switch {
	case coder && people:
		s.Both++
	case coder:
		s.Coder++
	case people:
		s.People++
	}
}

func (s *Score) finish() {
	s.Precision = share(s.Both, s.Both+s.Coder)
	s.Recall = share(s.Both, s.Both+s.People)
	s.F1 = share(2*s.Both, 2*s.Both+s.Coder+s.People)
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

func (f *Frame) intent(question string) Intent {
	switch {
	case slices.Contains(f.Good, question):
		return Good
	case slices.Contains(f.Improve, question):
		return Improve
	}
	return Open
}

// comment is what makes two rows the same.
type comment struct{ question, text string }

// sample is a file of coded comments, each distinct one once.
type sample struct {
	rows     int
	measured []string
	order    []comment
	marks    map[comment]map[string]bool
}

func readSample(cb *Codebook, r io.Reader) (*sample, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the comments have no headings: the table is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("read the headings of the comments: %w", err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	cols, err := columnsOf(cb, header)
	if err != nil {
		return nil, err
	}
	s := &sample{measured: cols.themes, marks: map[comment]map[string]bool{}}
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return s, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read comment %d: %w", s.rows+1, err)
		}
		s.rows++
		s.add(cb.Frame, cols, row)
	}
}

func (s *sample) add(f *Frame, cols columns, row []string) {
	k := comment{question: strings.Join(strings.Fields(cell(row, cols.question)), " "), text: cell(row, cols.text)}
	if k.text == "" || slices.Contains(f.Unanswered, k.text) {
		return
	}
	if s.marks[k] == nil {
		s.marks[k] = map[string]bool{}
		s.order = append(s.order, k)
	}
	for i, id := range cols.themes {
		if mark := cell(row, cols.marks[i]); mark != "" && mark != "0" {
			s.marks[k][id] = true
		}
	}
}

// columns says where in a row things stand; marks[i] is the column of themes[i].
type columns struct {
	question, text int
	themes         []string
	marks          []int
}

func columnsOf(cb *Codebook, header []string) (columns, error) {
	var missing []string
	find := func(heading string) int {
		i := slices.IndexFunc(header, func(h string) bool { return strings.TrimSpace(h) == heading })
		if i < 0 {
			missing = append(missing, heading)
		}
		return i
	}
	cols := columns{question: find(cb.Frame.Question), text: find(cb.Frame.Text)}
	for _, t := range cb.Themes {
		if t.Measured {
			cols.themes = append(cols.themes, t.ID)
			cols.marks = append(cols.marks, find(t.Column))
		}
	}
	if len(missing) > 0 {
		return columns{}, fmt.Errorf("the file of comments has no column %q", missing)
	}
	return cols, nil
}

func cell(row []string, i int) string {
	if i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}
