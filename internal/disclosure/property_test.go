package disclosure

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sayso/internal/fault"
)

// crowd is people with a place, an age and an answer, as tables that share margins.
func crowd(t *rapid.T, largest int64) []Raw {
	places := rapid.IntRange(1, 3).Draw(t, "places")
	options := rapid.IntRange(1, 3).Draw(t, "options")
	full := NewRaw(Shape{Name: "full", Dims: []Dim{dim("place", Group, places), dim("q", Answer, options), dim("age", Group, 2)}})
	for i := range full.Counts {
		full.Counts[i] = rapid.OneOf(rapid.Int64Range(0, largest), rapid.Just(int64(0))).Draw(t, "n")
	}
	if rapid.Bool().Draw(t, "two tables") {
		return []Raw{sum(full, "by place", 0, 1), sum(full, "by age", 2, 1)}
	}
	return []Raw{sum(full, "by place", 1, 0)}
}

func dim(name string, kind Kind, n int) Dim {
	d := Dim{Name: name, Kind: kind}
	for i := range n {
		d.Categories = append(d.Categories, fmt.Sprintf("%s%d", name, i))
	}
	return d
}

// sum returns the table of some dimensions of another.
func sum(full Raw, name string, dims ...int) Raw {
	shape := Shape{Name: name, Base: full.Base}
	for _, d := range dims {
		shape.Dims = append(shape.Dims, full.Dims[d])
	}
	out := NewRaw(shape)
	counts := full.margins()
	full.each(func(i int, at []int) {
		var cats []string
		for d, c := range at {
			if c == len(full.Dims[d].Categories) {
				return
			}
			cats = append(cats, full.Dims[d].Categories[c])
		}
		var mine []string
		for _, d := range dims {
			mine = append(mine, cats[d])
		}
		if err := out.Add(counts[i], mine...); err != nil {
			panic(err)
		}
	})
	return out
}

func publish(t rapid.TB, history History, tables ...Raw) Release {
	t.Helper()
	r, err := Publish(Standard(), history, tables)
	if err != nil {
		t.Fatalf("publish: %v", err)
	}
	return r
}

func TestShownFiguresKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := Standard()
		tables := crowd(t, 40)
		for n, table := range publish(t, nil, tables...).Tables {
			counts := tables[n].margins()
			table.each(func(i int, at []int) {
				f := table.Figures[i]
				if !f.shown {
					return
				}
				if f.n < 0 || f.n%rules.Base != 0 || f.n != rules.round(counts[i]) {
					t.Fatalf("%v stands for %d", f, counts[i])
				}
				if rules.small(counts[i]) {
					t.Fatalf("a count of %d is shown", counts[i])
				}
				if group := table.key("", at) == table.key("", table.groupOf(at)); group && counts[i] < rules.Floor {
					t.Fatalf("a group of %d is shown", counts[i])
				}
			})
		}
	})
}

// Every way to fill the hidden cells is tried: each hidden cell must take two values at least.
func TestNoHiddenCellIsConstant(t *testing.T) {
	tried, hidden := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		tables := crowd(t, 14)
		release := publish(t, nil, tables...)
		worlds := newWorlds(tables, release)
		if !worlds.enumerate(60_000) {
			return
		}
		tried++
		hidden += len(worlds.hidden)
		for key := range worlds.hidden {
			if worlds.isConstant(key) {
				t.Fatalf("cell %q can only be %v", key, worlds.truth[key])
			}
		}
	})
	if tried < 20 || hidden < 50 {
		t.Errorf("only %d tables with %d hidden cells tried", tried, hidden)
	}
	t.Logf("%d tables with %d hidden cells tried", tried, hidden)
}

func TestAuditAgreesWithEnumerationOnAnySuppression(t *testing.T) {
	caught := 0
	rapid.Check(t, func(t *rapid.T) {
		tables := crowd(t, 4)
		s, err := newSystem(Standard(), nil, tables)
		if err != nil {
			t.Fatal(err)
		}
		release := Release{}
		for _, raw := range tables {
			table := Table{Shape: raw.Shape, Figures: make([]Figure, raw.size())}
			counts := raw.margins()
			raw.each(func(i int, at []int) {
				c := s.index[raw.key(era(0), at)]
				if !s.cells[c].hidden && rapid.Bool().Draw(t, "hide") {
					s.cells[c].hidden = true
				}
				table.Figures[i] = Figure{!s.cells[c].hidden, counts[i]}
			})
			release.Tables = append(release.Tables, table)
		}
		for n := range release.Tables {
			table := &release.Tables[n]
			table.each(func(i int, at []int) {
				table.Figures[i].shown = !s.cells[s.index[table.key(era(0), at)]].hidden
			})
		}
		worlds := newWorlds(tables, release)
		if !worlds.enumerate(30_000) {
			return
		}
		known := s.known()
		fixed, err := s.fixed(known)
		if err != nil {
			t.Fatal(err)
		}
		for key := range worlds.hidden {
			i := s.index[era(0)+key]
			if worlds.isConstant(key) && !known[i] && !slices.Contains(fixed, i) {
				t.Fatalf("cell %q is constant and the audit missed it", key)
			}
			if worlds.isConstant(key) {
				caught++
			}
		}
	})
	if caught == 0 {
		t.Error("no constant cell was ever met")
	}
	t.Logf("%d constant cells met, all caught", caught)
}

