//go:build unix

package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

// childEnv holds what the test binary is to do when it runs as a child: "write" or "fill", and the file.
const childEnv = "SAYSO_STORE_CHILD"

func TestMain(m *testing.M) {
	what, path, child := strings.Cut(os.Getenv(childEnv), " ")
	switch {
	case !child:
		os.Exit(m.Run())
	case what == "write":
		fail(writeForEver(path))
	default:
		fail(fillAndEmpty(path))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(t *testing.T, what, path string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+what+" "+path)
	cmd.Stderr = os.Stderr
	return cmd
}

// marked is a response by which its id can be found again.
func marked(id string) survey.Response {
	return survey.Response{
		Ref:     survey.Ref{Area: "riverside", Survey: "worries", Day: exercise.Day("2026-05-03"), ID: id},
		Answers: []survey.Answer{{Question: "more", Words: strings.Repeat(id, 20)}},
		About:   []survey.Answer{{Question: "me", Words: id}},
	}
}

// writeForEver appends from 16 goroutines, and prints each id after it was acknowledged.
func writeForEver(path string) error {
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		return err
	}
	lines := make(chan string)
	for g := range 16 {
		go func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), g, i)
				if _, err := s.Append(context.Background(), marked(id)); err != nil {
					fail(err)
				}
				lines <- id
			}
		}()
	}
	for id := range lines {
		if _, err := fmt.Println(id); err != nil {
			return err
		}
	}
	return nil
}

// TestKill kills a writing process several times and finds everything that it said it had kept.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sayso.db")
	acknowledged := map[string]bool{}
	for round := range 5 {
		for _, id := range killAfter(t, path, 300+200*round) {
			acknowledged[id] = true
		}
	}
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	found := 0
	for r, err := range s.Scan(t.Context(), survey.Range{Area: "riverside", Survey: "worries"}) {
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Answers) != 1 || r.Answers[0].Words != strings.Repeat(r.ID, 20) || len(r.About) != 1 || r.About[0].Words != r.ID {
			t.Errorf("%s is torn: %+v", r.ID, r)
		}
		found++
		delete(acknowledged, r.ID)
	}
	if len(acknowledged) > 0 {
		t.Errorf("%d acknowledged responses are missing of %d", len(acknowledged), found+len(acknowledged))
	}
	n, err := s.CountResponses(t.Context(), "riverside", "worries")
	if err != nil || n != found || found < 3500 {
		t.Errorf("found %d, counted %d, %v", found, n, err)
	}
}

// killAfter kills a writing child after so many ids, and returns all that it printed.
func killAfter(t *testing.T, path string, n int) (ids []string) {
	cmd := child(t, "write", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a line without its end was cut by the kill
			break
		}
		if ids = append(ids, strings.TrimSpace(line)); len(ids) == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || len(ids) < n {
		t.Fatalf("the child ended by itself after %d ids: %v", len(ids), err)
	}
	return ids
}

// TestDiskThatFails runs fillAndEmpty in a child, since its limit holds for a whole process.
func TestDiskThatFails(t *testing.T) {
	cmd := child(t, "fill", filepath.Join(t.TempDir(), "sayso.db"))
	if out, err := cmd.Output(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// fillAndEmpty lets files grow no further, so that the system refuses writes; sees that each caller hears of it;
// and lifts the limit again.
func fillAndEmpty(path string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	signal.Ignore(syscall.SIGXFSZ)
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	if _, err := s.Append(ctx, marked("before")); err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	tight := limit
	tight.Cur = 400_000
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &tight); err != nil {
		return err
	}
	if err := fillUp(ctx, s); err != nil {
		return err
	}
	if _, err := s.Response(ctx, marked("before").Ref); err != nil {
		return fmt.Errorf("nothing can be read while the disk is full: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if _, err := s.Append(ctx, marked("after")); err != nil {
		return fmt.Errorf("there is room again, but: %w", err)
	}
	return s.Close()
}

// fillUp appends from many goroutines until each was refused, and checks that what was acknowledged is there.
func fillUp(ctx context.Context, s *sqlite.Store) error {
	var all sync.WaitGroup
	problems := make(chan error, 64)
	for g := range 32 {
		all.Go(func() {
			for i := 0; ; i++ {
				r := marked(fmt.Sprintf("%d-%d", g, i))
				if _, err := s.Append(ctx, r); err != nil {
					if !fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
						problems <- err
					}
					return
				}
				if _, err := s.Response(ctx, r.Ref); err != nil {
					problems <- fmt.Errorf("acknowledged, but: %w", err)
				}
			}
		})
	}
	all.Wait()
	close(problems)
	return <-problems
}
