package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sayso/internal/ballot"
	"sayso/internal/people"
	"sayso/internal/store/sqlite"
)

// TestDoctorFinishesPaperBallots has a sheet half-way to its ballot, and one whose code nobody can read any more.
func TestDoctorFinishesPaperBallots(t *testing.T) {
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
	if err := h.ballots.MakeSheets(t.Context(), people.CommandLine(), "early-help", ballot.Set{Language: "en", Way: ballot.First}, []string{"gone:a", "gone:b"}); err != nil {
		t.Fatal(err)
	}
	keeps, err := sqlite.Open(t.Context(), filepath.Join(data, "sayso.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer keeps.Close()
	_, err = keeps.UpdateSheet(t.Context(), "gone:a", func(sh *ballot.Sheet) error {
		sh.State, sh.Ballot = ballot.Becoming, "one"
		sh.Typings = []ballot.Typing{{By: "a", Marks: []ballot.Mark{{Item: "p-mentors", Value: ballot.Ticked}, {Item: ballot.ItemVoice, Value: "self"}}}}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	d := &doctor{store: keeps, ballots: ballot.NewService(keeps, people.NewLog(keeps, h.now), h.now), secrets: people.NewSecrets(), out: io.Discard}
	troubles, err := d.belongings(t.Context())
	if err != nil || len(troubles) != 1 || !strings.Contains(troubles[0].text, "1 paper ballots were typed in and are half-way") {
		t.Fatalf("troubles are %v, %v", troubles, err)
	}
	for _, cure := range troubles[0].cures {
		if err := cure(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if b, err := keeps.Ballot(t.Context(), "one"); err != nil || b.Channel != ballot.Paper || len(b.Wishes) != 1 {
		t.Errorf("the ballot is %+v, %v", b, err)
	}
	if sh, err := keeps.Sheet(t.Context(), "gone:a"); err != nil || sh.State != ballot.Counted || sh.Ballot != "" || len(sh.Typings) > 0 {
		t.Errorf("the sheet is %+v, %v", sh, err)
	}
	if troubles, err = d.belongings(t.Context()); err != nil || len(troubles) > 0 {
		t.Errorf("after mending there are %v, %v", troubles, err)
	}
	if troubles, err = d.sealed(t.Context()); err != nil || len(troubles) != 1 || !strings.Contains(troubles[0].text, `1 paper ballots were made with the secret "gone"`) {
		t.Errorf("troubles with secrets are %v, %v", troubles, err)
	}
}
