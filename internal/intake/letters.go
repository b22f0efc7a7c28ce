package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// letters says how the letters of a text are written.
type letters struct {
	name    string
	note    string
	skip    int64             // bytes of a byte order mark
	decoder encoding.Encoding // nil: UTF-8
}

// lettersOf reads the whole text to find out. A text with a few damaged bytes among good UTF-8 stays UTF-8.
func lettersOf(in io.ReaderAt, size int64) (letters, error) {
	mark := make([]byte, min(size, 3))
	if _, err := io.ReadFull(io.NewSectionReader(in, 0, size), mark); err != nil {
		return letters{}, err
	}
	var l letters
	switch {
	case bytes.HasPrefix(mark, []byte("\xff\xfe")):
		return letters{name: "UTF-16", decoder: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}, nil
	case bytes.HasPrefix(mark, []byte("\xfe\xff")):
		return letters{name: "UTF-16", decoder: unicode.UTF16(unicode.BigEndian, unicode.UseBOM)}, nil
	case bytes.HasPrefix(mark, []byte("\ufeff")):
		l.skip = 3
	}
	c, err := countLetters(io.NewSectionReader(in, l.skip, size-l.skip))
	if err != nil {
		return letters{}, err
	}
	l.name = "UTF-8"
	switch {
	case c.zero > 0:
		return letters{}, errors.New("this is neither a text nor a workbook (.xlsx)")
	case c.wrong > c.long:
		l.name, l.decoder = "Windows-1252", charmap.Windows1252
		l.note = "The letters are not in UTF-8. They were read as Windows-1252, as older programs of Office write them: look whether £, ’ and é came out right."
	case c.wrong > 0:
		l.note = fmt.Sprintf("%d bytes of the file are damaged and stand for no letter. They were left out.", c.wrong)
	}
	return l, nil
}

// census counts what a text is made of.
type census struct {
	long  int64 // letters of several bytes
	wrong int64 // bytes that are no UTF-8
	zero  int64
}

func countLetters(in io.Reader) (c census, err error) {
	buf := make([]byte, 1<<16)
	kept := 0
	for {
		n, err := io.ReadFull(in, buf[kept:])
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return c, err
		}
		rest := c.add(buf[:kept+n], last)
		kept = copy(buf, rest)
		if last {
			return c, nil
		}
	}
}

// add counts b and returns its end when that may be the beginning of a letter.
func (c *census) add(b []byte, last bool) []byte {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			if b[0] == 0 {
				c.zero++
			}
			b = b[1:]
			continue
		}
		if !last && !utf8.FullRune(b) {
			return b
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			c.wrong++
		} else {
			c.long++
		}
		b = b[n:]
	}
	return nil
}
