package report

import (
	"encoding/binary"
	"errors"
	"slices"

	"sayso/internal/survey"
)

// errFold says that a fold cannot be read.
var errFold = errors.New("a fold cannot be read")

// encodeTally writes a tally for a Fold, as unsigned varints: what was received, withdrawn and held back; the cells, then those of
// language by voice by age, each as its distance from the one before (0 ends them) and its count; how many texts may be quoted and
// of each the place of its question and the id of its response; for each theme how many, and which of them.
func encodeTally(p *plan, t *tally) []byte {
	b := binary.AppendUvarint(nil, uint64(t.received))
	b = binary.AppendUvarint(b, uint64(t.withdrawn))
	b = appendCells(b, t.held)
	b = appendCells(b, t.cells)
	b = appendCells(b, t.meet)
	at := map[uint64]int{}
	var texts []candidate
	for _, reservoir := range t.words {
		for _, c := range reservoir {
			if _, there := at[c.hash]; !there {
				at[c.hash] = len(texts)
				texts = append(texts, c)
			}
		}
	}
	b = binary.AppendUvarint(b, uint64(len(texts)))
	for _, c := range texts {
		b = binary.AppendUvarint(b, uint64(slices.Index(p.order, p.slots[c.question])))
		b = binary.AppendUvarint(b, uint64(len(c.from.ID)))
		b = append(b, c.from.ID...)
	}
	for _, reservoir := range t.words {
		b = binary.AppendUvarint(b, uint64(len(reservoir)))
		for _, c := range reservoir {
			b = binary.AppendUvarint(b, uint64(at[c.hash]))
		}
	}
	return b
}

func appendCells(b []byte, cells []int64) []byte {
	last := -1
	for i, n := range cells {
		if n != 0 {
			b = binary.AppendUvarint(b, uint64(i-last))
			b = binary.AppendUvarint(b, uint64(n))
			last = i
		}
	}
	return append(b, 0)
}

// decodeTally reads what encodeTally wrote by the same plan. Its texts have no words yet.
func decodeTally(p *plan, f Fold) (*tally, error) {
	t, d := newTally(p), decoder{b: f.Body}
	t.received, t.withdrawn = int64(d.number()), int64(d.number())
	d.cells(t.held)
	d.cells(t.cells)
	d.cells(t.meet)
	texts := make([]candidate, d.upTo(len(d.b)))
	for i := range texts {
		texts[i] = d.candidate(p, f.Stretch)
	}
	for i := range t.words {
		t.words[i] = make(reservoir, d.upTo(reservoirSize))
		for j := range t.words[i] {
			if at := d.upTo(len(texts) - 1); !d.bad {
				t.words[i][j] = texts[at]
			}
		}
	}
	if d.bad || len(d.b) > 0 {
		return nil, errFold
	}
	return t, nil
}

// decoder takes values from the front of its bytes; bad says that it could not.
type decoder struct {
	b   []byte
	bad bool
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.b)
	if size <= 0 {
		d.bad = true
		d.b = nil
		return 0
	}
	d.b = d.b[size:]
	return n
}

// upTo takes a number that is at most most, 0 if it is not.
func (d *decoder) upTo(most int) int {
	n := d.number()
	if most < 0 || n > uint64(most) {
		d.bad = true
		return 0
	}
	return int(n)
}

func (d *decoder) cells(cells []int64) {
	at := -1
	for step := d.upTo(len(cells)); step > 0; step = d.upTo(len(cells)) {
		if at += step; at >= len(cells) {
			d.bad = true
			return
		}
		cells[at] = int64(d.number())
	}
}

func (d *decoder) text(n int) string {
	if n > len(d.b) {
		d.bad = true
		return ""
	}
	s := string(d.b[:n])
	d.b = d.b[n:]
	return s
}

func (d *decoder) candidate(p *plan, s survey.Stretch) candidate {
	question := d.upTo(len(p.order) - 1)
	id := d.text(d.upTo(len(d.b)))
	c := candidate{from: survey.Ref{Area: s.Area, Survey: s.Survey, Day: s.From.Day, ID: id}}
	if !d.bad {
		c.question = p.order[question].ID
		c.hash, _ = quoteHash(nil, s.Survey, id, c.question)
	}
	return c
}
