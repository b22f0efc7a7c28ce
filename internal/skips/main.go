// Command skips reads the events of "go test -json", writes what "go test" would have written, and counts the tests
// that were skipped. Where CI=true it fails when one was skipped that is not in the list it was given, so that no
// test can fall silent, and when the list names one that was not skipped, so that the list stays true.
//
// A line of the list is: package, test (and with it all its subtests), why.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

func main() {
	allowed, err := readAllowed(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "skips:", err)
		os.Exit(2)
	}
	if err := watch(os.Stdin, os.Stdout, allowed, os.Getenv("CI") == "true"); err != nil {
		fmt.Fprintln(os.Stderr, "skips:", err)
		os.Exit(1)
	}
}

// test names a test, or with an empty Name the package.
type test struct{ Package, Name string }

// parent returns the test around a subtest; false for a test of the top.
func (t test) parent() (test, bool) {
	i := strings.LastIndex(t.Name, "/")
	if i < 0 {
		return test{}, false
	}
	return test{t.Package, t.Name[:i]}, true
}

// readAllowed returns the tests that may be skipped; true stands for those that were.
func readAllowed(files []string) (map[test]bool, error) {
	allowed := map[test]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(data)) {
			fields := strings.Fields(line)
			if len(fields) == 0 || strings.HasPrefix(line, "#") {
				continue
			}
			if len(fields) < 3 {
				return nil, fmt.Errorf("%s: a line needs a package, a test and a reason: %q", file, line)
			}
			allowed[test{fields[0], fields[1]}] = false
		}
	}
	return allowed, nil
}

// event is one line of "go test -json"; see "go doc test2json".
type event struct {
	Action     string
	Package    string
	ImportPath string
	Test       string
	Output     string
}

// watch passes the events on as text. The error says that tests failed, or in strict runs were skipped unlisted.
func watch(events io.Reader, out io.Writer, allowed map[test]bool, strict bool) error {
	w := &watcher{out: out, allowed: allowed, written: map[test]*strings.Builder{}}
	lines := bufio.NewScanner(events)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(out, lines.Text()) // not an event: the go command itself speaks
			continue
		}
		w.note(e)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return w.verdict(strict)
}

type watcher struct {
	out     io.Writer
	allowed map[test]bool
	written map[test]*strings.Builder
	ended   int // packages with a result
	failed  bool
	listed  int
	others  []test // skipped, and not in the list
}

func (w *watcher) note(e event) {
	t := test{e.Package, e.Test}
	switch e.Action {
	case "output":
		if w.written[t] == nil {
			w.written[t] = &strings.Builder{}
		}
		w.written[t].WriteString(e.Output)
	case "build-output":
		fmt.Fprint(w.out, e.Output)
	case "build-fail":
		w.failed = true
	case "pass", "skip", "fail":
		w.end(t, e.Action)
	}
}

func (w *watcher) end(t test, result string) {
	written := ""
	if b := w.written[t]; b != nil {
		written = b.String()
	}
	delete(w.written, t)
	switch {
	case result == "fail":
		w.failed = true
		w.writeUnended(t)
		fmt.Fprint(w.out, written)
	case t.Name == "":
		fmt.Fprint(w.out, closing(written))
	case result == "skip" && w.may(t):
		w.listed++
	case result == "skip":
		w.others = append(w.others, t)
		fmt.Fprint(w.out, written)
	}
	if t.Name == "" {
		w.ended++
	}
}

// writeUnended writes what the package's tests said that a crash cut short.
func (w *watcher) writeUnended(t test) {
	if t.Name != "" {
		return
	}
	for _, u := range slices.SortedFunc(maps.Keys(w.written), func(a, b test) int { return strings.Compare(a.Name, b.Name) }) {
		if u.Package == t.Package {
			fmt.Fprint(w.out, w.written[u])
			delete(w.written, u)
		}
	}
}

// closing returns the lines with which "go test" ends a package that passed.
func closing(written string) string {
	var b strings.Builder
	for line := range strings.Lines(written) {
		if strings.HasPrefix(line, "ok  \t") || strings.HasPrefix(line, "?   \t") || strings.HasPrefix(line, "\t") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func (w *watcher) may(t test) bool {
	for ok := true; ok; t, ok = t.parent() {
		if _, listed := w.allowed[t]; listed {
			w.allowed[t] = true
			return true
		}
	}
	return false
}

func (w *watcher) verdict(strict bool) error {
	fmt.Fprintf(w.out, "skipped: %d tests in the list, %d others\n", w.listed, len(w.others))
	for _, t := range w.others {
		fmt.Fprintf(w.out, "  %s %s\n", t.Package, t.Name)
	}
	switch {
	case w.failed:
		return errors.New("tests failed")
	case w.ended == 0:
		return errors.New("no test has run")
	case strict && len(w.others) > 0:
		return errors.New("tests were skipped that are not in the list")
	}
	for t, was := range w.allowed {
		if strict && !was {
			return fmt.Errorf("%s %s is in the list but was not skipped", t.Package, t.Name)
		}
	}
	return nil
}
