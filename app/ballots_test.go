package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sayso/content"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
)

// budgetFolder is a folder with one of the shipped budget exercises, some words in it replaced.
func budgetFolder(t *testing.T, name string, replace ...string) string {
	t.Helper()
	data, err := fs.ReadFile(content.FS, "budgets/"+name)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	text := strings.NewReplacer(replace...).Replace(string(data))
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestBudgetsArePublishedAndLocked(t *testing.T) {
	data := t.TempDir()
	h := opened(t, data)
	publish := func(replace ...string) error {
		return h.publishBudgetFolder(t.Context(), budgetFolder(t, "summer.yaml", replace...), t.Logf)
	}
	for _, replace := range [][]string{nil, {"What to do in summer", "What we do in summer"}} {
		if err := publish(replace...); err != nil {
			t.Fatal(err)
		}
	}
	err := publish("amount: 60000", "amount: 90000", "cost: 24000", "cost: 12000")
	if err == nil || !strings.Contains(err.Error(), "only words and pictures may change") || !strings.Contains(err.Error(), "amount, projects") {
		t.Errorf("other money after opening: %v", err)
	}
	if e, err := h.ballots.Newest("summer"); err != nil || e.Version != 2 || e.Amount != 60_000_00 {
		t.Errorf("in force is version %d with %d, %v", e.Version, e.Amount, err)
	}
	for want, folder := range map[string]string{"no such folder": filepath.Join(data, "none"), "no file (.yaml)": t.TempDir(),
		"summer.yaml:": budgetFolder(t, "summer.yaml", "coin: 1000", "coin: 7000")} {
		if err := h.publishBudgetFolder(t.Context(), folder, t.Logf); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestCheckLooksAtBudgets(t *testing.T) {
	if out := fine(t, "check", budgetFolder(t, "summer.yaml")); !strings.Contains(out, "summer is fine (5 projects).") {
		t.Errorf("got %s", out)
	}
	out, err := sayso(t, "check", budgetFolder(t, "summer.yaml", "coin: 1000", "coin: 7000"))
	if err == nil || !strings.Contains(out, "summer.yaml:") || !strings.Contains(out, "The amount is no whole number of coins.") {
		t.Errorf("got %s, %v", out, err)
	}
}

// What the demonstration publishes is what the command for everybody counts.
func TestThePublishedVotesCountAgain(t *testing.T) {
	h := opened(t, t.TempDir())
	k := demoCommand{Answers: 400, Seed: 7}
	if err := k.vote(t.Context(), h, &bytes.Buffer{}, t.Logf); err != nil {
		t.Fatal(err)
	}
	o, err := h.ballots.Public(t.Context(), demoClosed)
	if err != nil {
		t.Fatal(err)
	}
	r, err := o.Read()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), ballot.FileName(o.Exercise))
	var votes bytes.Buffer
	if err := o.Unpack(&votes); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, votes.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var again struct{ Winners []string }
	if err := json.Unmarshal([]byte(fine(t, "budget", "count", file, "--rule", r.Rule, "--ties", r.Ties, "--json")), &again); err != nil {
		t.Fatal(err)
	}
	var funded []string
	for _, v := range r.Projects {
		if v.Funded {
			funded = append(funded, v.Project)
		}
	}
	if len(funded) == 0 || !slices.Equal(funded, again.Winners) {
		t.Errorf("funded are %v, counted again %v", funded, again.Winners)
	}
}

func TestTheDemonstrationVotesInEveryYear(t *testing.T) {
	for _, today := range []exercise.Day{"2026-01-01", "2026-10-10", "2026-11-22", "2027-02-18", "2031-02-28", "2032-02-29"} {
		for _, e := range []ballot.Exercise{{ID: demoClosed, Opens: "2026-09-01", Closes: "2026-10-10"}, {ID: "early-help", Opens: "2026-11-01", Closes: "2027-02-20"}} {
			moveVote(&e, today)
			if open := e.OpenOn(today); open == (e.ID == demoClosed) || !open && e.Closes > today {
				t.Errorf("on %s %s is open from %s to %s", today, e.ID, e.Opens, e.Closes)
			}
		}
	}
}

func TestDoctorKnowsTheKeysOfVotes(t *testing.T) {
	data := t.TempDir()
	h := opened(t, data)
	budgets, err := h.readBudgets(os.DirFS(budgetFolder(t, "early-help.yaml")))
	if err != nil {
		t.Fatal(err)
	}
	moveVote(&budgets[0].exercise, h.ballots.Today())
	if err := h.publishBudgets(t.Context(), budgets, t.Logf); err != nil {
		t.Fatal(err)
	}
	b, err := h.ballots.Begin(t.Context(), "early-help", exercise.Self, "en", "k1:one", nil)
	if err != nil {
		t.Fatal(err)
	}
	keeps, err := sqlite.Open(t.Context(), filepath.Join(data, "sayso.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer keeps.Close()
	d := &doctor{store: keeps, surveys: survey.NewService(keeps, h.now), out: io.Discard}
	if troubles, err := d.belongings(t.Context()); err != nil || len(troubles) > 0 {
		t.Errorf("a ballot and its key are troubles: %v, %v", troubles, err)
	}
	if err := h.store.DeleteBallot(t.Context(), b.ID); err != nil {
		t.Fatal(err)
	}
	troubles, err := d.belongings(t.Context())
	if err != nil || len(troubles) != 1 || !strings.Contains(troubles[0].text, "1 keys open nothing") {
		t.Fatalf("a key without its ballot: %v, %v", troubles, err)
	}
	for _, cure := range troubles[0].cures {
		if err := cure(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if _, err := h.store.Receipt(t.Context(), "k1:one"); !fault.Is(err, fault.NotFound) {
		t.Errorf("the key is still there: %v", err)
	}
	if _, err := h.ballots.Count(t.Context(), people.CommandLine(), "early-help"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an open vote is counted: %v", err)
	}
}
