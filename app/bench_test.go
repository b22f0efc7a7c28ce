package main

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
)

// figuresOf runs a bench command so briefly that it may well fall short, and returns what it found by name.
func figuresOf(t *testing.T, args ...string) map[string]figure {
	t.Helper()
	out, err := sayso(t, append([]string{"bench"}, append(args, "--json")...)...)
	if err != nil && !errors.Is(err, errMissed) {
		t.Fatal(err)
	}
	var found struct{ Rows []figure }
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	all := map[string]figure{}
	for _, f := range found.Rows {
		if f.Value <= 0 && f.Name != "machine.others" {
			t.Errorf("%s is %v", f.Name, f.Value)
		}
		all[f.Name] = f
	}
	if missed := slices.ContainsFunc(found.Rows, figure.short); missed != errors.Is(err, errMissed) {
		t.Errorf("a bar was missed: %t, but the command says %v", missed, err)
	}
	return all
}

func TestBenchPages(t *testing.T) {
	all := figuresOf(t, "pages", "--responses=300", "--turns=2", "--for=20ms", "--callers=4")
	for name, bar := range map[string]float64{"pages.question_to_hello": 0.40, "pages.question_full_to_empty": 0.85} {
		if f := all[name]; f.AtLeast == nil || *f.AtLeast != bar {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for _, name := range []string{"pages.hello", "pages.answered_full", "machine.cores", "machine.fsync"} {
		if _, ok := all[name]; !ok {
			t.Errorf("%s is not there: %v", name, all)
		}
	}
}

func TestBenchSave(t *testing.T) {
	all := figuresOf(t, "save", "--turns=1", "--for=50ms", "--callers=4", "--rounds=1", "--journeys=300ms")
	if f := all["save.page_to_append"]; f.AtLeast == nil || *f.AtLeast != 0.60 {
		t.Errorf("%+v", f)
	}
	if f := all["save.wait_p99"]; f.AtMost == nil || *f.AtMost != 50 || f.Value < all["save.wait_p50"].Value {
		t.Errorf("%+v", f)
	}
	if all["save.journey_pages"].Value != all["save.journeys"].Value*9 {
		t.Error("a journey has not nine pages")
	}
}

func TestBenchRefusesToMeasureNothing(t *testing.T) {
	refused(t, errNothing.Error(), "bench", "pages", "--turns=0")
	refused(t, errNothing.Error(), "bench", "save", "--rounds=0")
}

func TestShare(t *testing.T) {
	if got := share([]float64{1, 30, 8}, []float64{2, 10, 10}); got != 0.8 {
		t.Errorf("the median of a half, three and four fifths is %v", got)
	}
}

func TestBenchScale(t *testing.T) {
	all := figuresOf(t, "scale", "--responses=2000", "--more=20", "--for=20ms")
	for name, bar := range map[string]float64{"scale.made_and_imported": 180, "scale.report.cold": 60, "scale.report.cold.memory": 512,
		"scale.report.next": 2, "scale.export.csv.first_byte": 1, "scale.export.xlsx.memory": 128, "scale.growth.import.200": 1.1,
		"scale.growth.report.2000": 1.1} {
		if f := all[name]; f.AtMost == nil || *f.AtMost != bar {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for _, name := range []string{"scale.export.csv.rows", "scale.export.xlsx.rows"} {
		if all[name].Value != 2040 {
			t.Errorf("%s: %v", name, all[name].Value)
		}
	}
	if _, ok := all["machine.hello"]; !ok {
		t.Error("the rate of a bare handler is not there")
	}
}
