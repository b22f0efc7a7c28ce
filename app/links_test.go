package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sayso/internal/ballot"
)

// writtenFiles writes the files into a folder.
func writtenFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// linkedFiles are an exercise with its ideas in a survey, and two of a round; pairs of words are replaced in all.
func linkedFiles(t *testing.T, replace ...string) map[string]string {
	t.Helper()
	read := func(path string) string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	early := strings.NewReplacer("opens: \"2026-11-01\"", "opens: \"2096-11-01\"", "closes: \"2027-02-20\"", "closes: \"2097-02-20\"",
		"  on: \"2027-03-14\"", "  on: \"2097-03-14\"").Replace(read("../content/budgets/early-help.yaml"))
	inRound := func(id, place string) string {
		return strings.Replace(early, "id: early-help\n", "id: "+id+"\nround: spring\nplace: "+place+"\nvote_in: any\n", 1)
	}
	files := map[string]string{"hill.yaml": inRound("hill", "hillbeck"), "mill.yaml": inRound("mill", "millbridge"),
		"summer.yaml": read("../content/budgets/summer.yaml"), "summer-ideas.yaml": read("../content/demo/summer-ideas.yaml")}
	for name, text := range files {
		files[name] = strings.NewReplacer(replace...).Replace(text)
	}
	return files
}

func TestCheckFollowsLinks(t *testing.T) {
	out := fine(t, "check", writtenFiles(t, linkedFiles(t)))
	if strings.Contains(out, "not among these files") || !strings.Contains(out, "mill is fine") {
		t.Errorf("got %s", out)
	}
	alone := linkedFiles(t)
	delete(alone, "summer-ideas.yaml")
	if out := fine(t, "check", writtenFiles(t, alone)); !strings.Contains(out, "Its ideas come from the survey summer-ideas, which is not among these files.") {
		t.Errorf("got %s", out)
	}
	for want, replace := range map[string][]string{
		`The survey summer-ideas has no question called "dream".`:                               {"question: idea", "question: dream"},
		`The question "age" of the survey summer-ideas is not answered in words.`:               {"question: idea", "question: age"},
		`The survey summer-ideas asks people of harbour-coast, not of north-vale.`:              {"id: summer-ideas\narea: north-vale", "id: summer-ideas\narea: harbour-coast"},
		`The round "spring" has two rules: mill says vote_in: all, and hill says vote_in: any.`: {"place: millbridge\nvote_in: any", "place: millbridge\nvote_in: all"},
		`The round "spring" has two exercises for the place hillbeck: mill and hill.`:           {"place: millbridge", "place: hillbeck"},
		`mill.yaml:4: The round "spring" has two rules`:                                         {"place: millbridge\nvote_in: any", "place: millbridge\nvote_in: mine"},
	} {
		out, err := sayso(t, "check", writtenFiles(t, linkedFiles(t, replace...)))
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("want %s, got %s, %v", want, out, err)
		}
	}
}

func TestPublishingFollowsLinks(t *testing.T) {
	h := opened(t, t.TempDir())
	var told strings.Builder
	tell := func(format string, args ...any) {
		told.WriteString(strings.TrimSpace(strings.ReplaceAll(format, "%s", "")) + "\n")
	}
	files := linkedFiles(t)
	folder := func(names ...string) string {
		some := map[string]string{}
		for _, name := range names {
			some[name] = files[name]
		}
		return writtenFiles(t, some)
	}
	if err := h.publishBudgetFolder(t.Context(), folder("summer.yaml", "hill.yaml"), tell); err != nil || !strings.Contains(told.String(), "which is not published") {
		t.Errorf("without its survey: %v, told %s", err, told.String())
	}
	files = linkedFiles(t, "vote_in: any", "vote_in: all")
	if err := h.publishBudgetFolder(t.Context(), folder("mill.yaml"), tell); err == nil || !strings.Contains(err.Error(), "two rules") {
		t.Errorf("another rule beside what is published: %v", err)
	}
	if err := h.publishBudgetFolder(t.Context(), folder("mill.yaml", "hill.yaml"), tell); err != nil {
		t.Errorf("another rule for the whole round, before it opens: %v", err)
	}
	if err := h.publishFolder(t.Context(), folder("summer-ideas.yaml"), tell); err != nil {
		t.Fatal(err)
	}
	files = linkedFiles(t, "question: idea", "question: age", "id: summer\n", "id: other\n")
	if err := h.publishBudgetFolder(t.Context(), folder("summer.yaml"), tell); err == nil || !strings.Contains(err.Error(), "not answered in words") {
		t.Errorf("a question without words: %v", err)
	}
}

func TestDoctorFollowsLinks(t *testing.T) {
	data := settledHouse(t)
	t.Run("published", func(t *testing.T) {
		h := opened(t, data)
		files := linkedFiles(t)
		delete(files, "summer-ideas.yaml")
		if err := h.publishBudgetFolder(t.Context(), writtenFiles(t, files), t.Logf); err != nil {
			t.Fatal(err)
		}
		e, err := h.ballots.Newest("mill")
		if err != nil {
			t.Fatal(err)
		}
		other := *e
		other.Version, other.VoteIn = 2, ballot.InAll
		if err := h.store.PublishExercise(t.Context(), other); err != nil { // as no file could
			t.Fatal(err)
		}
	})
	said, err := command(t, data, "doctor")
	if err == nil || strings.Count(said, "MEND: ") != 2 || !strings.Contains(said, "the survey summer-ideas, which is not there") || !strings.Contains(said, "two rules") {
		t.Errorf("%v:\n%s", err, said)
	}
}
