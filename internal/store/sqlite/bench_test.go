package sqlite_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

// usual is a response as the surveys get it: twelve answers, two of them in words, and two about the person.
func usual(rng *rand.Rand, survey_ string) survey.Response {
	r := survey.Response{
		Ref: survey.Ref{
			Area: "riverside", Survey: survey_, Day: exercise.Day(fmt.Sprintf("2026-05-%02d", 1+rng.IntN(28))),
			ID: fmt.Sprintf("%013x%013x", rng.Uint64()>>12, rng.Uint64()>>12),
		},
		Version: 3, Language: "en", Voice: exercise.Self, Channel: survey.Web,
	}
	for i := range 10 {
		a := survey.Answer{Question: fmt.Sprintf("question_%d", i)}
		switch i % 5 {
		case 3:
			a.Choices = []string{"waiting", "transport", "staff"}
		case 4:
			n := int64(rng.IntN(100))
			a.Number = &n
		default:
			a.Choices = []string{fmt.Sprint(1 + rng.IntN(5))}
		}
		r.Answers = append(r.Answers, a)
	}
	for i := range 2 {
		r.Answers = append(r.Answers, survey.Answer{
			Question: fmt.Sprintf("words_%d", i),
			Words:    strings.Repeat("It took a long time until somebody saw us. ", 1+rng.IntN(5)),
		})
	}
	r.About = []survey.Answer{{Question: "age", Choices: []string{"12-15"}}, {Question: "place", Choices: []string{"harbour"}}}
	return r
}

func BenchmarkScan(b *testing.B) {
	const n = 100_000
	s, err := sqlite.OpenTemporary(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	rs := make([]survey.Response, 0, n)
	for range n {
		rs = append(rs, usual(rng, "worries"))
	}
	if _, err := s.Append(b.Context(), rs...); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	answers := 0
	for b.Loop() {
		for r, err := range s.Scan(b.Context(), survey.Range{Area: "riverside", Survey: "worries"}) {
			if err != nil {
				b.Fatal(err)
			}
			answers += len(r.Answers) + len(r.About)
		}
	}
	if answers != b.N*n*14 {
		b.Fatalf("read %d answers", answers)
	}
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*n), "ns/row")
}

// BenchmarkWithdraw takes back one response of 100,000, which reads the whole log for what is left of the words.
func BenchmarkWithdraw(b *testing.B) {
	s, err := sqlite.OpenTemporary(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	rs := make([]survey.Response, 0, 100_000)
	for range cap(rs) {
		rs = append(rs, usual(rng, "worries"))
	}
	if _, err := s.Append(b.Context(), rs...); err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		if err := s.Withdraw(b.Context(), rs[i].Ref); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkAppend(b *testing.B) {
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "sayso.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	side(b, func(r survey.Response) error {
		_, err := s.Append(context.Background(), r)
		return err
	})
}

// BenchmarkBareAppend is what BenchmarkAppend is measured against: the same bytes, appended to a plain file by one
// goroutine that waits for the disk once for all who wait.
func BenchmarkBareAppend(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	type line struct {
		bytes []byte
		done  chan error
	}
	queue := make(chan line, 512)
	go func() {
		var waiting []chan error
		for l := range queue {
			var buffer []byte
			waiting = waiting[:0]
			for more := true; more; {
				buffer, waiting = append(buffer, l.bytes...), append(waiting, l.done)
				select {
				case l, more = <-queue:
				default:
					more = false
				}
			}
			_, err := f.Write(buffer)
			err = errors.Join(err, f.Sync())
			for _, done := range waiting {
				done <- err
			}
		}
	}()
	defer close(queue)
	side(b, func(r survey.Response) error {
		bytes, err := json.Marshal(r)
		if err != nil {
			return err
		}
		l := line{bytes, make(chan error, 1)}
		queue <- l
		return <-l.done
	})
}

// side runs the function from 64 goroutines.
func side(b *testing.B, keep func(survey.Response) error) {
	rng := rand.New(rand.NewPCG(1, 2))
	rs := make([]survey.Response, b.N)
	for i := range rs {
		rs[i] = usual(rng, "worries")
	}
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		group.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if err := keep(rs[i-1]); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "responses/s")
}

// BenchmarkUpdateDraft is what one saved page asks of the store, from 64 goroutines with a draft each.
func BenchmarkUpdateDraft(b *testing.B) {
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "sayso.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	ids := make([]string, 64)
	for i := range ids {
		ids[i] = fmt.Sprintf("%032x", i*7919)
		if err := s.CreateDraft(b.Context(), survey.Draft{ID: ids[i], Survey: "worries", LastPage: "2026-05-01"}); err != nil {
			b.Fatal(err)
		}
	}
	var next atomic.Int64
	var group sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for _, id := range ids {
		group.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if _, err := s.UpdateDraft(b.Context(), id, func(d *survey.Draft) error {
					d.Put(survey.Answer{Question: fmt.Sprint("question_", i%9), Choices: []string{"1"}})
					return nil
				}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "saves/s")
}
