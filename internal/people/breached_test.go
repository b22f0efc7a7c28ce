package people

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sayso/internal/fault"
)

// breachedFile writes a list of the passwords, as it is published.
func breachedFile(t *testing.T, end string, passwords ...string) string {
	t.Helper()
	var lines []string
	for i, p := range passwords {
		lines = append(lines, fmt.Sprintf("%X:%d", sha1.Sum([]byte(p)), i*i))
	}
	slices.Sort(lines)
	path := filepath.Join(t.TempDir(), "breached.txt")
	if err := os.WriteFile(path, []byte(strings.Join(lines, end)+end), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBreachedPassphrasesAreFound(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		for _, size := range []int{1, 2, 3, 10, 1000} {
			var listed []string
			for i := range size {
				listed = append(listed, fmt.Sprint("known to many ", i))
			}
			b, err := OpenBreached(breachedFile(t, end, listed...))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range listed {
				if has, err := b.Has(p); !has || err != nil {
					t.Errorf("%d lines: %q: %v, %v", size, p, has, err)
				}
				if has, err := b.Has(p + "!"); has || err != nil {
					t.Errorf("%d lines: %q: %v, %v", size, p+"!", has, err)
				}
			}
		}
	}
}

func TestNoListKnowsNothing(t *testing.T) {
	var b *Breached
	if has, err := b.Has("anything"); has || err != nil {
		t.Error(has, err)
	}
}

func TestWhatIsNoListOfHashesIsRefused(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "a poem": strings.Repeat("not a hash\n", 60), "one long line": strings.Repeat("a", 5000),
		"falling": strings.Repeat("F", 40) + "\n" + strings.Repeat(strings.Repeat("0", 40)+"\n", 9), "cut": strings.Repeat("0", 39)} {
		path := filepath.Join(t.TempDir(), "list.txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenBreached(path); !errors.Is(err, errNoHashes) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := OpenBreached(filepath.Join(t.TempDir(), "nowhere")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestABreachedPassphraseIsRefused(t *testing.T) {
	o := newOffice(t)
	breached, err := OpenBreached(breachedFile(t, "\n", goodPassphrase))
	if err != nil {
		t.Fatal(err)
	}
	o.with.Breached = breached
	if err := o.checkPassphrase(goodPassphrase, "alex@example.org", ""); !fault.Is(err, fault.Invalid) || !errors.Is(err, errPassphraseBreached) {
		t.Error(err)
	}
}
