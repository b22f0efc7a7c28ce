package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

// Format is how a table is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// mostRows is how many rows under its heading a sheet can have.
const mostRows = 1<<20 - 1

// errLedger says that the rows of an export are not the responses that there are.
var errLedger = errors.New("the rows do not add up to the responses that were received")

// Answers is the table of what people answered to a survey, one row for each whose answers count, in a form in which
// nobody can be singled out: no day and no id, nothing that people told of themselves (questions that are kept apart
// from the answers, or by which reports divide people), personal details taken out of their words. Who speaks is named
// once enough people spoke with that voice; see veil.
type Answers struct {
	survey    *survey.Survey
	format    Format
	columns   []column
	responses survey.Responses
	floor     int
	names     Naming
	label     func(lang, kind string) string
}

// column is a question, with what its options are called.
type column struct {
	survey.Question
	options map[string]string
}

// Exported is what became of the responses: Received = Rows + Withdrawn + Held.
type Exported struct{ Rows, Withdrawn, Held, Received int }

// Answers prepares the table and records that it goes out. Responses that were given to another area than the one that
// asks now are not in it. Conflict if fewer people answered than a group that may be shown, Invalid if there are more
// than a spreadsheet can hold. For analysts.
func (s *Service) Answers(ctx context.Context, by people.Staff, surveyID string, format Format, n Naming) (*Answers, error) {
	if !by.Is(people.Analyst) {
		return nil, forbidden()
	}
	if format != CSV && format != XLSX {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	versions, err := s.from.Surveys.Versions(ctx, surveyID)
	if err != nil {
		return nil, fmt.Errorf("read survey %s: %w", surveyID, err)
	}
	newest := &versions[len(versions)-1]
	received, err := s.from.Responses.CountResponses(ctx, newest.Area, newest.ID)
	if err != nil {
		return nil, fmt.Errorf("count the responses of %s: %w", surveyID, err)
	}
	if received < int(s.rules.Floor) {
		return nil, tooFew(int(s.rules.Floor))
	}
	if format == XLSX && received > mostRows {
		return nil, fault.New(fault.Invalid, "answers.too_many").With(map[string]any{"Most": mostRows})
	}
	details := map[string]string{"format": string(format), "received": strconv.Itoa(received)}
	if err := s.audit.Record(ctx, by, people.ActAnswersExported, "survey/"+newest.ID, newest.Area, details); err != nil {
		return nil, fmt.Errorf("record the export: %w", err)
	}
	return &Answers{survey: newest, format: format, columns: answerColumns(versions, n), responses: s.from.Responses,
		floor: int(s.rules.Floor), names: n, label: s.from.Label}, nil
}

func tooFew(floor int) error {
	return fault.New(fault.Conflict, "answers.few").With(map[string]any{"Floor": floor})
}

// answerColumns are the questions of all versions but those that tell who somebody is, in the order of the newest.
func answerColumns(versions []survey.Survey, n Naming) []column {
	p := newPlan(versions, nil)
	var columns []column
	for _, s := range p.order {
		if s.Kind == survey.Info || len(s.feeds) > 0 || everAbout(versions, s.ID) {
			continue
		}
		c := column{s.Question, map[string]string{}}
		for i := range versions {
			if q, _, ok := versions[i].Question(s.ID); ok {
				for _, o := range choices(q) {
					c.options[o.ID] = n.Option(Question{Kind: q.Kind}, o)
				}
			}
		}
		columns = append(columns, c)
	}
	return columns
}

func everAbout(versions []survey.Survey, question string) bool {
	return slices.ContainsFunc(versions, func(v survey.Survey) bool {
		q, _, ok := v.Question(question)
		return ok && q.About
	})
}

// table is a file on its way.
type table interface {
	row(cells []any) error
	flush() error
	end() error
}

func (f Format) table(w io.Writer) (table, error) {
	if f == XLSX {
		return newWorkbook(w)
	}
	return newCommas(w)
}

// Name is what the file is called.
func (a *Answers) Name() string { return a.survey.ID + "-answers." + string(a.format) }

// Write writes the table as it reads the log, so that memory does not grow with it. It fails, before the file is
// whole, when the rows do not add up to what was received.
func (a *Answers) Write(ctx context.Context, w io.Writer) (Exported, error) {
	out, err := a.format.table(w)
	if err != nil {
		return Exported{}, fmt.Errorf("begin the table: %w", err)
	}
	heading := []any{a.names.Words("group.voice")}
	for _, c := range a.columns {
		heading = append(heading, fmt.Sprintf("%s [%s]", c.Ask.Words(a.names.Lang), c.ID))
	}
	if err := errors.Join(out.row(heading), out.flush()); err != nil {
		return Exported{}, fmt.Errorf("begin the table: %w", err)
	}
	sum, err := a.rows(ctx, out)
	if err != nil {
		return sum, err
	}
	if err := out.end(); err != nil {
		return sum, fmt.Errorf("end the table: %w", err)
	}
	return sum, nil
}

func (a *Answers) rows(ctx context.Context, out table) (sum Exported, err error) {
	before, err := a.responses.CountResponses(ctx, a.survey.Area, a.survey.ID)
	if err != nil {
		return sum, fmt.Errorf("count the responses: %w", err)
	}
	written := 0
	v := newVeil(a.floor, a.names.Words("answers.voice_hidden"), func(row []any) error {
		written++
		return out.row(row)
	})
	for r, err := range a.responses.Scan(ctx, survey.Range{Area: a.survey.Area, Survey: a.survey.ID}) {
		if err != nil {
			return sum, fmt.Errorf("read the log: %w", err)
		}
		sum.Received++
		if r.Withdrawn {
			sum.Withdrawn++
			continue
		}
		if r.Held != "" {
			sum.Held++
			continue
		}
		if err := v.row(r.Voice, a.row(r)); err != nil {
			return sum, fmt.Errorf("write the table: %w", err)
		}
	}
	if sum.Received-sum.Withdrawn-sum.Held < a.floor { // the veil holds them all
		return sum, tooFew(a.floor)
	}
	if err := v.end(); err != nil {
		return sum, fmt.Errorf("write the table: %w", err)
	}
	sum.Rows = written
	after, err := a.responses.CountResponses(ctx, a.survey.Area, a.survey.ID)
	if err != nil {
		return sum, fmt.Errorf("count the responses: %w", err)
	}
	if sum.Rows+sum.Withdrawn+sum.Held != sum.Received || sum.Received < before || sum.Received > after {
		return sum, fmt.Errorf("%w: %d rows, %d withdrawn and %d held back of %d to %d",
			errLedger, sum.Rows, sum.Withdrawn, sum.Held, before, after)
	}
	return sum, nil
}

// row is the answers of one person. The first cell is who speaks.
func (a *Answers) row(r *survey.Response) []any {
	row := make([]any, 1+len(a.columns))
	row[0] = a.names.Words(survey.VoiceKey("voice_of.", r.Voice, a.survey.Everyone))
	for i := range a.columns {
		row[1+i] = ""
	}
	for i := range r.Answers {
		at := slices.IndexFunc(a.columns, func(c column) bool { return c.ID == r.Answers[i].Question })
		if at >= 0 {
			row[1+at] = a.cell(&a.columns[at], r.Language, &r.Answers[i])
		}
	}
	return row
}

func (a *Answers) cell(c *column, lang string, answer *survey.Answer) any {
	switch {
	case answer.Words != "":
		clean, _ := theme.Redact(answer.Words, func(kind string) string { return a.label(lang, kind) })
		return clean
	case answer.Number != nil:
		return int(*answer.Number)
	case answer.Skip == survey.Unknown || answer.Skip == survey.Withheld:
		return a.names.Words("skip." + string(answer.Skip))
	}
	chosen := make([]string, len(answer.Choices))
	for i, id := range answer.Choices {
		name, ok := c.options[id]
		if !ok {
			name = id
		}
		chosen[i] = name
	}
	return strings.Join(chosen, "; ")
}

// veil lets rows through whose voice enough people speak with. It holds the first rows of each voice back until it has
// seen enough of them, and the newest of all. At the end the rows of voices that stayed few go out without their voice
// and, where these are few together, among others whose voice is left out too.
type veil struct {
	floor   int
	hidden  any // instead of a voice
	write   func(row []any) error
	waiting map[exercise.Voice][][]any // fewer than floor of each; nil: the voice may be shown
	newest  [][]any                    // floor rows that may be shown
}

func newVeil(floor int, hidden any, write func(row []any) error) *veil {
	return &veil{floor: floor, hidden: hidden, write: write, waiting: map[exercise.Voice][][]any{}}
}

func (v *veil) row(voice exercise.Voice, row []any) error {
	waiting, seen := v.waiting[voice]
	if seen && waiting == nil {
		return v.show(row)
	}
	v.waiting[voice] = append(waiting, row)
	if len(waiting)+1 < v.floor {
		return nil
	}
	for _, row := range v.waiting[voice] {
		if err := v.show(row); err != nil {
			return err
		}
	}
	v.waiting[voice] = nil
	return nil
}

func (v *veil) show(row []any) error {
	v.newest = append(v.newest, row)
	if len(v.newest) <= v.floor {
		return nil
	}
	row, v.newest = v.newest[0], v.newest[1:]
	return v.write(row)
}

func (v *veil) end() error {
	var few [][]any
	for _, voice := range slices.Sorted(maps.Keys(v.waiting)) {
		few = append(few, v.waiting[voice]...)
	}
	rest := v.newest
	if len(few) > 0 && len(few) < v.floor {
		few, rest = append(few, v.newest...), nil
	}
	for _, row := range few {
		row[0] = v.hidden
	}
	for _, row := range append(rest, few...) {
		if err := v.write(row); err != nil {
			return err
		}
	}
	return nil
}
