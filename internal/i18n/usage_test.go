package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// prefixes begin the keys that code puts together from parts, such as "voice." and who speaks.
var prefixes = []string{"age_band.", "ballot_kind.", "because.", "came.", "channel.", "detail.", "error.", "error_title.",
	"group.", "help_when.", "hold.", "key_group.", "ledger.", "main_thing.", "month.", "option.", "outcome.",
	"paper.after_", "paper.how_", "paper.reason_", "paper.state_", "paper.voice_", "reply.", "reply_kind.",
	"role.", "rule.", "rule_name.", "skip.", "stage.", "step.", "told_state.", "verdict.", "voice.", "voice_hint.", "voice_of.", "vote_in."}

// forTheLog begin the keys of faults that are no person's doing: people read the sentence of their kind.
var forTheLog = []string{"budget.invalid_", "disclosure.", "import.", "store."}

// program reads the Go and templ files of the module without its tests, by path.
func program(t *testing.T) map[string]string {
	t.Helper()
	root := moduleRoot(t)
	out := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (strings.HasPrefix(name, ".") || name == "node_modules") {
			return filepath.SkipDir
		}
		isGo := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_templ.go")
		if !isGo && !strings.HasSuffix(name, ".templ") {
			return nil
		}
		source, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, root)] = string(source)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// moduleRoot is the folder that holds go.mod, found upward from here.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no folder above holds go.mod")
		}
		dir = up
	}
}

var (
	literal = regexp.MustCompile(`"((?:[^"\\\n]|\\.)*)"`)
	// A key where it is said or made a fault of; with a plus behind it, it is the beginning of one.
	saying = regexp.MustCompile(`(?:\bT\(|\bfault\.New\([\w.]+(?:\([^()]*\))?, ?|\.Has\()"([^"]*)"( ?\+)?`)
	// A phrase said with a number that chooses its form.
	counting = regexp.MustCompile(`\bT\("([^"]*)"(?:, "\w+", [^"]*?)*, "Count"`)
)

func beginsWith(key string, beginnings []string) bool {
	return slices.ContainsFunc(beginnings, func(p string) bool { return strings.HasPrefix(key, p) })
}

func TestEveryPhraseIsUsed(t *testing.T) {
	words := map[string]bool{}
	for _, source := range program(t) {
		for _, m := range literal.FindAllStringSubmatch(source, -1) {
			words[m[1]] = true
		}
	}
	for key := range shipped(t).locales[Source].messages {
		if !words[key] && !beginsWith(key, prefixes) {
			t.Errorf("no page says %s", key)
		}
	}
	for _, p := range prefixes {
		if !words[p] && !words[strings.TrimSuffix(p, ".")] {
			t.Errorf("no code puts keys together from %s", p)
		}
	}
}

func TestEveryKeyInTheCodeIsAPhrase(t *testing.T) {
	source := shipped(t).locales[Source].messages
	found := 0
	for path, code := range program(t) {
		for _, m := range saying.FindAllStringSubmatch(code, -1) {
			found++
			key, begins := m[1], m[2] != ""
			switch {
			case begins && !beginsWith(key, prefixes) && !beginsWith(key, forTheLog):
				t.Errorf("%s puts a key together from %q, which is not declared", path, key)
			case !begins && source[key] == nil && !beginsWith(key, forTheLog):
				t.Errorf("%s says %q, which is not in the catalogue", path, key)
			}
		}
		for _, m := range counting.FindAllStringSubmatch(code, -1) {
			if source[m[1]] != nil && !counted(source[m[1]]) {
				t.Errorf("%s counts in %s, which has one form only", path, m[1])
			}
		}
	}
	if found == 0 {
		t.Fatal("the code says nothing: is it read at all?")
	}
}
