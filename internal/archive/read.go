package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
)

// Backup is a backup that was read to its end and found whole.
type Backup struct {
	Header Header
	Sums   Sums
	text   *io.SectionReader
}

// Open reads all of the file, of size bytes, and checks it: the seal, every line, counts and hashes; ErrForeign,
// ErrDamaged, ErrNewer. Whatever the bytes are it takes some documents' worth of memory.
func Open(r io.ReaderAt, size int64) (*Backup, error) {
	text, err := unseal(r, size)
	if err != nil {
		return nil, err
	}
	b := &Backup{text: text, Sums: Sums{}}
	lines, err := b.lines()
	if err != nil {
		return nil, err
	}
	for _, c := range Collections {
		one := newSumming()
		for doc, err := range lines.each(c) {
			if err != nil {
				return nil, err
			}
			one.add(doc)
		}
		b.Sums[c] = one.sum()
	}
	return b, lines.finish(b.Sums)
}

// Restore fills the empty store with the backup, and reads it back; ErrFull, ErrDiffers. progress may be nil.
func (b *Backup) Restore(ctx context.Context, to Store, progress Progress) error {
	if err := CheckEmpty(ctx, to); err != nil {
		return err
	}
	lines, err := b.lines()
	if err != nil {
		return err
	}
	l := loader{to: to, total: int64(b.Sums.Documents()), progress: progress}
	loaded, err := l.fill(ctx, lines.each)
	if err != nil {
		return err
	}
	if !maps.Equal(loaded, b.Sums) {
		return fmt.Errorf("%w: the file was changed while it was read", ErrDamaged)
	}
	return confirm(ctx, to, b.Sums)
}

// lines begins to read the text and checks its head.
func (b *Backup) lines() (*lines, error) {
	if _, err := b.text.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	unpacked, err := gzip.NewReader(bufio.NewReader(b.text))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	l := &lines{text: bufio.NewReaderSize(unpacked, 1<<16)}
	if err := l.next(); err != nil {
		return nil, err
	}
	if l.name != "backup" {
		return nil, ErrForeign
	}
	// A newer head may hold more; all that is sure is where it says how new it is.
	var age struct{ Format, Schema int }
	if err := json.Unmarshal(l.doc, &age); err != nil {
		return nil, fmt.Errorf("%w: its head: %w", ErrDamaged, err)
	}
	if age.Format > Format || age.Schema > Schema {
		return nil, fmt.Errorf("%w: its format is %d and its schema %d, ours %d and %d", ErrNewer, age.Format, age.Schema, Format, Schema)
	}
	if err := json.Unmarshal(l.doc, &b.Header); err != nil || age.Format != Format || age.Schema != Schema {
		return nil, fmt.Errorf("%w: its head cannot be read", ErrDamaged)
	}
	return l, l.next()
}

// lines reads the text of a backup line by line: {"name":doc}.
type lines struct {
	text   *bufio.Reader
	line   []byte
	name   string
	doc    []byte // in the line: valid until the next
	buf    []byte
	number int
}

// next goes on to the next line; there must be one.
func (l *lines) next() error {
	l.number++
	if err := l.read(); err != nil {
		return l.damaged(err)
	}
	opened, isOpen := bytes.CutPrefix(l.line, []byte(`{"`))
	name, rest, isNamed := bytes.Cut(opened, []byte(`":`))
	doc, isClosed := bytes.CutSuffix(rest, []byte("}\n"))
	if !isOpen || !isNamed || !isClosed {
		return l.damaged(errors.New("it is not {\"name\":document}"))
	}
	l.name, l.doc = string(name), doc
	return nil
}

// read reads one line, with its line feed.
func (l *lines) read() error {
	l.line = l.line[:0]
	for {
		part, err := l.text.ReadSlice('\n')
		l.line = append(l.line, part...)
		switch {
		case len(l.line) > longest+64:
			return errors.New("it is too long")
		case errors.Is(err, io.EOF):
			return errors.New("the text ends before its end")
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}

func (l *lines) damaged(why error) error {
	return fmt.Errorf("%w: line %d: %w", ErrDamaged, l.number, why)
}

// each yields the documents of the collection, which must come next; each is valid until the next.
func (l *lines) each(collection string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for l.name == collection {
			if err := l.check(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(l.doc, nil) {
				return
			}
			if err := l.next(); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// check says whether the document is canonical: any other could not be told from damage after it was restored.
func (l *lines) check() (err error) {
	if l.buf, err = canonical(l.buf[:0], l.doc); err != nil {
		return l.damaged(err)
	}
	if !bytes.Equal(l.buf, l.doc) {
		return l.damaged(errors.New("the document is not in its canonical form"))
	}
	return nil
}

// finish checks that the end comes next, that it has the sums, and that nothing comes after it.
func (l *lines) finish(sums Sums) error {
	var end footer
	if l.name != "end" {
		return l.damaged(fmt.Errorf("%q does not come here", l.name))
	}
	if err := json.Unmarshal(l.doc, &end); err != nil {
		return l.damaged(err)
	}
	said := maps.Clone(sums) // an older backup does not say that there is nothing of what was not yet known
	maps.DeleteFunc(said, func(c string, s Sum) bool { _, ok := end.Sums[c]; return !ok && s.Count == 0 })
	if !maps.Equal(end.Sums, said) || end.All != said.All() {
		return l.damaged(errors.New("the counts and hashes are others"))
	}
	if _, err := l.text.ReadByte(); !errors.Is(err, io.EOF) {
		return l.damaged(errors.New("something comes after the end"))
	}
	return nil
}
