package intake

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"sayso/internal/exercise"
)

// share is the rows of the people of one share. It is two pieces of memory without pointers, however many rows there are,
// so that the garbage collector has nothing to look through.
type share struct {
	rows  []kept
	cells []byte   // of all rows: each cell with its length before it
	texts []string // the cells of the row being looked at
}

// kept is a row: what it is sorted by, and where its cells lie.
type kept struct {
	key     key
	content key // of the whole row
	day     [len("2006-01-02")]byte
	line    int
	from    int // in the cells of the share
}

// add keeps the row, which has as many cells as the others.
func (s *share) add(k, content key, day exercise.Day, rw *row) {
	r := kept{key: k, content: content, line: rw.line, from: len(s.cells)}
	copy(r.day[:], day)
	s.rows = append(s.rows, r)
	for _, c := range rw.cells {
		s.cells = append(binary.AppendUvarint(s.cells, uint64(len(c))), c...)
	}
	s.texts = slices.Grow(s.texts[:0], len(rw.cells))[:len(rw.cells)]
}

// row returns the row once more. It is valid until the next one, its cells for ever.
func (s *share) row(k *kept) *row {
	end := k.from
	for range s.texts {
		size, n := binary.Uvarint(s.cells[end:])
		end += n + int(size)
	}
	all := string(s.cells[k.from:end])
	at := 0
	for i := range s.texts {
		size, n := binary.Uvarint(s.cells[k.from+at:])
		s.texts[i] = all[at+n : at+n+int(size)]
		at += n + int(size)
	}
	return &row{line: k.line, cells: s.texts}
}

// people puts together the rows of each person. The people are in the order of the log, so that a store writes each
// of its pages once.
func (s *share) people() (all [][]kept) {
	rows := s.rows
	slices.SortFunc(rows, compareKept)
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].key == rows[0].key {
			n++
		}
		all = append(all, rows[:n])
		rows = rows[n:]
	}
	slices.SortStableFunc(all, func(a, b []kept) int { return bytes.Compare(a[0].day[:], b[0].day[:]) })
	return all
}

// compareKept orders rows by person, of one person the newest first, of one day by what they hold: by nothing that
// depends on where they stand.
func compareKept(a, b kept) int {
	return cmp.Or(bytes.Compare(a.key[:], b.key[:]), bytes.Compare(b.day[:], a.day[:]), bytes.Compare(a.content[:], b.content[:]))
}
