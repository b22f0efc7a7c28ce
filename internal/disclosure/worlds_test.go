package disclosure

import (
	"maps"
	"slices"
)

// worlds are all tables of whole numbers that agree with what is published, taking shown counts as exact.
type worlds struct {
	tables []Raw
	truth  map[string]int64
	shown  map[string]int64
	hidden map[string]map[int64]bool // key → values met
	budget int
}

func newWorlds(tables []Raw, release Release) *worlds {
	w := &worlds{tables: tables, truth: map[string]int64{}, shown: map[string]int64{}, hidden: map[string]map[int64]bool{}}
	for n, table := range release.Tables {
		counts := tables[n].margins()
		table.each(func(i int, at []int) {
			key := table.key("", at)
			w.truth[key] = counts[i]
			if table.Figures[i].shown {
				w.shown[key] = counts[i]
			} else {
				w.hidden[key] = map[int64]bool{}
			}
		})
	}
	return w
}

// enumerate meets every filling of the tables, or enough of them for each hidden cell to have two values,
// and reports whether it could within the budget of steps.
func (w *worlds) enumerate(budget int) bool {
	w.budget = budget
	w.fill(0, map[string]int64{})
	return w.budget > 0
}

// fill goes through the fillings of a table that agree with those of the tables before it, and returns
// whether to go on.
func (w *worlds) fill(table int, given map[string]int64) bool {
	if table == len(w.tables) {
		return w.meet(given)
	}
	raw := w.tables[table]
	f := &filling{raw: raw, keys: make([]string, raw.size()), want: make([]int64, raw.size()), sums: make([]int64, raw.size())}
	f.margins = make([][]int, len(raw.Counts))
	raw.each(func(i int, at []int) {
		f.keys[i] = raw.key("", at)
		f.want[i] = -1
		if v, ok := w.shown[f.keys[i]]; ok {
			f.want[i] = v
		} else if v, ok := given[f.keys[i]]; ok {
			f.want[i] = v
		}
	})
	for c := range f.margins {
		one := NewRaw(raw.Shape)
		one.Counts[c] = 1
		for i, n := range one.margins() {
			if n == 1 {
				f.margins[c] = append(f.margins[c], i)
			}
		}
	}
	return f.try(0, &w.budget, func() bool {
		next := maps.Clone(given)
		for i, key := range f.keys {
			next[key] = f.sums[i]
		}
		return w.fill(table+1, next)
	})
}

func (w *worlds) meet(world map[string]int64) bool {
	open := false
	for key, values := range w.hidden {
		values[world[key]] = true
		open = open || len(values) < 2
	}
	return open
}

func (w *worlds) isConstant(key string) bool { return len(w.hidden[key]) == 1 }

// filling is a table being filled cell by cell, with its margins so far and what they must come to, -1 for
// anything.
type filling struct {
	raw        Raw
	keys       []string
	want, sums []int64
	margins    [][]int // cell → the margins it counts in, itself too
}

// most is the count that stands for any: a cell with nothing above it needs no more to vary.
const most = 30

func (f *filling) try(cell int, budget *int, done func() bool) bool {
	if *budget--; *budget <= 0 {
		return false
	}
	if cell == len(f.margins) {
		return done()
	}
	lo, hi := int64(0), int64(most)
	for _, m := range f.margins[cell] {
		if f.want[m] < 0 {
			continue
		}
		hi = min(hi, f.want[m]-f.sums[m])
		if !slices.ContainsFunc(f.margins[cell+1:], func(later []int) bool { return slices.Contains(later, m) }) {
			lo = max(lo, f.want[m]-f.sums[m])
		}
	}
	for v := lo; v <= hi; v++ {
		f.add(cell, v)
		on := f.try(cell+1, budget, done)
		f.add(cell, -v)
		if !on {
			return false
		}
	}
	return true
}

func (f *filling) add(cell int, v int64) {
	for _, m := range f.margins[cell] {
		f.sums[m] += v
	}
}
