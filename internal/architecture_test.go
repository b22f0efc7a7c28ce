// Package internal_test holds the borders between the rooms of the house: who may import whom, directly or through
// others. The linters say the same where an editor shows it; this test also sees what comes in by the back door.
package internal_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "sayso/"

// room is one line of the table. A pattern names a package, or with a "/..." at the end all below too.
type room struct {
	packages string
	may      []string // packages of ours it may import
	never    []string // what must not be reachable from it
}

var (
	// Drivers belong to the stores, and a door to the web. What net/http is to a library (spreadsheets bring it along)
	// is no matter; that no subject imports it is for the linters.
	drivers = []string{"database/sql", "go.mongodb.org/...", "zombiezen.com/...", "modernc.org/..."}
	doors   = []string{"github.com/gofiber/...", "github.com/valyala/...", "github.com/a-h/templ/..."}
	both    = slices.Concat(drivers, doors)

	// What all subjects may know.
	shared = []string{"internal/fault", "internal/exercise", "internal/people", "internal/authoring"}
	// What web, stores and app build on.
	subjects = slices.Concat(shared, []string{
		"internal/admission", "internal/ballot", "internal/budget", "internal/disclosure", "internal/forum", "internal/report", "internal/safeguard",
		"internal/survey", "internal/theme",
	})
)

// rooms is read from the top; the first line that names a package counts. The last one is for subjects: a new folder
// in internal is one, until it has a line of its own.
var rooms = []room{
	{packages: "app/...", may: []string{"..."}},
	{packages: "content", never: both},
	{packages: "locales", never: both},
	{packages: "static", never: drivers},
	{packages: "internal/skips", never: both},
	{packages: "internal/fault", never: both},
	{packages: "internal/exercise", may: []string{"internal/fault"}, never: both},
	{packages: "internal/authoring", may: []string{"internal/exercise"}, never: both},
	{packages: "internal/people", may: []string{"internal/fault", "internal/exercise"}, never: both},
	{packages: "internal/i18n", may: []string{"locales"}, never: both},
	{
		packages: "internal/report",
		may: slices.Concat(shared, []string{
			"internal/budget", "internal/disclosure", "internal/forum", "internal/survey", "internal/theme",
		}),
		never: slices.Concat(both, []string{module + "internal/safeguard"}),
	},
	// Votes are counted by the engine, and who voted is told as far as may be.
	{packages: "internal/ballot", may: append([]string{"internal/budget", "internal/disclosure"}, shared...), never: both},
	// What comes in beside the web: tables that were collected elsewhere, and answers made up to show how it looks.
	{packages: "internal/intake", may: append([]string{"internal/survey"}, shared...), never: append([]string{"github.com/gofiber/..."}, drivers...)},
	{packages: "internal/demonstration", may: append([]string{"internal/survey", "internal/ballot"}, shared...), never: both},
	// A walk that saves nothing stands before the subjects it walks through, in place of a store.
	{packages: "internal/preview", may: append([]string{"internal/survey", "internal/ballot"}, shared...), never: both},
	// It leads to database/sql, since the makers of the metrics also count connections of it.
	{
		packages: "internal/operation", may: []string{"internal/fault"},
		never: []string{"go.mongodb.org/...", "zombiezen.com/...", "modernc.org/...", "github.com/gofiber/...", "github.com/a-h/templ/..."},
	},
	{packages: "internal/store/sqlite", may: subjects, never: slices.Concat(doors, []string{"go.mongodb.org/..."})},
	{packages: "internal/store/mongo", may: subjects, never: []string{"github.com/gofiber/...", "github.com/a-h/templ/...", "zombiezen.com/...", "modernc.org/..."}},
	{packages: "internal/store/storetest", may: subjects, never: doors},
	{packages: "internal/web/view", may: slices.Concat(subjects, []string{"internal/i18n", "static"}), never: drivers},
	{
		packages: "internal/web/...",
		may:      slices.Concat(subjects, []string{"internal/i18n", "internal/preview", "internal/web/...", "content", "locales", "static"}),
		never:    drivers,
	},
	{packages: "internal/...", may: shared, never: both},
}

// listed is what "go list" says of a package.
type listed struct {
	ImportPath string
	Doc        string
	GoFiles    []string
	CgoFiles   []string
	Imports    []string
	Deps       []string
}

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Doc,GoFiles,CgoFiles,Imports,Deps", module+"...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			all = append(all, p)
		}
	}
}

func TestBorders(t *testing.T) {
	all := list(t)
	if len(all) < 10 {
		t.Fatalf("only %d packages are listed", len(all))
	}
	for _, p := range all {
		for _, fault := range trespasses(p) {
			t.Error(fault)
		}
	}
}

// trespasses says what the package imports although its room may not.
func trespasses(p listed) []string {
	name := strings.TrimPrefix(p.ImportPath, module)
	i := slices.IndexFunc(rooms, func(r room) bool { return covers(r.packages, name) })
	if i < 0 {
		return []string{name + " has no line in the table of rooms"}
	}
	var faults []string
	for _, other := range p.Imports {
		if ours, ok := strings.CutPrefix(other, module); ok && !coversAny(rooms[i].may, ours) {
			faults = append(faults, name+" imports "+ours)
		}
	}
	for _, other := range p.Deps {
		if coversAny(rooms[i].never, other) {
			faults = append(faults, name+" leads to "+other)
		}
	}
	return faults
}

func covers(pattern, name string) bool {
	if pattern == "..." {
		return true
	}
	above, all := strings.CutSuffix(pattern, "/...")
	return name == above || all && strings.HasPrefix(name, above+"/")
}

func coversAny(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return covers(p, name) })
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	for _, p := range list(t) {
		if p.Doc == "" {
			t.Errorf("%s has no sentence about itself", p.ImportPath)
		}
	}
}

// The table refuses what the house refuses.
func TestTableRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		imports []string
		deps    []string
		wrong   bool
	}{
		{"app", []string{"sayso/internal/web", "sayso/internal/store/sqlite"}, []string{"net/http"}, false},
		{"internal/survey", []string{"sayso/internal/people", "strings"}, nil, false},
		{"internal/survey", []string{"sayso/internal/theme"}, nil, true},
		{"internal/survey", []string{"sayso/internal/report"}, nil, true},
		{"internal/survey", nil, []string{"zombiezen.com/go/sqlite"}, true},
		{"internal/report", []string{"sayso/internal/theme"}, nil, false},
		{"internal/report", nil, []string{"sayso/internal/safeguard"}, true},
		{"internal/safeguard", []string{"sayso/internal/survey"}, nil, true},
		{"internal/store/sqlite", []string{"sayso/internal/survey"}, []string{"zombiezen.com/go/sqlite"}, false},
		{"internal/store/sqlite", []string{"sayso/internal/web"}, nil, true},
		{"internal/store/mongo", []string{"sayso/internal/store/sqlite"}, nil, true},
		{"internal/web", []string{"sayso/internal/web/view"}, nil, false},
		{"internal/web", []string{"sayso/internal/store/sqlite"}, nil, true},
		{"internal/web", nil, []string{"go.mongodb.org/mongo-driver/v2/bson"}, true},
		{"internal/i18n", []string{"sayso/locales"}, nil, false},
		{"internal/i18n", []string{"sayso/internal/exercise"}, nil, true},
		{"helpers", nil, nil, true},
	} {
		faults := trespasses(listed{ImportPath: module + c.name, Imports: c.imports, Deps: c.deps})
		if (len(faults) > 0) != c.wrong {
			t.Errorf("%s with %v and %v: %v", c.name, c.imports, c.deps, faults)
		}
	}
}
