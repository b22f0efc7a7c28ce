package disclosure

import "math"

// unbounded stands for "no upper bound known".
const unbounded = math.MaxInt64 / 4

// maxSweeps ends a propagation that creeps; bounds are true at every step, only wider than at the end.
const maxSweeps = 64

// bounds are the smallest and largest counts a reader can give each cell by going along the lines again and
// again. They contain every consistent count, and may be wider than the truth.
type bounds struct {
	s       *system
	lo, hi  []int64
	by      []int // line that set the upper bound, -1 when none did
	changed bool
}

// known returns for each cell whether a reader simply has it: shown, or following at once from shown noughts.
// Where nobody in all gave an answer, nobody in a hidden group did, and hiding that nought hides nothing;
// and where all other parts are such noughts, the last part is the total, if its group is shown at all.
func (s *system) known() []bool {
	known := make([]bool, len(s.cells))
	for i, c := range s.cells {
		known[i] = !c.hidden
	}
	for again := true; again; {
		again = false
		for _, l := range s.lines {
			if known[l.total] && !s.cells[l.total].past && s.follow(l, known) {
				again = true
			}
		}
	}
	return known
}

// follow marks one more part of a line with a known total, if there is one.
func (s *system) follow(l line, known []bool) bool {
	open := -1
	for _, p := range l.parts {
		switch {
		case known[p] && s.cells[p].count == 0:
		case s.cells[l.total].count == 0:
			known[p] = true
			return true
		case open >= 0:
			return false
		default:
			open = p
		}
	}
	if open < 0 || known[open] || s.cells[open].inner || !known[s.cells[open].group] {
		return false
	}
	known[open] = true
	return true
}

// propagate returns the bounds. Shown counts of this release are taken as exact, which is more than a reader
// of rounded figures has; those of earlier releases, whose true counts are not kept, as what was rounded.
// Links assume that nobody has withdrawn; when the counts prove that wrong they are left out.
func (s *system) propagate(known []bool) *bounds {
	b := s.newBounds(known)
	for range maxSweeps {
		b.changed = false
		for l := range s.lines {
			b.line(l)
		}
		for _, k := range s.links {
			b.link(k)
		}
		if b.contradicted() {
			return s.withoutLinks().propagate(known)
		}
		if !b.changed {
			break
		}
	}
	return b
}

func (s *system) newBounds(known []bool) *bounds {
	n := len(s.cells)
	b := &bounds{s: s, lo: make([]int64, n), hi: make([]int64, n), by: make([]int, n)}
	for i, c := range s.cells {
		b.lo[i], b.hi[i], b.by[i] = c.lo, c.hi, -1
		if known[i] && !c.past {
			b.lo[i], b.hi[i] = c.count, c.count
		}
	}
	return b
}

func (s *system) withoutLinks() *system {
	c := *s
	c.links = nil
	return &c
}

func (b *bounds) contradicted() bool {
	for i := range b.lo {
		if b.lo[i] > b.hi[i] {
			return len(b.s.links) > 0
		}
	}
	return false
}

// binding returns the line to break for the cell to be free, -1 when it is no line: one in which nothing else
// is unknown, or else the one that bounds it from above. Where the total of that line is unknown too, hiding
// more of its parts would free nothing: the line that bounds the total counts.
func (b *bounds) binding(i int, known []bool) int {
	for _, l := range b.s.cells[i].lines {
		if b.s.lonely(i, l, known) {
			return l
		}
	}
	l := b.by[i]
	for seen := map[int]bool{}; l >= 0 && !seen[l]; {
		seen[l] = true
		t := b.s.lines[l].total
		if t == i || known[t] {
			break
		}
		i, l = t, b.by[t]
	}
	return l
}

// lonely says whether all other cells of the line are known.
func (s *system) lonely(i, l int, known []bool) bool {
	for j := range s.around(l) {
		if j != i && !known[j] {
			return false
		}
	}
	return true
}

func (b *bounds) line(l int) {
	t := b.s.lines[l].total
	var lo, hi int64
	open := 0
	for _, p := range b.s.lines[l].parts {
		lo += b.lo[p]
		if b.hi[p] >= unbounded {
			open++
		} else {
			hi += b.hi[p]
		}
	}
	b.raise(t, lo)
	if open == 0 {
		b.lower(t, hi, l)
	}
	for _, p := range b.s.lines[l].parts {
		oldLo, oldHi := b.lo[p], b.hi[p]
		if b.hi[t] < unbounded {
			b.lower(p, b.hi[t]-(lo-oldLo), l)
		}
		switch {
		case open == 0:
			b.raise(p, b.lo[t]-(hi-oldHi))
		case open == 1 && oldHi >= unbounded:
			b.raise(p, b.lo[t]-hi)
		}
	}
}

func (b *bounds) link(k [2]int) {
	b.lower(k[0], b.hi[k[1]], -1)
	b.raise(k[1], b.lo[k[0]])
}

func (b *bounds) lower(i int, hi int64, l int) {
	if hi < b.hi[i] {
		b.hi[i], b.by[i], b.changed = hi, l, true
	}
}

func (b *bounds) raise(i int, lo int64) {
	if lo > b.lo[i] {
		b.lo[i], b.changed = lo, true
	}
}
