package intake

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/survey"
)

// mostKept is how many letters words can have that are kept although they are longer than the question takes: as
// many as a cell of a workbook.
const mostKept = 32_767

// reader turns rows into what people said.
type reader struct {
	o         *Options
	table     table
	questions []survey.Question // as the mapping lets them be answered
	columns   []source
	language  chooser
	voice     chooser
	dayAt     int
	formats   []format
	identity  []int           // columns; none: the whole row
	nobody    map[string]bool // cells that name nobody
	order     []int           // all columns by their names, so that moving one changes nothing
	mac       hash.Hash
	pieces    []byte // of what the mac is made of
	buf       []byte
	inputs    []survey.Input // of the row being read, by question
	from      []*source
	given     []survey.Answer
}

// source is one entry of the mapping's columns.
type source struct {
	to      int // in questions
	name    string
	at      int
	when    int
	is      map[string]bool // nil: every row
	split   string
	values  map[string]string
	missing map[string]bool
	others  bool // cells that are not listed are no answer
}

// chooser is a Chosen with its column found.
type chooser struct {
	fixed  string
	name   string
	at     int
	values map[string]string
}

// said is what one row says.
type said struct {
	line     int
	day      exercise.Day
	language string
	voice    exercise.Voice
	answers  []survey.Answer // in the order of the survey's questions, none empty
	declined bool
}

// newReader finds the columns of the mapping in the head of the table.
func newReader(o *Options, t table) (*reader, error) {
	m := &o.Mapping
	h := header{m: m, at: map[string]int{}, titles: t.head()}
	h.index()
	r := &reader{o: o, table: t, questions: slices.Clone(o.Survey.Questions), mac: hmac.New(sha256.New, o.Key)}
	if m.Longer == longerKeep {
		for i := range r.questions {
			if q := &r.questions[i]; q.Letters() > 0 {
				q.Most = max(q.Letters(), mostKept)
			}
		}
	}
	r.inputs, r.from = make([]survey.Input, len(r.questions)), make([]*source, len(r.questions))
	r.language = h.chooser(".language", m.Language)
	r.voice = h.chooser(".voice", m.Voice)
	if m.Day.Column != "" {
		r.dayAt = h.find(".day.column", m.Day.Column)
		for _, f := range m.Day.Formats {
			parsed, err := parseFormat(f)
			if err != nil {
				return nil, fmt.Errorf("format %q: %w", f, err)
			}
			r.formats = append(r.formats, parsed)
		}
	}
	r.nobody = foldSet(m.Identity.Missing)
	for i, name := range m.Identity.Columns {
		r.identity = append(r.identity, h.find(fmt.Sprintf(".identity.columns[%d]", i), name))
	}
	for i := range m.Columns {
		r.columns = append(r.columns, h.source(fmt.Sprintf(".columns[%d]", i), &m.Columns[i], &o.Survey))
	}
	r.order = h.byName()
	if len(h.problems) > 0 {
		return nil, invalid("import.mapping", &MappingError{m.name, h.problems})
	}
	return r, nil
}

// fold returns the cell as it is compared; it is valid until the next call.
func (r *reader) fold(cell string) []byte {
	r.buf = fold(r.buf[:0], cell)
	return r.buf
}

// read returns what the row says, or why it cannot be used. The answers are the reader's: they are valid until the next row.
func (r *reader) read(rw *row) (said, *Refusal) {
	no := func(column string, why Reason, cell string) (said, *Refusal) {
		return said{}, &Refusal{rw.line, column, why, clip(cell)}
	}
	if rw.broken != "" {
		return no("", rw.broken, "")
	}
	s := said{line: rw.line}
	if column := r.unnamed(rw); column != "" {
		return no(column, NoIdentity, "")
	}
	var why Reason
	if s.day, why = r.day(rw); why != "" {
		return no(r.o.Mapping.Day.Column, why, rw.cells[r.dayAt])
	}
	if s.language, why = r.choose(&r.language, rw, NoLanguage); why != "" {
		return no(r.language.name, why, rw.cells[r.language.at])
	}
	voice, why := r.choose(&r.voice, rw, NoVoice)
	if why != "" {
		return no(r.voice.name, why, rw.cells[r.voice.at])
	}
	s.voice = exercise.Voice(voice)
	if refusal := r.answers(rw, &s); refusal != nil {
		return said{}, refusal
	}
	return s, nil
}

// unnamed returns the first column of the identity that names nobody in this row, or "".
func (r *reader) unnamed(rw *row) string {
	for n, i := range r.identity {
		if cell := r.fold(rw.cells[i]); len(cell) == 0 || r.nobody[string(cell)] {
			return r.o.Mapping.Identity.Columns[n]
		}
	}
	return ""
}

