package intake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// records cuts a text into records as RFC 4180 has it. One that cannot be read costs its first line only: reading
// goes on at the next line, so that a quotation mark too many does not swallow the rest of the table.
type records struct {
	in     *bufio.Reader
	raw    *counting // may be nil
	comma  byte
	loose  bool
	number int    // of the line read last
	end    int64  // of it, in bytes from the beginning
	held   []held // lines to be read again, before those of in
	row    row
	cells  cells
}

// held is a line that was read too early.
type held struct {
	text []byte // nil: it was too long
	size int64  // in bytes
}

func newRecords(in io.Reader, raw *counting, comma byte, loose bool) *records {
	return &records{in: bufio.NewReaderSize(in, 1<<16), raw: raw, comma: comma, loose: loose}
}

var (
	errLongLine = errors.New("line too long")
	errChanged  = errors.New("the table was changed while it was read")
)

// line returns the next line with its end. It is valid until the next call.
func (r *records) line() ([]byte, error) {
	r.number++
	if len(r.held) > 0 {
		h := r.held[0]
		r.held = r.held[1:]
		if r.end += h.size; h.text == nil {
			return nil, errLongLine
		}
		return h.text, nil
	}
	l, err := r.in.ReadSlice('\n')
	r.end += int64(len(l))
	if err == nil || errors.Is(err, io.EOF) && len(l) > 0 {
		return l, nil
	}
	if !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	return r.longLine(bytes.Clone(l))
}

func (r *records) longLine(l []byte) ([]byte, error) {
	for {
		more, err := r.in.ReadSlice('\n')
		r.end += int64(len(more))
		if len(l) <= mostCell {
			l = append(l, more...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if len(l) > mostCell {
			return nil, errLongLine
		}
		return l, nil
	}
}

// next returns the next record that is not an empty line; io.EOF behind the last.
func (r *records) next() (*row, error) {
	for {
		l, err := r.line()
		r.row = row{line: r.number}
		if r.raw != nil {
			r.row.at = r.raw.n
		}
		switch {
		case errors.Is(err, errLongLine):
			r.row.broken = TooBig
			return &r.row, nil
		case err != nil:
			return nil, err
		case len(withoutEnd(l)) == 0:
			continue
		}
		r.row.broken, err = r.record(l)
		if r.row.broken == "" {
			r.row.cells = r.cells.strings()
		}
		return &r.row, err
	}
}

// skip passes over everything up to the byte end, which is the end of line number.
func (r *records) skip(number int, end int64) error {
	if len(r.held) > 0 || end < r.end {
		return errChanged
	}
	if _, err := r.in.Discard(int(end - r.end)); err != nil {
		return errChanged
	}
	r.number, r.end = number, end
	return nil
}

// withoutEnd cuts off the one end of line: a line feed, a carriage return, or both.
func withoutEnd(l []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(l, []byte("\n")), []byte("\r"))
}

// record reads the record that begins with the line, and the lines after it that it needs.
func (r *records) record(l []byte) (Reason, error) {
	r.cells.start(r.comma, r.loose)
	done, broken := r.cells.add(l)
	if done || broken != "" {
		return broken, nil
	}
	var after []held // the lines that are read again if the record is broken
	end := r.end
	for !done && broken == "" {
		from := r.end
		l, err := r.line()
		switch {
		case errors.Is(err, io.EOF):
			r.number--
			broken = Unclosed
		case errors.Is(err, errLongLine):
			after, broken = append(after, held{size: r.end - from}), Unclosed
		case err != nil:
			return "", err
		default:
			after = append(after, held{bytes.Clone(l), r.end - from})
			done, broken = r.cells.add(l)
		}
	}
	if broken != "" {
		r.number, r.end = r.number-len(after), end
		r.held = append(after, r.held...)
	}
	return broken, nil
}

// cells cuts one record, line by line.
type cells struct {
	comma  byte
	loose  bool
	inside bool   // a quotation mark is open
	all    []byte // the cells, one behind the other
	ends   []int
	texts  []string
}

func (c *cells) start(comma byte, loose bool) {
	c.comma, c.loose, c.inside = comma, loose, false
	c.all, c.ends = c.all[:0], c.ends[:0]
}

// strings returns the cells in one piece of memory; the slice is valid until the next call, the cells for ever.
func (c *cells) strings() []string {
	c.texts = c.texts[:0]
	all, from := string(c.all), 0
	for _, to := range c.ends {
		c.texts = append(c.texts, all[from:to])
		from = to
	}
	return c.texts
}

// add reads one more line and says whether the record ends with it.
func (c *cells) add(l []byte) (done bool, broken Reason) {
	if len(c.all)+len(l) > mostCell {
		return false, Unclosed
	}
	l = withoutEnd(l)
	for {
		var more bool
		if c.inside {
			l, more, broken = c.quoted(l)
		} else if len(l) > 0 && l[0] == '"' {
			l, c.inside, more = l[1:], true, true
		} else {
			l, more, broken = c.bare(l)
		}
		if broken != "" || !more {
			return !c.inside, broken
		}
	}
}

// bare reads a cell without quotes. more says whether the line goes on.
func (c *cells) bare(l []byte) (rest []byte, more bool, broken Reason) {
	end := bytes.IndexByte(l, c.comma)
	if more = end >= 0; more {
		l, rest = l[:end], l[end+1:]
	}
	if !c.loose && bytes.IndexByte(l, '"') >= 0 {
		return nil, false, Quotes
	}
	c.all = append(c.all, l...)
	c.ends = append(c.ends, len(c.all))
	return rest, more, ""
}

// quoted reads on inside quotes.
func (c *cells) quoted(l []byte) (rest []byte, more bool, broken Reason) {
	end := bytes.IndexByte(l, '"')
	if end < 0 {
		c.all = append(append(c.all, l...), '\n')
		return nil, false, ""
	}
	c.all = append(c.all, l[:end]...)
	l = l[end+1:]
	switch {
	case len(l) > 0 && l[0] == '"':
		c.all = append(c.all, '"')
		return l[1:], true, ""
	case len(l) == 0 || l[0] == c.comma:
		c.ends, c.inside = append(c.ends, len(c.all)), false
		if len(l) == 0 {
			return nil, false, ""
		}
		return l[1:], true, ""
	case c.loose:
		c.all = append(c.all, '"')
		return l, true, ""
	}
	return nil, false, Quotes
}
