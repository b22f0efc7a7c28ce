package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"sayso/internal/archive"
	"sayso/internal/people"
	"sayso/internal/store/sqlite"
	"sayso/internal/store/storetest"
	"sayso/internal/survey"
)

func temporary(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.OpenTemporary(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func backup(t testing.TB, s archive.Source) ([]byte, archive.Sums) {
	t.Helper()
	var out bytes.Buffer
	_, sums, err := archive.Write(context.Background(), &out, s, "2126-05-01", nil)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), sums
}

func open(b []byte) (*archive.Backup, error) {
	return archive.Open(bytes.NewReader(b), int64(len(b)))
}

func TestBackupAndRestore(t *testing.T) {
	from, to := temporary(t), temporary(t)
	storetest.Fill(t, from, 1300)
	made, sums := backup(t, from)
	b, err := open(made)
	if err != nil {
		t.Fatal(err)
	}
	if h := b.Header; h.Engine != "sqlite" || !h.Steady || h.Day != "2126-05-01" || h.Counts["responses"] != 1300 {
		t.Errorf("the head is %+v", h)
	}
	var told []int64
	if err := b.Restore(t.Context(), to, func(done, total int64) { told = append(told, done, total) }); err != nil {
		t.Fatal(err)
	}
	if n := int64(sums.Documents()); !slices.Equal(told[len(told)-2:], []int64{n, n}) {
		t.Errorf("the last that was told is %v of %d", told[len(told)-2:], n)
	}
	again, same := backup(t, to)
	if !maps.Equal(sums, same) || sums.All() != same.All() || !bytes.Equal(made, again) {
		t.Error("a backup of what was restored is another one")
	}
	if n, err := to.CountResponses(t.Context(), "riverside", "worries"); err != nil || n != 1300 {
		t.Errorf("%d responses were restored, %v", n, err)
	}
	if err := b.Restore(t.Context(), to, nil); !errors.Is(err, archive.ErrFull) {
		t.Errorf("restoring into a full store: %v", err)
	}
}

func TestSessionsAndInvitationsStayBehind(t *testing.T) {
	from := temporary(t)
	if err := from.CreateSession(t.Context(), people.Session{Hash: "h", Staff: "one"}); err != nil {
		t.Fatal(err)
	}
	if err := from.CreateInvitation(t.Context(), people.Invitation{Hash: "h", Name: "one"}); err != nil {
		t.Fatal(err)
	}
	if _, sums := backup(t, from); sums.Documents() != 0 {
		t.Errorf("%v were taken", sums)
	}
}

// TestBackupUnderLoad lets many write while a backup is made. What was acknowledged before it began is in it; each
// response is there with its background or not at all.
func TestBackupUnderLoad(t *testing.T) {
	from, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "sayso.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	storetest.Fill(t, from, 500)
	load := startLoad(from)
	for round := range 2 {
		before := load.atLeast(50 * (round + 1))
		made, sums := backup(t, from)
		b, err := open(made)
		if err != nil {
			t.Fatal(err)
		}
		if sums["responses"].Count != sums["backgrounds"].Count {
			t.Errorf("%d responses, %d backgrounds", sums["responses"].Count, sums["backgrounds"].Count)
		}
		to := temporary(t)
		if err := b.Restore(t.Context(), to, nil); err != nil {
			t.Fatal(err)
		}
		there := map[string]bool{}
		for r, err := range to.Scan(t.Context(), survey.Range{Area: "riverside", Survey: "joys"}) {
			if err != nil {
				t.Fatal(err)
			}
			if there[r.ID] = len(r.About) == 1 && len(r.Answers) == 1; !there[r.ID] {
				t.Errorf("%s is torn", r.ID)
			}
		}
		for _, r := range before {
			if !there[r.ID] {
				t.Errorf("%s was acknowledged before, and is not there", r.ID)
			}
		}
	}
	load.stop(t)
}

// load is people who say things, one after the other, until they are stopped.
type load struct {
	mu      sync.Mutex
	more    *sync.Cond // of mu: kept or err grew
	kept    []survey.Response
	writers sync.WaitGroup
	enough  chan bool
	err     error
}

func startLoad(s *sqlite.Store) *load {
	l := &load{enough: make(chan bool)}
	l.more = sync.NewCond(&l.mu)
	for g := range 8 {
		l.writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-l.enough:
					return
				default:
				}
				l.say(s, survey.Response{Ref: survey.Ref{Area: "riverside", Survey: "joys", Day: "2126-05-09", ID: fmt.Sprint(g, "x", i)},
					Version: 1, Answers: []survey.Answer{{Question: "what", Words: "More swings"}},
					About: []survey.Answer{{Question: "age", Choices: []string{"8-11"}}}})
			}
		})
	}
	return l
}