func (r *reader) day(rw *row) (exercise.Day, Reason) {
	if r.formats == nil {
		return r.o.Mapping.Day.Fixed, ""
	}
	cell := strings.TrimSpace(rw.cells[r.dayAt])
	day, ok := r.table.day(cell)
	for i := 0; !ok && i < len(r.formats); i++ {
		day, ok = r.formats[i].day(cell)
	}
	switch {
	case !ok:
		return "", NoDay
	case r.o.Today != "" && day > r.o.Today:
		return "", Future
	}
	return day, ""
}

func (r *reader) choose(c *chooser, rw *row, empty Reason) (string, Reason) {
	if c.values == nil {
		return c.fixed, ""
	}
	cell := r.fold(rw.cells[c.at])
	if v, ok := c.values[string(cell)]; ok {
		return v, ""
	}
	if len(cell) == 0 {
		return "", empty
	}
	return "", NotListed
}

// answers reads the answers of the row into s.
func (r *reader) answers(rw *row, s *said) *Refusal {
	inputs, from := r.inputs, r.from
	clear(inputs)
	clear(from)
	for i := range r.columns {
		c := &r.columns[i]
		if c.is != nil && !c.is[string(r.fold(rw.cells[c.when]))] {
			continue
		}
		in, ok := r.input(c, rw.cells[c.at])
		if !ok {
			return &Refusal{rw.line, c.name, NotListed, clip(rw.cells[c.at])}
		}
		switch {
		case in.Words == "" && in.Choices == nil:
			continue
		case from[c.to] == nil:
		case r.questions[c.to].Kind == survey.Several:
			in.Choices = append(inputs[c.to].Choices, in.Choices...)
		default:
			continue
		}
		inputs[c.to], from[c.to] = in, c
	}
	s.answers = r.given[:0]
	for to := range r.questions {
		if from[to] == nil {
			continue
		}
		q, in := &r.questions[to], inputs[to]
		a, err := q.Read(in)
		if err != nil {
			return &Refusal{rw.line, from[to].name, reasonOf(err), shown(q, in)}
		}
		if a.Given() {
			s.answers = append(s.answers, a)
			s.declined = s.declined || q.Declines(a)
		}
	}
	r.given = s.answers
	return nil
}

// input returns what a person would have sent; not ok when the mapping does not list the cell.
func (r *reader) input(c *source, cell string) (in survey.Input, ok bool) {
	if len(c.values) == 0 {
		if f := r.fold(cell); len(f) == 0 || c.missing[string(f)] {
			return in, true
		}
		return survey.Input{Words: strings.TrimSpace(cell)}, true
	}
	parts := []string{cell}
	if c.split != "" {
		parts = strings.Split(cell, c.split)
	}
	for _, part := range parts {
		f := r.fold(part)
		id, listed := c.values[string(f)]
		switch {
		case listed:
			in.Choices = append(in.Choices, id)
		case len(f) > 0 && !c.missing[string(f)] && !c.others:
			return in, false
		}
	}
	return in, true
}

// shown returns what a message may repeat: a number, never somebody's words.
func shown(q *survey.Question, in survey.Input) string {
	if q.Kind == survey.Number {
		return clip(in.Words)
	}
	return ""
}

func reasonOf(err error) Reason {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return NotAllowed
	}
	switch f.Key {
	case "answer.too_long":
		return TooLong
	case "answer.not_a_number":
		return NotNumber
	case "answer.number_between":
		return OutOfRange
	}
	return NotAllowed
}

// response makes one response of the rows of a person, the newest first.
func (r *reader) response(of key, rows []said, occurrence int) survey.Response {
	sv, first := &r.o.Survey, rows[0]
	out := survey.Response{Ref: survey.Ref{Area: sv.Area, Survey: sv.ID, Day: first.day, ID: r.id(of, occurrence)},
		Version: sv.Version, Language: first.language, Voice: first.voice, Channel: survey.Imported,
		Answers: make([]survey.Answer, 0, len(first.answers))}
	for i := range r.questions {
		q := &r.questions[i]
		for j := range rows {
			a, ok := answerTo(rows[j].answers, q.ID)
			if !ok {
				continue
			}
			if q.About {
				out.About = append(out.About, a)
			} else {
				out.Answers = append(out.Answers, a)
			}
			break
		}
	}
	return out
}

func answerTo(list []survey.Answer, question string) (survey.Answer, bool) {
	for _, a := range list {
		if a.Question == question {
			return a, true
		}
	}
	return survey.Answer{}, false
}
