// Package archive takes everything that a store keeps out of it and puts it into another: as a backup, back again, or
// from one kind of store to another. It knows documents of named collections and nothing of what stands in them, so
// that whatever both stores can keep passes through one piece of code, and one hash says whether it arrived.
//
// Sessions and invitations stay behind on purpose: a session that was ended, or a link that was used or called back
// since, would work again.
package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"iter"
	"maps"
)

// Collections are the names of what is taken, in the order in which it is. Backgrounds come before responses, so that a
// response that can be read is whole; exercises and surveys come last, so that a store that was filled half-way offers
// nothing to anybody.
var Collections = []string{
	"audit", "staff", "drafts", "receipts", "backgrounds", "responses", "reports",
	"ballot_backgrounds", "ballots", "sheets", "outcomes", "codes", "code_batches", "exercises", "surveys",
}

// View is a store as it is at one moment. It is an alias, so that the stores need not know this package.
type View = interface {
	// Count says how many documents the collection has.
	Count(collection string) (int, error)
	// Each yields the documents of the collection as JSON, in the order of their ids, which is the same in every
	// store. The bytes are the caller's.
	Each(collection string) iter.Seq2[[]byte, error]
}

// Source is a store that can be read whole.
type Source interface {
	// Engine is the name of the kind of store, such as "sqlite".
	Engine() string
	// Steady says whether a View is really of one moment: not every server can do that.
	Steady(ctx context.Context) (bool, error)
	// View lends read a view, while others go on writing.
	View(ctx context.Context, read func(View) error) error
}

// Store is a store that can be read and filled.
type Store interface {
	Source
	// Load keeps the documents just as they are, durably; Conflict if one is there already.
	Load(ctx context.Context, collection string, docs [][]byte) error
}

// Progress is told how many documents of about how many are done.
type Progress func(done, total int64)

// ErrFull says that a store that is to be filled is not empty.
var ErrFull = errors.New("the store is not empty")

// ErrDiffers says that a store does not hold what was put into it.
var ErrDiffers = errors.New("the store does not hold what was put into it")

// Sum tells the documents of one collection from any others.
type Sum struct {
	Count  int    `json:"count"`
	SHA256 string `json:"sha256"` // hex, of the canonical documents in their order, a line feed behind each
}

// Sums are the sums of all collections, by their names.
type Sums map[string]Sum

// All is the SHA-256, in hex, of the lines "name count sha256\n" of all collections: the same for two stores that hold
// the same, of whatever kind they are.
func (s Sums) All() string {
	h := sha256.New()
	for _, c := range Collections {
		if one, ok := s[c]; ok {
			fmt.Fprintf(h, "%s %d %s\n", c, one.Count, one.SHA256)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Documents is how many there are in all.
func (s Sums) Documents() (n int) {
	for _, one := range s {
		n += one.Count
	}
	return n
}

// summing adds up one collection.
type summing struct {
	hash  hash.Hash
	count int
}

func newSumming() *summing { return &summing{hash: sha256.New()} }

func (s *summing) add(doc []byte) {
	s.hash.Write(doc)
	s.hash.Write([]byte{'\n'})
	s.count++
}

func (s *summing) sum() Sum { return Sum{s.count, hex.EncodeToString(s.hash.Sum(nil))} }

// canonicalOf yields the documents in their canonical form; each is valid until the next.
func canonicalOf(docs iter.Seq2[[]byte, error]) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var buf []byte
		for doc, err := range docs {
			if err == nil {
				buf, err = canonical(buf[:0], doc)
			}
			if !yield(buf, err) || err != nil {
				return
			}
		}
	}
}

// Measure returns the sums of the store.
func Measure(ctx context.Context, s Source) (Sums, error) {
	sums := Sums{}
	err := s.View(ctx, func(v View) error {
		for _, c := range Collections {
			one := newSumming()
			for doc, err := range canonicalOf(v.Each(c)) {
				if err != nil {
					return fmt.Errorf("read %s: %w", c, err)
				}
				one.add(doc)
			}
			sums[c] = one.sum()
		}
		return nil
	})
	return sums, err
}

// counts says how many documents each collection of the view has, and how many all have.
func counts(v View) (map[string]int, int64, error) {
	each, total := map[string]int{}, int64(0)
	for _, c := range Collections {
		n, err := v.Count(c)
		if err != nil {
			return nil, 0, fmt.Errorf("count %s: %w", c, err)
		}
		each[c] = n
		total += int64(n)
	}
	return each, total, nil
}

// CheckEmpty returns ErrFull unless the store is empty.
func CheckEmpty(ctx context.Context, s Source) error {
	return s.View(ctx, func(v View) error {
		_, total, err := counts(v)
		if err == nil && total > 0 {
			err = ErrFull
		}
		return err
	})
}

// Copy fills the empty store with what the other holds, and reads it back; ErrFull, ErrDiffers. progress may be nil.
func Copy(ctx context.Context, from Source, to Store, progress Progress) (Sums, error) {
	if err := CheckEmpty(ctx, to); err != nil {
		return nil, err
	}
	var sums Sums
	err := from.View(ctx, func(v View) error {
		_, total, err := counts(v)
		if err != nil {
			return err
		}
		l := loader{to: to, total: total, progress: progress}
		sums, err = l.fill(ctx, func(c string) iter.Seq2[[]byte, error] { return canonicalOf(v.Each(c)) })
		return err
	})
	if err != nil {
		return nil, err
	}
	return sums, confirm(ctx, to, sums)
}

// confirm reads the store back; ErrDiffers unless it has the sums.
func confirm(ctx context.Context, s Source, want Sums) error {
	has, err := Measure(ctx, s)
	if err != nil {
		return fmt.Errorf("read back what was put into the store: %w", err)
	}
	if maps.Equal(has, want) {
		return nil
	}
	for _, c := range Collections {
		if has[c] != want[c] {
			return fmt.Errorf("%w: %s are %d instead of %d, with the hash %s instead of %s",
				ErrDiffers, c, has[c].Count, want[c].Count, has[c].SHA256, want[c].SHA256)
		}
	}
	return ErrDiffers
}

const (
	batchDocs  = 500
	batchBytes = 4 << 20
)

// loader fills a store, some documents at a time.
type loader struct {
	to       Store
	done     int64
	total    int64
	progress Progress
}

func (l *loader) fill(ctx context.Context, each func(string) iter.Seq2[[]byte, error]) (Sums, error) {
	sums := Sums{}
	for _, c := range Collections {
		sum, err := l.collection(ctx, c, each(c))
		if err != nil {
			return nil, fmt.Errorf("fill %s: %w", c, err)
		}
		sums[c] = sum
	}
	return sums, nil
}

func (l *loader) collection(ctx context.Context, name string, docs iter.Seq2[[]byte, error]) (Sum, error) {
	sum := newSumming()
	var batch [][]byte
	size := 0
	for doc, err := range docs {
		if err != nil {
			return Sum{}, err
		}
		sum.add(doc)
		batch, size = append(batch, append([]byte(nil), doc...)), size+len(doc)
		if len(batch) < batchDocs && size < batchBytes {
			continue
		}
		if err := l.load(ctx, name, batch); err != nil {
			return Sum{}, err
		}
		batch, size = batch[:0], 0
	}
	return sum.sum(), l.load(ctx, name, batch)
}

func (l *loader) load(ctx context.Context, name string, batch [][]byte) error {
	if len(batch) == 0 {
		return nil
	}
	if err := l.to.Load(ctx, name, batch); err != nil {
		return err
	}
	l.done += int64(len(batch))
	if l.progress != nil {
		l.progress(l.done, l.total)
	}
	return nil
}