func (l *load) say(s *sqlite.Store, r survey.Response) {
	_, err := s.Append(context.Background(), r)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err = errors.Join(l.err, err); err == nil {
		l.kept = append(l.kept, r)
	}
	l.more.Broadcast()
}

// atLeast waits until n were acknowledged, or something failed, and returns those that were.
func (l *load) atLeast(n int) []survey.Response {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.kept) < n && l.err == nil {
		l.more.Wait()
	}
	return slices.Clone(l.kept)
}

func (l *load) stop(t *testing.T) {
	close(l.enough)
	l.writers.Wait()
	if l.err != nil {
		t.Error(l.err)
	}
}

func TestCopy(t *testing.T) {
	from, to := temporary(t), temporary(t)
	storetest.Fill(t, from, 700)
	sums, err := archive.Copy(t.Context(), from, to, nil)
	if err != nil {
		t.Fatal(err)
	}
	has, err := archive.Measure(t.Context(), to)
	if err != nil || !maps.Equal(has, sums) || sums["responses"].Count != 700 {
		t.Errorf("%v instead of %v, %v", has, sums, err)
	}
	if _, err := archive.Copy(t.Context(), from, to, nil); !errors.Is(err, archive.ErrFull) {
		t.Errorf("copying into a full store: %v", err)
	}
}

// forgetful is a store that loses the words of what is loaded.
type forgetful struct{ *sqlite.Store }

func (f forgetful) Load(ctx context.Context, collection string, docs [][]byte) error {
	for i := range docs {
		docs[i] = bytes.ReplaceAll(docs[i], []byte("It is loud"), []byte("It is"))
	}
	return f.Store.Load(ctx, collection, docs)
}

func TestWhatDiffersIsSeen(t *testing.T) {
	from := temporary(t)
	storetest.Fill(t, from, 20)
	if _, err := archive.Copy(t.Context(), from, forgetful{temporary(t)}, nil); !errors.Is(err, archive.ErrDiffers) {
		t.Errorf("copying into a store that loses words: %v", err)
	}
	made, _ := backup(t, from)
	b, err := open(made)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Restore(t.Context(), forgetful{temporary(t)}, nil); !errors.Is(err, archive.ErrDiffers) || !strings.Contains(err.Error(), "drafts") {
		t.Errorf("restoring into a store that loses words: %v", err)
	}
}

// TestDamage flips bits at every place of the head and the seal and at some hundred between, and cuts the file.
func TestDamage(t *testing.T) {
	from := temporary(t)
	storetest.Fill(t, from, 200)
	made, _ := backup(t, from)
	rng := rand.New(rand.NewPCG(4, 2))
	places := rng.Perm(len(made))[:400]
	for i := range 100 {
		places = append(places, i, len(made)-1-i)
	}
	for _, at := range places {
		for _, flip := range []byte{1, 0x80, byte(1 + rng.IntN(255))} {
			damaged := bytes.Clone(made)
			damaged[at] ^= flip
			if _, err := open(damaged); !errors.Is(err, archive.ErrDamaged) && !errors.Is(err, archive.ErrForeign) {
				t.Fatalf("byte %d of %d with %#x flipped: %v", at, len(made), flip, err)
			}
		}
		if _, err := open(made[:at]); !errors.Is(err, archive.ErrDamaged) && !errors.Is(err, archive.ErrForeign) {
			t.Fatalf("cut after %d of %d bytes: %v", at, len(made), err)
		}
	}
	if _, err := open(append(bytes.Clone(made), 0)); !errors.Is(err, archive.ErrDamaged) {
		t.Errorf("with a byte behind it: %v", err)
	}
	if _, err := open(append(bytes.Clone(made), made...)); !errors.Is(err, archive.ErrDamaged) {
		t.Errorf("twice in one file: %v", err)
	}
	if _, err := open([]byte("Dear diary, this is no backup")); !errors.Is(err, archive.ErrForeign) {
		t.Errorf("another file: %v", err)
	}
}
