package intake

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"sayso/internal/exercise"
)

// text is a table in CSV.
type text struct {
	in       io.ReaderAt
	size     int64
	letters  letters
	comma    byte
	loose    bool
	named    bool // the first line names the delimiter
	headLine int
	titles   []string
	marks    []byte // of each row that was read, from the one before: how many bytes and lines further it ends
}

func openText(in io.ReaderAt, size int64, how Table) (*text, error) {
	l, err := lettersOf(in, size)
	if err != nil {
		return nil, err
	}
	t := &text{in: in, size: size, letters: l, loose: how.Quotes == quotesLoose}
	if t.comma, t.named, err = t.delimiter(how.Delimiter); err != nil {
		return nil, err
	}
	r := t.records()
	first, err := r.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("the table is empty")
	case err != nil:
		return nil, err
	case first.broken != "":
		return nil, errors.New("the head of the table cannot be read: " + first.broken.Sentence())
	}
	t.titles, t.headLine = slices.Clone(first.cells), first.line
	return t, nil
}

func (t *text) head() []string                  { return t.titles }
func (t *text) weight() int64                   { return t.size }
func (t *text) encoding() string                { return t.letters.name }
func (t *text) note() string                    { return t.letters.note }
func (t *text) day(string) (exercise.Day, bool) { return "", false }
func (t *text) close()                          {}

func (t *text) rows(mine func(at int) bool) iter.Seq2[*row, error] {
	return func(yield func(*row, error) bool) {
		r := t.records()
		for r.number < t.headLine { // an empty line may stand before the head
			if _, err := r.next(); err != nil {
				yield(nil, err)
				return
			}
		}
		if mine == nil {
			t.all(r, yield)
		} else {
			t.some(r, mine, yield)
		}
	}
}

// all yields every row, and marks where it ends.
func (t *text) all(r *records, yield func(*row, error) bool) {
	t.marks = t.marks[:0]
	for {
		number, end := r.number, r.end
		rw, err := r.next()
		if errors.Is(err, io.EOF) {
			return
		}
		t.marks = binary.AppendUvarint(binary.AppendUvarint(t.marks, uint64(r.end-end)), uint64(r.number-number))
		if err == nil && rw.broken == "" && len(rw.cells) != len(t.titles) {
			rw.broken = Fields
		}
		if !yield(rw, err) || err != nil {
			return
		}
	}
}

// some yields the rows that are wanted, and passes over the others by their marks.
func (t *text) some(r *records, mine func(at int) bool, yield func(*row, error) bool) {
	number, end := r.number, r.end
	for at, left := 0, t.marks; len(left) > 0; at++ {
		further, n := binary.Uvarint(left)
		lines, m := binary.Uvarint(left[n:])
		left = left[n+m:]
		if mine(at) {
			err := r.skip(number, end)
			var rw *row
			if err == nil {
				rw, err = r.next()
			}
			if err == nil && (rw.broken != "" || len(rw.cells) != len(t.titles)) {
				err = errChanged
			}
			if !yield(rw, err) || err != nil {
				return
			}
		}
		number, end = number+int(lines), end+int64(further)
	}
}

// open starts to read the text, as UTF-8.
func (t *text) open() (*counting, io.Reader) {
	raw := &counting{in: io.NewSectionReader(t.in, t.letters.skip, t.size-t.letters.skip), n: t.letters.skip}
	if t.letters.decoder == nil {
		return raw, raw
	}
	return raw, t.letters.decoder.NewDecoder().Reader(raw)
}

func (t *text) records() *records {
	raw, in := t.open()
	r := newRecords(in, raw, t.comma, t.loose)
	if t.named {
		_, _ = r.line() // "sep=;": what it says is known
	}
	return r
}

// counting counts the bytes that were read.
type counting struct {
	in io.Reader
	n  int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}

const delimiters = ",;\t|"

// delimiter returns what divides the cells: as given, as the first line says ("sep=;"), or as it looks.
func (t *text) delimiter(given string) (comma byte, named bool, err error) {
	_, in := t.open()
	start, err := io.ReadAll(io.LimitReader(in, 1<<16))
	if err != nil {
		return 0, false, err
	}
	first, _, _ := bytes.Cut(start, []byte("\n"))
	said, named := strings.CutPrefix(strings.TrimRight(string(first), "\r"), "sep=")
	switch {
	case named && len(said) == 1:
		comma = said[0]
	case given != "":
		named = false
	default:
		return t.likeliest(start), false, nil
	}
	if given == "tab" {
		return '\t', named, nil
	}
	if given != "" {
		comma = given[0]
	}
	return comma, named, nil
}

// likeliest returns the delimiter by which most records have as many cells as the head, and most cells.
func (t *text) likeliest(start []byte) byte {
	best, bestScore := delimiters[0], 0
	for i := range len(delimiters) {
		r := newRecords(bytes.NewReader(start), nil, delimiters[i], t.loose)
		head, err := r.next()
		if err != nil || len(head.cells) < 2 {
			continue
		}
		width, same := len(head.cells), 1
		for rw, err := r.next(); err == nil; rw, err = r.next() {
			if len(rw.cells) == width {
				same++
			}
		}
		if score := same*100 + min(width, 99); score > bestScore {
			best, bestScore = delimiters[i], score
		}
	}
	return best
}
