package disclosure

import (
	"encoding/json"
	"math"
	"testing"
)

func share(part, whole int64) Share { return ShareOf(Figure{true, part}, Figure{true, whole}) }

func TestSharesComeFromRoundedFigures(t *testing.T) {
	table := publish(t, nil, grid("q", []int64{23, 24}, []int64{52, 61})).Tables[0]
	got := table.Share("place0", "q0") // 25 of 45, where the counts are 23 of 47
	if got.PerCent() != 56 || got.PerMille() != 556 {
		t.Errorf("got %d per cent, %d per mille", got.PerCent(), got.PerMille())
	}
	for name, s := range map[string]Share{
		"hidden part": ShareOf(Figure{}, Figure{true, 50}), "hidden whole": ShareOf(Figure{true, 10}, Figure{}),
		"nobody": share(0, 0), "unknown category": table.Share("place9", "q0"),
	} {
		if lo, hi := s.Interval(); s.Shown() || s.PerCent() != 0 || lo != 0 || hi != 0 {
			t.Errorf("%s: the share is shown", name)
		}
	}
}

// The values are those of the closed formula for 10 of 100, 0 of 20 and 20 of 20.
func TestWilsonInterval(t *testing.T) {
	for _, c := range []struct{ part, whole, lo, hi float64 }{
		{10, 100, 0.05522914, 0.17436566}, {0, 20, 0, 0.16112516}, {20, 20, 0.83887484, 1},
	} {
		lo, hi := share(int64(c.part), int64(c.whole)).Interval()
		if math.Abs(lo-c.lo) > 1e-7 || math.Abs(hi-c.hi) > 1e-7 {
			t.Errorf("%v of %v: %.8f to %.8f", c.part, c.whole, lo, hi)
		}
	}
}

func TestDiffersIsStricterTheMoreIsCompared(t *testing.T) {
	a, b := share(60, 100), share(45, 100) // z = 2.12
	for _, c := range []struct {
		comparisons int
		want        bool
	}{{0, true}, {1, true}, {2, false}, {40, false}} {
		if got := Differs(a, b, c.comparisons); got != c.want {
			t.Errorf("%d comparisons: %v", c.comparisons, got)
		}
	}
	if !Differs(share(90, 100), share(45, 100), 1000) {
		t.Error("90 and 45 of 100 do not differ")
	}
	if Differs(a, ShareOf(Figure{}, Figure{true, 100}), 1) || Differs(share(10, 10), share(20, 20), 1) {
		t.Error("hidden or equal shares differ")
	}
}

func TestFiguresAreReadStrictly(t *testing.T) {
	for _, bad := range []string{`-5`, `2.5`, `"10"`, `null`, `"**"`, `true`} {
		f := Figure{true, 7}
		if err := json.Unmarshal([]byte(`[`+bad+`]`), &[]*Figure{&f}); err == nil && bad != `null` {
			t.Errorf("%s is read as a figure", bad)
		}
		if err := f.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s is read as %v", bad, f)
		}
	}
}
