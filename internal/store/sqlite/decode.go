package sqlite

import (
	"errors"
	"fmt"
	"slices"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// errDamaged says that a row does not hold what encodeResponse wrote.
var errDamaged = errors.New("a response cannot be read")

// decoder turns the bytes of a chunk into one response that is used again and again. What repeats from response
// to response (question and option ids, languages, days) is kept once.
type decoder struct {
	r       survey.Response
	known   map[string]string
	choices []string
	numbers []int64
	scratch []byte
}

// knownSize bounds what is remembered, should something not repeat after all.
const knownSize = 1 << 14

func newDecoder(area, surveyID string) *decoder {
	d := &decoder{known: map[string]string{}}
	d.r.Area, d.r.Survey = area, surveyID
	return d
}

// response returns the response of the row, valid until the next call.
func (d *decoder) response(c *chunk, row stretch) (*survey.Response, error) {
	d.choices, d.numbers = d.choices[:0], d.numbers[:0]
	d.r = survey.Response{
		Ref: survey.Ref{
			Area: d.r.Area, Survey: d.r.Survey,
			Day: exercise.Day(d.keep(c.bytes[row.day:row.id])), ID: string(c.bytes[row.id:row.body]),
		},
		Answers: d.r.Answers[:0],
		About:   d.r.About[:0],
	}
	body := cursor{b: c.bytes[row.body:row.about]}
	d.said(&body)
	if about := (cursor{b: c.bytes[row.about:row.end]}); len(about.b) > 0 {
		d.r.About = d.answers(&about, d.r.About)
		body.bad = body.bad || about.bad
	}
	if body.bad {
		return nil, fmt.Errorf("%w: survey %s", errDamaged, d.r.Survey)
	}
	return &d.r, nil
}

func (d *decoder) said(c *cursor) {
	for c.enter('{'); c.more('}'); {
		switch string(c.key()) {
		case "version":
			d.r.Version = int(c.integer())
		case "lang":
			d.r.Language = d.word(c)
		case "voice":
			d.r.Voice = exercise.Voice(d.word(c))
		case "channel":
			d.r.Channel = survey.Channel(d.word(c))
		case "withdrawn":
			d.r.Withdrawn = c.truth()
		case "held":
			d.r.Held = survey.Hold(d.word(c))
		case "answers":
			d.r.Answers = d.answers(c, d.r.Answers)
		default:
			c.skip()
		}
	}
}

func (d *decoder) answers(c *cursor, into []survey.Answer) []survey.Answer {
	if c.null() {
		return into
	}
	for c.enter('['); c.more(']'); {
		n := len(into)
		into = slices.Grow(into, 1)
		into = append(into, d.answer(c, into[:n+1][n].Question))
	}
	return into
}

// answer reads one answer; hint is the question that stood in its place last time.
func (d *decoder) answer(c *cursor, hint string) (a survey.Answer) {
	for c.enter('{'); c.more('}'); {
		switch string(c.key()) {
		case "q":
			a.Question = d.expect(c, hint)
		case "c":
			a.Choices = d.list(c)
		case "t":
			a.Words = string(d.text(c))
		case "n":
			d.numbers = append(d.numbers, c.integer())
			a.Number = &d.numbers[len(d.numbers)-1]
		case "s":
			a.Skip = survey.Skip(d.word(c))
		default:
			c.skip()
		}
	}
	return a
}

// list reads strings to the end of choices: slices of it that were handed out stay as they are when it grows.
func (d *decoder) list(c *cursor) []string {
	start := len(d.choices)
	for c.enter('['); c.more(']'); {
		d.choices = append(d.choices, d.word(c))
	}
	return d.choices[start:len(d.choices):len(d.choices)]
}

// text reads a string; the bytes are valid until the next one.
func (d *decoder) text(c *cursor) []byte {
	raw, plain := c.raw()
	if plain {
		return raw
	}
	d.scratch = c.unescape(d.scratch[:0], raw)
	return d.scratch
}

func (d *decoder) word(c *cursor) string { return d.keep(d.text(c)) }

// expect is word for what is most likely the hint.
func (d *decoder) expect(c *cursor, hint string) string {
	b := d.text(c)
	if string(b) == hint {
		return hint
	}
	return d.keep(b)
}

// keep returns the string of the bytes, the same one each time.
func (d *decoder) keep(b []byte) string {
	if s, ok := d.known[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(d.known) < knownSize {
		d.known[s] = s
	}
	return s
}