// The second release adds people and takes some away; what is shown must still be true, and neither release
// may have a leak.
func TestReleasesFollowEachOtherWithoutALeak(t *testing.T) {
	followed := 0
	rapid.Check(t, func(t *rapid.T) {
		first := crowd(t, 40)[:1]
		history := History{publish(t, nil, first...)}
		next := NewRaw(first[0].Shape)
		for i, n := range first[0].Counts {
			next.Counts[i] = max(0, n+rapid.SampledFrom([]int64{-3, 0, 0, 15, 30}).Draw(t, "change"))
		}
		release, err := Publish(Standard(), history, []Raw{next})
		if fault.Is(err, fault.Conflict) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		followed++
		s, err := newSystem(Standard(), history, []Raw{next})
		if err != nil {
			t.Fatal(err)
		}
		anything := false
		next.each(func(i int, at []int) {
			shown := release.Tables[0].Figures[i].shown
			s.cells[s.index[next.key(era(0), at)]].hidden = !shown
			anything = anything || shown
		})
		if leaks, err := s.audit(Standard()); err != nil || (anything && len(leaks) > 0) {
			t.Fatalf("%d leaks, %v: %v after %v", len(leaks), err, release, history)
		}
	})
	if followed < 5 {
		t.Errorf("only %d releases followed another", followed)
	}
	t.Logf("%d releases followed another", followed)
}

func TestOrderOfCategoriesAndTablesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tables := crowd(t, 30)
		want := publish(t, nil, tables...)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		var turned []Raw
		for _, raw := range tables {
			turned = append(turned, turn(raw, random))
		}
		slices.Reverse(turned)
		got := publish(t, nil, turned...)
		for _, table := range want.Tables {
			other, _ := got.Table(table.Name)
			table.each(func(i int, at []int) {
				cats := make([]string, len(at))
				for d, c := range at {
					if c < len(table.Dims[d].Categories) {
						cats[d] = table.Dims[d].Categories[c]
					}
				}
				if table.Figures[i] != other.At(cats...) {
					t.Fatalf("%v is %v, turned %v", cats, table.Figures[i], other.At(cats...))
				}
			})
		}
	})
}

// turn shuffles the categories of a table.
func turn(raw Raw, random *rand.Rand) Raw {
	shape := raw.Shape
	shape.Dims = slices.Clone(raw.Dims)
	for d := range shape.Dims {
		cats := slices.Clone(shape.Dims[d].Categories)
		random.Shuffle(len(cats), func(i, j int) { cats[i], cats[j] = cats[j], cats[i] })
		shape.Dims[d].Categories = cats
	}
	out := NewRaw(shape)
	counts := raw.margins()
	raw.each(func(i int, at []int) {
		var cats []string
		for d, c := range at {
			if c == len(raw.Dims[d].Categories) {
				return
			}
			cats = append(cats, raw.Dims[d].Categories[c])
		}
		if err := out.Add(counts[i], cats...); err != nil {
			panic(err)
		}
	})
	return out
}

func TestJSONRoundTripIsTheIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := publish(t, nil, crowd(t, 60)...)
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Release
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(Figure{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestEliminationAgreesWithRationalArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cols := rapid.IntRange(1, 7).Draw(t, "cols")
		var rows []row
		for range rapid.IntRange(1, 7).Draw(t, "rows") {
			var r row
			for c := range cols {
				if f := rapid.Int64Range(-3, 3).Draw(t, "factor"); f != 0 {
					r = append(r, term{c, f})
				}
			}
			rows = append(rows, r)
		}
		want := unitsInRowSpace(rows, cols)
		m := newMatrix(slices.Clone(rows), cols)
		if err := m.reduce(func(int) bool { return true }); err != nil {
			t.Fatal(err)
		}
		got := make([]bool, cols)
		for r, col := range m.pivot {
			if col >= 0 && len(m.rows[r]) == 1 {
				got[col] = true
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestEliminationRefusesToOverflow(t *testing.T) {
	if _, err := (row{{0, 3}, {1, 1 << 40}}).without(0, row{{0, 2}, {1, 1}}); err != errTooLarge {
		t.Errorf("got %v", err)
	}
}

// unitsInRowSpace says for each unknown whether adding its unit vector leaves the rank as it is.
func unitsInRowSpace(rows []row, cols int) []bool {
	out := make([]bool, cols)
	for c := range cols {
		out[c] = rank(append(slices.Clone(rows), row{{c, 1}}), cols) == rank(rows, cols)
	}
	return out
}

func rank(rows []row, cols int) int {
	var m [][]*big.Rat
	for _, r := range rows {
		dense := make([]*big.Rat, cols)
		for c := range dense {
			dense[c] = big.NewRat(r.factor(c), 1)
		}
		m = append(m, dense)
	}
	n := 0
	for c := range cols {
		p := slices.IndexFunc(m[n:], func(r []*big.Rat) bool { return r[c].Sign() != 0 })
		if p < 0 {
			continue
		}
		m[n], m[n+p] = m[n+p], m[n]
		for i := n + 1; i < len(m); i++ {
			f := new(big.Rat).Quo(m[i][c], m[n][c])
			for j := range cols {
				m[i][j] = new(big.Rat).Sub(m[i][j], new(big.Rat).Mul(f, m[n][j]))
			}
		}
		if n++; n == len(m) {
			break
		}
	}
	return n
}
