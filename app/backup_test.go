package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sayso/internal/archive"
	"sayso/internal/exercise"
	"sayso/internal/people"
	"sayso/internal/survey"
)

// command runs one command on the data folder, and returns what it said.
func command(t *testing.T, data string, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := run(t.Context(), append(args, "--data="+data, "--log=error"), &out, io.Discard)
	return out.String(), err
}

// settledHouse is a house in which something of everything has happened, by way of its own rooms. It is closed, and
// its folder is returned.
func settledHouse(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	h, err := open(t.Context(), &Config{Addr: "127.0.0.1:0", Data: data, Log: "error"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if err := h.publish(ctx, os.DirFS("testdata/surveys"), func(string, ...any) {}); err != nil {
		t.Fatal(err)
	}
	becomeStaff(t, h)
	for i := range 30 {
		d := begin(t, h)
		if i >= 20 {
			continue
		}
		if _, err := h.surveys.Submit(ctx, d.ID); err != nil {
			t.Fatal(err)
		}
		if m, err := h.surveys.Mine(ctx, d.Receipt); err != nil || i < 3 && h.surveys.TakeBack(ctx, m) != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.reports.Make(ctx, people.CommandLine(), "lunch"); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

// begin opens a draft with a key, and answers the first question.
func begin(t *testing.T, h *house) survey.Draft {
	t.Helper()
	key, err := h.library.Keys.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	receipt, err := h.keys.Hash(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.surveys.Begin(t.Context(), "lunch", exercise.Self, "en", receipt, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d, err = h.surveys.Save(t.Context(), d.ID, "eat", "en", survey.Input{Choices: []string{"1"}}); err != nil {
		t.Fatal(err)
	}
	return d
}

func becomeStaff(t *testing.T, h *house) {
	t.Helper()
	token, err := h.staff.Invite(t.Context(), people.CommandLine(), "analyst@example.org", people.Analyst, "")
	if err != nil {
		t.Fatal(err)
	}
	e, err := h.staff.Enrol(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	code, err := totp.GenerateCode(e.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.staff.Accept(t.Context(), token, "seven purple kettles sing", code); err != nil {
		t.Fatal(err)
	}
}

func TestBackupRestoreDoctor(t *testing.T) {
	data, fresh := settledHouse(t), t.TempDir()
	file := filepath.Join(t.TempDir(), "sayso.gz")
	_, err := command(t, data, "backup", file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the backup: %v, %v", info.Mode(), err)
	}
	if _, err := command(t, data, "backup", file); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("a second backup to the same name: %v", err)
	}
	written, err := command(t, data, "backup", "--force", file)
	if err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(file + "?*"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	secret, err := os.ReadFile(filepath.Join(data, "secret"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(fresh, "secret"), secret, 0o600); err != nil {
		t.Fatal(err)
	}
	restored, err := command(t, fresh, "restore", file)
	if err != nil || fingerprint(restored) == "" || fingerprint(restored) != fingerprint(written) {
		t.Errorf("%v: restored\n%s\nof\n%s", err, restored, written)
	}
	if got, want := lastActs(t, fresh, 3), []string{people.ActBackedUp, people.ActBackedUp, people.ActRestored}; !slices.Equal(got, want) {
		t.Errorf("the audit log ends with %v, want %v", got, want)
	}
	if said, err := command(t, fresh, "doctor"); err != nil || strings.Count(said, "Fine: ") != 6 {
		t.Errorf("the restored store: %v\n%s", err, said)
	}
	if _, err := command(t, fresh, "restore", file); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("restoring twice: %v", err)
	}
}

// fingerprint finds the hash of everything in what a command said.
func fingerprint(said string) string {
	_, rest, _ := strings.Cut(said, "The SHA-256 of everything is ")
	hash, _, _ := strings.Cut(rest, "\n")
	return hash
}

func TestRestoreRefuses(t *testing.T) {
	data := settledHouse(t)
	good := filepath.Join(t.TempDir(), "good.gz")
	if _, err := command(t, data, "backup", good); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte(nil), whole...)
	flipped[len(flipped)/2] ^= 4
	for name, c := range map[string]struct {
		content []byte
		say     string
	}{
		"flipped": {flipped, "damaged"}, "cut": {whole[:len(whole)-9], "damaged"}, "empty": {nil, "not a backup"},
		"text": {[]byte("Dear diary"), "not a backup"}, "twice": {append(whole, whole...), "damaged"},
	} {
		file, fresh := filepath.Join(t.TempDir(), name), t.TempDir()
		if err := os.WriteFile(file, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := command(t, fresh, "restore", file); err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s: %v", name, err)
		}
		if left, err := os.ReadDir(fresh); err != nil || len(left) > 0 {
			t.Errorf("%s: %v was written, %v", name, left, err)
		}
	}
}

// TestBackupOfAServerAtWork takes a backup by its own process while people answer. Whoever was sent on before it began
// finds their draft in the restored store.
func TestBackupOfAServerAtWork(t *testing.T) {
	p := serveLunch(t, "--drain=0s")
	var mu sync.Mutex
	var all sync.WaitGroup
	begun := 0
	enough := make(chan bool)
	for range 3 {
		all.Go(func() {
			for {
				select {
				case <-enough:
					return
				default:
				}
				client := visitor(t)
				client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
				answer, err := client.PostForm(p.url+"/s/lunch/who", url.Values{"voice": {"self"}})
				if err != nil || answer.StatusCode != http.StatusSeeOther {
					t.Error(answer, err)
					return
				}
				answer.Body.Close()
				mu.Lock()
				begun++
				mu.Unlock()
			}
		})
	}
	count := func() int { mu.Lock(); defer mu.Unlock(); return begun }
	until(t, "people have begun", func() bool { return count() > 20 })
	before := count()
	file := filepath.Join(t.TempDir(), "sayso.gz")
	_, err := command(t, p.data, "backup", file)
	close(enough)
	all.Wait()
	p.end(t)
	if err != nil {
		t.Fatal(err)
	}
	fresh := t.TempDir()
	if _, err := command(t, fresh, "restore", file); err != nil {
		t.Fatal(err)
	}
	if n := draftsIn(t, fresh); n < before {
		t.Errorf("%d drafts were restored of the %d acknowledged before", n, before)
	}
}

func TestBackupOfNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sayso.gz")
	for _, args := range [][]string{{"backup", file}, {"doctor"}, {"migrate", "--from=" + t.TempDir(), "--to=" + t.TempDir()}} {
		data := t.TempDir()
		if _, err := command(t, data, args...); !errors.Is(err, errNoStore) {
			t.Errorf("%v: %v", args, err)
		}
		if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
			t.Errorf("%v made %v, %v", args, left, err)
		}
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a backup of nothing: %v", err)
	}
}

func TestMigrate(t *testing.T) {
	data, to := settledHouse(t), filepath.Join(t.TempDir(), "new")
	said, err := command(t, data, "migrate", "--from="+data, "--to="+to)
	if err != nil {
		t.Fatal(err)
	}
	if sums := measured(t, to); fingerprint(said) != sums.All() || sums["responses"].Count != 20 {
		t.Errorf("%v are there, but it said:\n%s", sums, said)
	}
	if _, err := command(t, data, "migrate", "--from="+data, "--to="+to); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a second time: %v", err)
	}
	if _, err := command(t, data, "migrate", "--from="+data, "--to="+data+"/."); err == nil || !strings.Contains(err.Error(), "the same") {
		t.Errorf("onto itself: %v", err)
	}
}

func measured(t *testing.T, data string) archive.Sums {
	t.Helper()
	s, err := keep(t.Context(), &Config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sums, err := archive.Measure(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func TestPlaces(t *testing.T) {
	c := &Config{Database: "sayso", Data: "elsewhere"}
	for where, want := range map[string]string{
		"data":                              "data",
		"mongodb://u:p@one:1":               "mongodb://u:xxxxx@one:1, database sayso",
		"mongodb://u:p@one:1/voices":        "mongodb://u:xxxxx@one:1/voices, database voices",
		"mongodb+srv://one/voices?w=1":      "mongodb+srv://one/voices?(hidden), database voices",
		"mongodb://u:p@one:1,two:2/voices?": "mongodb://u:xxxxx@one:1,two:2/voices?, database voices",
	} {
		if got := place(c, where).where(); got != want {
			t.Errorf("%s is %s, want %s", where, got, want)
		}
	}
	if s := fmt.Sprint(place(c, "data").secretPlace()); !strings.Contains(s, "data") {
		t.Error(s)
	}
}

// lastActs are the last acts in the audit log, oldest first.
func lastActs(t *testing.T, data string, n int) (acts []string) {
	t.Helper()
	h := opened(t, data)
	for e, err := range h.store.Entries(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		acts = append(acts, e.Act)
	}
	return acts[max(0, len(acts)-n):]
}
