package archive

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"sayso/internal/exercise"
)

// Format is the form of the files that are written here: gzip (see seal.go) around lines of JSON, each an object with
// one member. The first is "backup", a Header; then one for each document, which says its collection, in the order of
// Collections; the last is "end", the Sums and their All. Schema is the form of the documents, to be raised when
// an older program would misread them.
const (
	Format = 1
	Schema = 1
)

// longest is the most bytes of a document: MongoDB takes 16 MiB, and nothing here comes near that.
const longest = 64 << 20

// Header says what a backup is of.
type Header struct {
	Format int            `json:"format"`
	Schema int            `json:"schema"`
	Day    exercise.Day   `json:"day"`    // on which it was made
	Engine string         `json:"engine"` // of the store it was made from
	Steady bool           `json:"steady"` // it shows one moment; else what was written meanwhile may be half there
	Counts map[string]int `json:"counts"` // of documents when it was begun; the end counts those it has
}

// footer is the last line.
type footer struct {
	Sums Sums   `json:"sums"`
	All  string `json:"sha256"`
}

// Write writes everything in the store as a backup, as it is at one moment if the store is steady; it takes no more
// memory than a few documents. progress may be nil.
func Write(ctx context.Context, out io.Writer, s Source, day exercise.Day, progress Progress) (Header, Sums, error) {
	steady, err := s.Steady(ctx)
	if err != nil {
		return Header{}, nil, err
	}
	head, sums := Header{Format: Format, Schema: Schema, Day: day, Engine: s.Engine(), Steady: steady}, Sums{}
	err = s.View(ctx, func(v View) error {
		var total int64
		if head.Counts, total, err = counts(v); err != nil {
			return err
		}
		sealed := newSealing(out)
		packed, err := gzip.NewWriterLevel(sealed, gzip.BestSpeed)
		if err != nil {
			return err
		}
		t := text{w: bufio.NewWriterSize(packed, 1<<16), total: total, progress: progress}
		if err := t.write(head, v, sums); err != nil {
			return err
		}
		if err := packed.Close(); err != nil {
			return err
		}
		return sealed.seal()
	})
	return head, sums, err
}

// text is the lines of a backup on their way.
type text struct {
	w        *bufio.Writer
	done     int64
	total    int64
	progress Progress
}

func (t *text) write(head Header, v View, sums Sums) error {
	if err := t.line("backup", head); err != nil {
		return err
	}
	for _, c := range Collections {
		sum, err := t.collection(v, c)
		if err != nil {
			return fmt.Errorf("back up %s: %w", c, err)
		}
		if head.Steady && sum.Count != head.Counts[c] {
			return fmt.Errorf("back up %s: %d of %d were read", c, sum.Count, head.Counts[c])
		}
		sums[c] = sum
	}
	if err := t.line("end", footer{sums, sums.All()}); err != nil {
		return err
	}
	return t.w.Flush()
}

func (t *text) collection(v View, name string) (Sum, error) {
	sum := newSumming()
	for doc, err := range canonicalOf(v.Each(name)) {
		if err != nil {
			return Sum{}, err
		}
		if len(doc) > longest {
			return Sum{}, fmt.Errorf("a document of %d bytes is too long", len(doc))
		}
		sum.add(doc)
		if err := t.wrapped(name, doc); err != nil {
			return Sum{}, err
		}
		if t.done++; t.progress != nil {
			t.progress(t.done, t.total)
		}
	}
	return sum.sum(), nil
}

func (t *text) line(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return t.wrapped(name, b)
}

// wrapped writes {"name":doc} and a line feed.
func (t *text) wrapped(name string, doc []byte) error {
	_, err := fmt.Fprintf(t.w, "{%q:%s}\n", name, doc)
	return err
}
