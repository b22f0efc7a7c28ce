package report

import (
	"cmp"
	"slices"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// tally is what a stretch of the log adds up to. Tallies of one plan merge in any order and grouping to the same.
type tally struct {
	received, withdrawn int64
	held                []int64 // by the reason's place in survey.Holds
	columns             int
	cells               []int64     // row · columns + column
	meet                []int64     // language × voice × age among everyone, see plan.meeting
	words               []reservoir // by theme: what may be quoted
}

func newTally(p *plan) *tally {
	return &tally{
		held:    make([]int64, len(survey.Holds)),
		columns: p.columns, cells: make([]int64, p.rows*p.columns),
		meet: make([]int64, p.meetings), words: make([]reservoir, len(p.parents)),
	}
}

// add counts one person, who stands in the columns, in a row.
func (t *tally) add(row int, columns []int) {
	cells := t.cells[row*t.columns:]
	for _, c := range columns {
		cells[c]++
	}
}

// row returns the counts of a row, by column.
func (t *tally) row(row int) []int64 { return t.cells[row*t.columns : (row+1)*t.columns] }

// people is how many people a row counts: everyone stands in one column of the first variable.
func (t *tally) people(p *plan, row int) int64 {
	var n int64
	v := &p.vars[voiceVar]
	for _, c := range t.row(row)[v.first : v.rest()+1] {
		n += c
	}
	return n
}

// heldBack is how many responses are held back for any reason.
func (t *tally) heldBack() (n int64) {
	for _, some := range t.held {
		n += some
	}
	return n
}

// merge adds another tally of the same plan.
func (t *tally) merge(o *tally) {
	t.received += o.received
	t.withdrawn += o.withdrawn
	for i, n := range o.held {
		t.held[i] += n
	}
	for i, n := range o.cells {
		t.cells[i] += n
	}
	for i, n := range o.meet {
		t.meet[i] += n
	}
	for i := range o.words {
		for _, c := range o.words[i] {
			t.words[i].offer(c)
		}
	}
}

// candidate is a text whose author agreed to be quoted. Its hash decides whether it is looked at: chance that does
// not depend on the order of the log.
type candidate struct {
	hash           uint64
	from           survey.Ref
	question, lang string
	voice          exercise.Voice
	age            string
	text           string
}

// reservoirSize is how many texts of a theme are looked at for quotes.
const reservoirSize = 60

// reservoir holds the candidates with the smallest hashes, in their order.
type reservoir []candidate

// takes says whether a candidate of the hash would be kept.
func (r reservoir) takes(hash uint64) bool {
	return len(r) < reservoirSize || hash < r[len(r)-1].hash
}

func (r *reservoir) offer(c candidate) {
	if !r.takes(c.hash) {
		return
	}
	at, there := slices.BinarySearchFunc(*r, c, func(a, b candidate) int { return cmp.Compare(a.hash, b.hash) })
	if there {
		return
	}
	*r = slices.Insert(*r, at, c)
	*r = (*r)[:min(len(*r), reservoirSize)]
}
