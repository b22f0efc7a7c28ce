package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sayso/internal/web"
)

// withMeals is a data folder in which the survey about meals is published.
func withMeals(t *testing.T) string {
	t.Helper()
	data := t.TempDir()
	h := opened(t, data)
	if err := h.publishFolder(t.Context(), "testdata/meals", t.Logf); err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCheck(t *testing.T) {
	if out := fine(t, "check"); strings.Count(out, " is fine (") != 9 {
		t.Errorf("the shipped files:\n%s", out)
	}
	for _, path := range []string{"testdata/meals", "testdata/meals/meals.yaml"} {
		if got, want := fine(t, "check", path), "testdata/meals/meals.yaml: meals is fine (2 questions).\n"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	refused(t, "there is no file or folder testdata/none", "check", "testdata/none")
	empty, other := t.TempDir(), t.TempDir()
	refused(t, "there is no file of a survey or budget exercise (.yaml) in "+empty+", "+other, "check", empty, other)
}

func TestCheckSaysWhatToMend(t *testing.T) {
	folder := t.TempDir()
	copied(t, "testdata/meals/meals.yaml", filepath.Join(folder, "a.yaml"), "minutes: 1", "minutes: soon")
	copied(t, "testdata/meals/meals.yaml", filepath.Join(folder, "b.yaml"), "id: meals", "id: snacks", "kind: choice", "kind: slider")
	out, err := sayso(t, "check", folder)
	want := folder + `/a.yaml:14: "minutes" is a whole number, written in digits, such as 5.
` + folder + `/b.yaml:30: There is no kind of question called "slider". The kinds are choice, several, faces, agree, text, long_text, number, age_band, place, info, consent.
`
	if out != want || err == nil || err.Error() != "to mend: 2; files looked at: 2" {
		t.Errorf("got %v\n%swant\n%s", err, out, want)
	}
	refused(t, `a.yaml:14: "minutes" is a whole number, written in digits, such as 5. (1 to mend; sayso check lists them)`,
		"serve", "--data", t.TempDir(), "--surveys", folder)
}

// copied writes a file with some words replaced, each the first time.
func copied(t *testing.T, from, to string, replace ...string) {
	t.Helper()
	good, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	text := string(good)
	for i := 0; i < len(replace); i += 2 {
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTwoFilesCannotHaveOneID(t *testing.T) {
	surveys, budgets := t.TempDir(), t.TempDir()
	for _, name := range []string{"a.yaml", "b.yaml"} {
		copied(t, "testdata/meals/meals.yaml", filepath.Join(surveys, name))
		copied(t, "../content/budgets/summer.yaml", filepath.Join(budgets, name))
	}
	for folder, id := range map[string]string{surveys: "meals", budgets: "summer"} {
		out, err := sayso(t, "check", folder, filepath.Join(folder, "a.yaml"))
		want := fmt.Sprintf("The id %q is that of %s/a.yaml. Give each file an id of its own.\n", id, folder)
		if err == nil || strings.Count(out, want) != 1 || !strings.Contains(out, folder+"/a.yaml: "+id+" is fine") {
			t.Errorf("%v\n%s", err, out)
		}
	}
	refused(t, `The id "meals" is that of a.yaml. Give each file an id of its own. (1 to mend; sayso check lists them)`,
		"serve", "--data", t.TempDir(), "--surveys", surveys)
	refused(t, `The id "summer" is that of a.yaml. Give each file an id of its own.`,
		"serve", "--data", t.TempDir(), "--budgets", budgets)
}

func TestStaff(t *testing.T) {
	data := "--data=" + t.TempDir()
	if out := fine(t, "staff", "list", data); out != "There is no staff yet. Invite the first with: sayso staff add NAME --role administrator\n" {
		t.Errorf("listed\n%s", out)
	}
	out := fine(t, "staff", "add", "reader@example.org", "--role", "board", "--area", "north-vale", "--url", "https://say.example.org", data)
	if strings.Count(out, "https://say.example.org/staff/invite/") != 1 || strings.Count(out, "\n") != 2 {
		t.Errorf("invited\n%s", out)
	}
	if out := fine(t, "staff", "add", "second@example.org", "--role", "author", data); !strings.Contains(out, "http://127.0.0.1:8080/staff/invite/") {
		t.Errorf("invited\n%s", out)
	}
	listed := fine(t, "staff", "list", data)
	for _, want := range []string{"reader@example.org", "second@example.org"} {
		if !regexp.MustCompile(`(?m)^` + want + ` +(board|author) .*invited, until \d+ \w+ \d\d:\d\d$`).MatchString(listed) {
			t.Errorf("%s is not listed as invited:\n%s", want, listed)
		}
	}
	if _, err := sayso(t, "staff", "add", "two words", "--role", "board", data); err == nil || strings.Contains(err.Error(), "people.") || !strings.HasPrefix(err.Error(), "Write a name") {
		t.Errorf("a name of two words: %v", err)
	}
	refused(t, `there is no area "atlantis"; the areas are east-marsh`, "staff", "add", "x@example.org", "--role", "board", "--area", "atlantis", data)
	if out := fine(t, "audit", "verify", data); !strings.HasPrefix(out, "The audit log is whole: 2 entries") {
		t.Errorf("verified\n%s", out)
	}
}

func TestAuditVerify(t *testing.T) {
	if out := fine(t, "audit", "verify", "--data", t.TempDir()); out != "The audit log is empty.\n" {
		t.Errorf("verified\n%s", out)
	}
}

func TestRoutes(t *testing.T) {
	var routes []web.Route
	if err := json.Unmarshal([]byte(fine(t, "routes", "--json")), &routes); err != nil {
		t.Fatal(err)
	}
	if want := len(web.Routes()); len(routes) != want {
		t.Errorf("%d routes, want %d", len(routes), want)
	}
	out := fine(t, "routes")
	if strings.Count(out, "\n") != len(routes) {
		t.Errorf("listed\n%s", out)
	}
	for _, want := range []string{"GET / everybody", "GET /staff/surveys/:survey author, analyst, board, administrator (own area)"} {
		if !strings.Contains(plain(out), want) {
			t.Errorf("there is no %s in\n%s", want, out)
		}
	}
}

func TestImportResponses(t *testing.T) {
	data := withMeals(t)
	responses := func(more ...string) []string {
		return append([]string{"import", "responses", "testdata/meals.csv", "--survey=meals", "--mapping=testdata/mapping.yaml", "--data", data}, more...)
	}
	unlisted := filepath.Join(t.TempDir(), "meals.csv")
	copied(t, "testdata/meals.csv", unlisted, "1,yes", "1,maybe")
	out, err := sayso(t, "import", "responses", unlisted, "--survey=meals", "--mapping=testdata/mapping.yaml", "--data", data)
	if err == nil || !strings.Contains(out, "\n\"maybe\" in \"Like\": 1 row, on line 2\n") {
		t.Errorf("%v\n%s", err, out)
	}
	const refusedRow = "line 5"
	for _, c := range []struct {
		args []string
		want string
	}{
		{responses("--dry-run"), "4 rows: 2 responses would be kept, 0 were there before and stay as they are, 0 rows joined another of the same person, 1 empty, 1 refused."},
		{responses(), "4 rows: 2 responses kept, 0 were there before and stay as they are, 0 rows joined another of the same person, 1 empty, 1 refused."},
		{responses(), "4 rows: 0 responses kept, 2 were there before and stay as they are, 0 rows joined another of the same person, 1 empty, 1 refused."},
	} {
		if out := fine(t, c.args...); !strings.Contains(out, c.want+"\n") || !strings.Contains(out, refusedRow) {
			t.Errorf("got\n%swant\n%s and %s", out, c.want, refusedRow)
		}
	}
	if out := fine(t, "audit", "verify", "--data", data); !strings.Contains(out, "2 entries") { // published, imported once
		t.Errorf("audited\n%s", out)
	}
}

func TestImportRefuses(t *testing.T) {
	data := withMeals(t)
	refused(t, `there is no survey "dinner"; there are meals`, "import", "responses", "testdata/meals.csv", "--survey=dinner", "--mapping=testdata/mapping.yaml", "--data", data)
	refused(t, `there is no survey "meals", nor any other; publish surveys with SAYSO_SURVEYS=FOLDER sayso serve`,
		"import", "responses", "testdata/meals.csv", "--survey=meals", "--mapping=testdata/mapping.yaml", "--data", t.TempDir())
	refused(t, "there is no file testdata/none", "import", "responses", "testdata/none.csv", "--survey=meals", "--mapping=testdata/mapping.yaml", "--data", data)
	refused(t, "there is no file testdata/none", "import", "responses", "testdata/meals.csv", "--survey=meals", "--mapping=testdata/none.yaml", "--data", data)
	wrong := filepath.Join(t.TempDir(), "wrong.yaml")
	good, err := os.ReadFile("testdata/mapping.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(wrong, []byte(strings.Replace(string(good), "question: why", "question: who", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := sayso(t, "import", "responses", "testdata/meals.csv", "--survey=meals", "--mapping="+wrong, "--data", data)
	if err == nil || !strings.Contains(out, wrong+":12") || !strings.Contains(out, `"who"`) {
		t.Errorf("got %v\n%s", err, out)
	}
}

func TestImportSaysWhatCannotBeUsed(t *testing.T) {
	data, folder := withMeals(t), t.TempDir()
	try := func(table string) (string, error) {
		path := filepath.Join(folder, "table.csv")
		if err := os.WriteFile(path, []byte(table), 0o600); err != nil {
			t.Fatal(err)
		}
		return sayso(t, "import", "responses", path, "--survey=meals", "--mapping=testdata/mapping.yaml", "--data", data)
	}
	if out, err := try(""); err == nil || err.Error() != "the table cannot be used: the file is empty" || strings.Contains(out, "0 rows") {
		t.Errorf("an empty table: %v\n%s", err, out)
	}
	if _, err := try("Date,Person,Like,Why\n"); err == nil || !strings.Contains(err.Error(), "no rows below its heading") {
		t.Errorf("a heading alone: %v", err)
	}
	if out, err := try("Date,Person,Like,Why\n99/99/2024,1,yes,Loud\n"); err == nil || !strings.Contains(out, "1 refused") {
		t.Errorf("a table of which every row is refused: %v\n%s", err, out)
	}
	if _, err := sayso(t, "import", "responses", folder, "--survey=meals", "--mapping=testdata/mapping.yaml"); err == nil || !strings.Contains(err.Error(), "is a folder, not a file") {
		t.Errorf("a folder: %v", err)
	}
	out, err := try("one,two\n1,2\n")
	if err == nil || !strings.Contains(out, "testdata/mapping.yaml:5: ") || strings.Count(out, `It has: "one", "two".`) != 1 ||
		strings.Count(out, "has no column") < 2 || strings.Contains(out+err.Error(), "import.mapping") {
		t.Errorf("a table of something else: %v\n%s", err, out)
	}
}

func TestReport(t *testing.T) {
	data := withMeals(t)
	refused(t, `there is no survey "dinner"; there are meals`, "report", "dinner", "--data", data)
	out := fine(t, "report", "meals", "--data", data)
	if out != "Report 1 of meals is made. Staff read and approve it at /staff/surveys/meals/reports/1\n" {
		t.Errorf("got %s", out)
	}
}

func TestBenchThemesRefuses(t *testing.T) {
	refused(t, `there is no codebook "novel"; there are children, nhs-v6`, "bench", "themes", "--codebook", "novel")
	refused(t, "name the table that holds them", "bench", "themes", "testdata/none.csv")
}

func TestAuditExport(t *testing.T) {
	data, file := "--data="+t.TempDir(), filepath.Join(t.TempDir(), "audit.jsonl")
	for _, name := range []string{"one@example.org", "two@example.org", "three@example.org"} {
		fine(t, "staff", "add", name, "--role", "author", data)
	}
	log := fine(t, "audit", "export", data)
	write := func(content string) {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(log)
	if out := fine(t, "audit", "verify", file); !strings.HasPrefix(out, "The audit log is whole: 3 entries") {
		t.Errorf("verified\n%s", out)
	}
	_, head, _ := strings.Cut(strings.TrimSpace(fine(t, "audit", "verify", data)), "elsewhere: ")
	fine(t, "audit", "verify", file, "--head="+head)
	write(log[:strings.LastIndex(strings.TrimSpace(log), "\n")+1])
	fine(t, "audit", "verify", file) // which cannot tell that the end is gone
	refused(t, "the audit log does not hold the head that was written down", "audit", "verify", file, "--head="+head)
	refused(t, "--head is NUMBER:HASH", "audit", "verify", data, "--head=3")
	write(strings.Replace(log, "audit.invited", "audit.enabled", 1))
	refused(t, "the audit log is broken at entry 1", "audit", "verify", file)
	write(log + "{")
	refused(t, "read the audit log after entry 3", "audit", "verify", file)
}
