package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// cells are the rows of the tables of a Markdown file whose first cell fits the expression.
func cells(t *testing.T, path string, first *regexp.Regexp) (rows [][]string) {
	t.Helper()
	for line := range strings.Lines(text(t, path)) {
		row := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if first.MatchString(row[0]) {
			rows = append(rows, row)
		}
	}
	return rows
}

// requirements says how many requirements of levels 1 and 2 each section of OWASP ASVS 5.0.0 has; they come first in
// it. (https://github.com/OWASP/ASVS, 5.0/docs_en)
var requirements = map[string]int{
	"V1.1": 2, "V1.2": 9, "V1.3": 11, "V1.4": 3, "V1.5": 2, "V2.1": 3, "V2.2": 3, "V2.3": 4, "V2.4": 1, "V3.2": 2, "V3.3": 4, "V3.4": 6, "V3.5": 5, "V3.7": 2,
	"V4.1": 3, "V4.2": 1, "V4.3": 2, "V4.4": 4, "V5.1": 1, "V5.2": 3, "V5.3": 2, "V5.4": 3, "V6.1": 3, "V6.2": 12, "V6.3": 4, "V6.4": 4, "V6.5": 5, "V6.6": 3,
	"V6.8": 4, "V7.1": 3, "V7.2": 4, "V7.3": 2, "V7.4": 5, "V7.5": 2, "V7.6": 2, "V8.1": 2, "V8.2": 3, "V8.3": 1, "V8.4": 1, "V9.1": 3, "V9.2": 4, "V10.1": 2,
	"V10.2": 2, "V10.3": 4, "V10.4": 11, "V10.5": 5, "V10.6": 2, "V10.7": 3, "V11.1": 2, "V11.2": 3, "V11.3": 3, "V11.4": 4, "V11.5": 1, "V11.6": 1, "V12.1": 3,
	"V12.2": 2, "V12.3": 4, "V13.1": 1, "V13.2": 5, "V13.3": 2, "V13.4": 5, "V14.1": 2, "V14.2": 4, "V14.3": 3, "V15.1": 3, "V15.2": 3, "V15.3": 7, "V16.1": 1,
	"V16.2": 5, "V16.3": 4, "V16.4": 3, "V16.5": 3, "V17.1": 1, "V17.2": 4, "V17.3": 2,
}

var (
	requirementID = regexp.MustCompile(`^V\d+\.\d+\.\d+$`)
	testName      = regexp.MustCompile("`((?:app|content|internal/[a-z0-9/]+)\\.(?:Test|Fuzz)[A-Za-z0-9]+)`")
	testFunction  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9]+)\([a-z]+ \*testing\.[TF]\)`)
	linkedFile    = regexp.MustCompile(`\]\(([^):]+)\)`)
)

// tests are the names of all tests, each after its package.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, root := range []string{"app", "content", "internal"} {
		must(filepath.WalkDir(filepath.Join("..", root), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			data, err := os.ReadFile(path)
			for _, f := range testFunction.FindAllSubmatch(data, -1) {
				folder := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), ".."+string(filepath.Separator)))
				all[folder+"."+string(f[1])] = true
			}
			return err
		}))
	}
	return all
}

// TestEveryRequirementIsAnswered reads the table of OWASP ASVS: each requirement is there once, with tests that exist,
// with what is written and exists, or with a reason.
func TestEveryRequirementIsAnswered(t *testing.T) {
	const file = "assurance/asvs.md"
	known, seen, states := tests(t), map[string]int{}, map[string]int{}
	for _, row := range cells(t, file, requirementID) {
		if len(row) != 4 || row[1] == "" {
			t.Errorf("%s has %d cells", row[0], len(row))
			continue
		}
		id, state, shown := row[0], row[2], row[3]
		states[state]++
		seen[id[:strings.LastIndex(id, ".")]]++
		if seen[id]++; seen[id] > 1 {
			t.Errorf("%s is there twice", id)
		}
		named := testName.FindAllStringSubmatch(shown, -1)
		switch state {
		case "met":
			if len(named) == 0 || len(named) != strings.Count(shown, "`")/2 {
				t.Errorf("%s is met, and not by tests alone: %s", id, shown)
			}
		case "written", "partly", "not met", "does not apply":
			if len([]rune(shown)) < 12 || state == "written" && strings.Count(shown, " ") < 1 && !linkedFile.MatchString(shown) {
				t.Errorf("%s gives no reason: %q", id, shown)
			}
		default:
			t.Errorf("%s is %q", id, state)
		}
		for _, n := range named {
			if !known[n[1]] {
				t.Errorf("%s names %s, which is no test", id, n[1])
			}
		}
		for _, link := range linkedFile.FindAllStringSubmatch(shown, -1) {
			if _, err := os.Stat(filepath.Join(deployed, "assurance", link[1])); err != nil {
				t.Errorf("%s leads to %v", id, err)
			}
		}
	}
	total := 0
	for section, want := range requirements {
		total += want
		for i := 1; i <= want; i++ {
			if id := section + "." + strconv.Itoa(i); seen[id] == 0 {
				t.Errorf("%s is missing", id)
			}
		}
	}
	if total != 253 {
		t.Errorf("levels 1 and 2 have %d requirements here, and 253 in the standard", total)
	}
	for _, row := range cells(t, file, regexp.MustCompile(`^(met|written|partly|not met|does not apply)$`)) {
		if row[1] != strconv.Itoa(states[row[0]]) {
			t.Errorf("%s are %d, and not %s", row[0], states[row[0]], row[1])
		}
	}
}

var moduleLine = regexp.MustCompile(`(?m)^(?:require)?\s+([a-z0-9.]+\.[a-z]+/\S+) (v\S+)`)

// TestAdvisoriesNameEveryModule wants every module version of go.mod to have been looked up.
func TestAdvisoriesNameEveryModule(t *testing.T) {
	looked := map[string]string{}
	for _, row := range cells(t, "assurance/advisories.md", regexp.MustCompile(`^[a-z0-9.]+\.[a-z]+/`)) {
		if len(row) != 4 || row[3] == "" {
			t.Errorf("%s has no finding", row[0])
			continue
		}
		if day, err := time.Parse(time.DateOnly, row[2]); err != nil || day.After(time.Now().AddDate(0, 0, 1)) {
			t.Errorf("%s was looked up on %q", row[0], row[2])
		}
		looked[row[0]] = row[1]
	}
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	used := moduleLine.FindAllStringSubmatch(string(mod), -1)
	for _, m := range used {
		if looked[m[1]] != m[2] {
			t.Errorf("%s %s was not looked up, but %q was: search its advisories, and write it into deploy/assurance/advisories.md", m[1], m[2], looked[m[1]])
		}
		delete(looked, m[1])
	}
	if len(used) < 20 || len(looked) > 0 {
		t.Errorf("%d modules are used; of those looked up go.mod has no %v", len(used), looked)
	}
}
