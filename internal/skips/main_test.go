package main

import (
	"os"
	"strings"
	"testing"
)

const passed = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"PASS\n"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`

const skipped = `{"Action":"output","Package":"p","Test":"TestB/c","Output":"    b_test.go:1: no data\n"}
{"Action":"skip","Package":"p","Test":"TestB/c"}
` + passed

const failed = `{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:1: wrong\n"}
{"Action":"fail","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}
`

const crashed = `{"Action":"output","Package":"p","Test":"TestA","Output":"panic: oh\n"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}
`

const unbuilt = `{"ImportPath":"p [p.test]","Action":"build-output","Output":"p/a.go:1:1: wrong\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
{"Action":"output","Package":"p","Output":"FAIL\tp [build failed]\n"}
{"Action":"fail","Package":"p"}
`

func TestWatch(t *testing.T) {
	for _, c := range []struct {
		name, events string
		allowed      test
		strict       bool
		says, fails  string
	}{
		{"all passed", passed, test{}, true, "ok  \tp\t0.1s\nskipped: 0 tests in the list, 0 others\n", ""},
		{"nothing ran", "", test{}, false, "", "no test has run"},
		{"one failed", failed, test{}, false, "    a_test.go:1: wrong\nFAIL\tp\t0.1s\n", "tests failed"},
		{"one crashed", crashed, test{}, false, "panic: oh\nFAIL\tp\t0.1s\n", "tests failed"},
		{"one did not build", unbuilt, test{}, false, "p/a.go:1:1: wrong\nFAIL\tp [build failed]\n", "tests failed"},
		{"skipped at home", skipped, test{}, false, "  p TestB/c\n", ""},
		{"skipped in CI", skipped, test{}, true, "    b_test.go:1: no data\n", "not in the list"},
		{"skipped in the list", skipped, test{"p", "TestB"}, true, "skipped: 1 tests in the list, 0 others\n", ""},
		{"in the list and not skipped", passed, test{"p", "TestA"}, true, "ok", "but was not skipped"},
		{"another of the name in the list", skipped, test{"p", "Test"}, true, "  p TestB/c\n", "not in the list"},
		{"what the go command says", "pattern ./x: no such folder\n" + passed, test{}, true, "no such folder\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			allowed := map[test]bool{}
			if c.allowed.Name != "" {
				allowed[c.allowed] = false
			}
			err := watch(strings.NewReader(c.events), &out, allowed, c.strict)
			if !strings.Contains(out.String(), c.says) {
				t.Errorf("says %q, want %q in it", out.String(), c.says)
			}
			if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("ends with %v, want %q", err, c.fails)
			}
		})
	}
}

func TestReadAllowed(t *testing.T) {
	file := t.TempDir() + "/skips"
	for list, want := range map[string]int{"# nothing\n\n": 0, "p TestA because\n": 1, "p TestA\n": -1} {
		if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		allowed, err := readAllowed([]string{file})
		if (err != nil) != (want < 0) || err == nil && len(allowed) != want {
			t.Errorf("%q: %v, %v", list, allowed, err)
		}
	}
}
