package mongo

import (
	"bytes"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// decoder turns documents into one response that is used again and again. What repeats from response to response
// (question and option ids, languages, days) is kept once.
type decoder struct {
	r       survey.Response
	known   map[string]string
	choices []string
	numbers []int64
	bad     bool
}

// knownSize bounds what is remembered, should something not repeat after all.
const knownSize = 1 << 14

func newDecoder(area, surveyID string) *decoder {
	d := &decoder{known: map[string]string{}}
	d.r.Area, d.r.Survey = area, surveyID
	return d
}

// response returns the response of the two documents, valid until the next call; about may be nil.
func (d *decoder) response(said, about bson.Raw) (*survey.Response, error) {
	d.choices, d.numbers, d.bad = d.choices[:0], d.numbers[:0], false
	d.r = survey.Response{
		Ref:     survey.Ref{Area: d.r.Area, Survey: d.r.Survey},
		Answers: d.r.Answers[:0],
		About:   d.r.About[:0],
	}
	d.said(elements(said))
	if !d.r.Withdrawn {
		d.about(elements(about))
	}
	if d.bad {
		return nil, errDamaged
	}
	return &d.r, nil
}

// elements returns what follows the length of a document or an array.
func elements(doc []byte) []byte {
	if len(doc) < 5 {
		return nil
	}
	return doc[4:]
}

// next takes one element; ok is false at the end.
func (d *decoder) next(rest *[]byte) (name []byte, v bsoncore.Value, ok bool) {
	if len(*rest) <= 1 {
		return nil, v, false
	}
	e, after, ok := bsoncore.ReadElement(*rest)
	if !ok {
		d.bad = true
		return nil, v, false
	}
	*rest = after
	name = e.KeyBytes()
	return name, bsoncore.Value{Type: bsoncore.Type(e[0]), Data: e[len(name)+2:]}, true
}

func (d *decoder) said(rest []byte) {
	for name, v, ok := d.next(&rest); ok; name, v, ok = d.next(&rest) {
		switch string(name) {
		case "_id":
			d.place(d.bytes(v))
		case "version":
			d.r.Version = int(d.integer(v))
		case "lang":
			d.r.Language = d.word(v)
		case "voice":
			d.r.Voice = exercise.Voice(d.word(v))
		case "channel":
			d.r.Channel = survey.Channel(d.word(v))
		case "withdrawn":
			d.r.Withdrawn, _ = v.BooleanOK()
		case "held":
			d.r.Held = survey.Hold(d.word(v))
		case "answers":
			d.r.Answers = d.answers(v, d.r.Answers)
		}
	}
}

func (d *decoder) about(rest []byte) {
	for name, v, ok := d.next(&rest); ok; name, v, ok = d.next(&rest) {
		if string(name) == "about" {
			d.r.About = d.answers(v, d.r.About)
		}
	}
}

// place reads the day and the id at the end of an _id.
func (d *decoder) place(id []byte) {
	if i := bytes.LastIndexByte(id, separator[0]); i > 0 {
		day := id[:i]
		d.r.Day = exercise.Day(d.keep(day[bytes.LastIndexByte(day, separator[0])+1:]))
		d.r.ID = string(id[i+1:])
	}
}

func (d *decoder) answers(v bsoncore.Value, into []survey.Answer) []survey.Answer {
	rest := elements(d.nested(v))
	for _, v, ok := d.next(&rest); ok; _, v, ok = d.next(&rest) {
		n := len(into)
		if n < cap(into) {
			into = append(into, d.answer(elements(d.nested(v)), into[:n+1][n].Question))
		} else {
			into = append(into, d.answer(elements(d.nested(v)), ""))
		}
	}
	return into
}

// answer reads one answer; hint is the question that stood in its place last time.
func (d *decoder) answer(rest []byte, hint string) (a survey.Answer) {
	for name, v, ok := d.next(&rest); ok; name, v, ok = d.next(&rest) {
		switch string(name) {
		case "q":
			if b := d.bytes(v); string(b) == hint {
				a.Question = hint
			} else {
				a.Question = d.keep(b)
			}
		case "c":
			a.Choices = d.list(v)
		case "t":
			a.Words = string(d.bytes(v))
		case "n":
			d.numbers = append(d.numbers, d.integer(v))
			a.Number = &d.numbers[len(d.numbers)-1]
		case "s":
			a.Skip = survey.Skip(d.word(v))
		}
	}
	return a
}

// list reads strings to the end of choices: slices of it that were handed out stay as they are when it grows.
func (d *decoder) list(v bsoncore.Value) []string {
	start := len(d.choices)
	rest := elements(d.nested(v))
	for _, v, ok := d.next(&rest); ok; _, v, ok = d.next(&rest) {
		d.choices = append(d.choices, d.word(v))
	}
	return d.choices[start:len(d.choices):len(d.choices)]
}

// nested returns the bytes of a document or an array, nothing for null.
func (d *decoder) nested(v bsoncore.Value) []byte {
	switch v.Type {
	case bsoncore.TypeArray, bsoncore.TypeEmbeddedDocument:
		return v.Data
	case bsoncore.TypeNull:
		return nil
	}
	d.bad = true
	return nil
}

// bytes returns a string without copying it: four bytes of length before it, a zero behind it.
func (d *decoder) bytes(v bsoncore.Value) []byte {
	if v.Type != bsoncore.TypeString || len(v.Data) < 5 {
		d.bad = true
		return nil
	}
	return v.Data[4 : len(v.Data)-1]
}

func (d *decoder) integer(v bsoncore.Value) int64 {
	n, ok := v.AsInt64OK()
	d.bad = d.bad || !ok
	return n
}

func (d *decoder) word(v bsoncore.Value) string { return d.keep(d.bytes(v)) }

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
