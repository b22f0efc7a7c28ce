package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"sayso/internal/exercise"
)

// table is a head and the rows under it. It can be read again and again.
type table interface {
	head() []string
	// rows yields the rows under the head that are wanted: all, where mine is nil. at counts them from 0, and whoever wants
	// some has read all before. A row is the iterator's: it is valid until the next one, its cells for ever.
	rows(mine func(at int) bool) iter.Seq2[*row, error]
	// day reads a cell that the table itself marks as a day.
	day(cell string) (exercise.Day, bool)
	weight() int64 // about how many bytes it is as text
	encoding() string
	note() string
	close()
}

// row is one row of a table, with as many cells as the head unless it is broken.
type row struct {
	line   int   // from 1, where it begins
	at     int64 // bytes of the input up to here, about
	cells  []string
	broken Reason
}

func (r *row) blank() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return r.broken == ""
}

// mostCell is how many bytes a row of a text, or a cell of a workbook, can have.
const mostCell = 1 << 20

// open finds out what the input is. The error is a fault.
func open(in io.ReaderAt, size int64, how Table) (table, error) {
	first := make([]byte, min(size, 8))
	if _, err := io.ReadFull(io.NewSectionReader(in, 0, size), first); err != nil {
		return nil, fmt.Errorf("open the table: %w", err)
	}
	var t table
	var err error
	switch {
	case size == 0:
		err = errors.New("the file is empty")
	case bytes.HasPrefix(first, []byte("PK\x03\x04")):
		t, err = openWorkbook(in, size, how.Sheet)
	case bytes.HasPrefix(first, []byte("\xd0\xcf\x11\xe0")):
		err = errors.New("this is an old workbook (.xls) or one with a password; save it as .xlsx without a password, or as CSV")
	default:
		t, err = openText(in, size, how)
	}
	if err != nil {
		return nil, invalid("import.unreadable", err)
	}
	return t, nil
}
