package disclosure

import (
	"maps"
	"slices"
)

// leak is a hidden cell that a reader can work out, and the line that gives it away when one alone does.
type leak struct {
	cell, line int
}

// audit returns the hidden cells that a reader of everything published can work out: first those bounded to
// a range narrower than the rounding base, and when there are none, those fixed by elimination.
func (s *system) audit(rules Rules) ([]leak, error) {
	known := s.known()
	b := s.propagate(known)
	var out []leak
	for i := range s.cells {
		if !known[i] && s.guarded(rules, i) && b.hi[i]-b.lo[i] < rules.Base {
			out = append(out, leak{i, b.binding(i, known)})
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	for i := range known {
		known[i] = known[i] || b.lo[i] == b.hi[i]
	}
	fixed, err := s.fixed(known)
	for _, i := range fixed {
		if s.guarded(rules, i) {
			out = append(out, leak{i, -1})
		}
	}
	return out, err
}

// fixed returns the unknown cells that have one possible value only, given the known ones and that counts
// are not negative. The lines are linear equations: a cell is fixed when its unit vector is in their row
// space. Hidden noughts need more care, since they can move one way only; they are kept out of the leading
// unknowns and judged by settle. All is exact. A cell not returned can move in the rational numbers; a
// returned one is fixed, but for noughts that settle gives up on.
func (s *system) fixed(known []bool) ([]int, error) {
	m := newMatrix(s.equations(known), len(s.cells))
	if err := m.reduce(s.positive); err != nil {
		return nil, err
	}
	still, err := m.settle()
	if err != nil {
		return nil, err
	}
	for r, col := range m.pivot {
		if col >= 0 && m.only(r, still) {
			still[col] = true
		}
	}
	return slices.Sorted(maps.Keys(still)), nil
}

// positive says whether the unknown can move both ways. Past counts are not kept: they passed this audit
// with their true counts when they were published.
func (s *system) positive(i int) bool { return s.cells[i].count > 0 || s.cells[i].past }

func (s *system) equations(known []bool) []row {
	var out []row
	for _, l := range s.lines {
		var r row
		if !known[l.total] {
			r = append(r, term{l.total, 1})
		}
		for _, p := range l.parts {
			if !known[p] {
				r = append(r, term{p, -1})
			}
		}
		if len(r) > 0 {
			slices.SortFunc(r, func(a, b term) int { return a.col - b.col })
			out = append(out, r)
		}
	}
	return out
}

// settle returns the noughts that stay noughts under the equations left without a leading unknown: they hold
// noughts only, none of which can fall. An equation whose factors have one sign fixes all of its noughts. One
// with a single factor of its sign lets that nought follow the others: it becomes the leading unknown. Where
// neither applies, all noughts of the equation are returned to be safe.
func (m *matrix) settle() (map[int]bool, error) {
	still := map[int]bool{}
	var followers []int
	left := m.leftover()
	for len(left) > 0 {
		i, col := m.easiest(left, still)
		r := left[i]
		left = slices.Delete(left, i, i+1)
		if col >= 0 {
			followers = append(followers, r)
			if err := m.clear(r, col); err != nil {
				return nil, err
			}
			continue
		}
		for _, t := range m.rows[r] {
			still[t.col] = true
		}
	}
	for again := true; again; {
		again = false
		for _, r := range followers {
			if col := m.pivot[r]; !still[col] && m.only(r, still) {
				still[col], again = true, true
			}
		}
	}
	return still, nil
}

func (m *matrix) leftover() []int {
	var out []int
	for r, col := range m.pivot {
		if col < 0 {
			out = append(out, r)
		}
	}
	return out
}

// easiest returns which of the equations to settle next and the nought in it that follows the others, -1
// when all of its noughts stay.
func (m *matrix) easiest(left []int, still map[int]bool) (i, follower int) {
	best := -1
	for i, r := range left {
		var plus, minus []int
		for _, t := range m.rows[r] {
			switch {
			case still[t.col]:
			case t.factor > 0:
				plus = append(plus, t.col)
			default:
				minus = append(minus, t.col)
			}
		}
		switch {
		case len(plus) == 0 || len(minus) == 0:
			return i, -1
		case best >= 0:
		case len(plus) == 1:
			best, follower = i, plus[0]
		case len(minus) == 1:
			best, follower = i, minus[0]
		}
	}
	if best < 0 {
		return 0, -1
	}
	return best, follower
}

// only says whether the leading unknown of the equation depends on nothing that can move.
func (m *matrix) only(r int, still map[int]bool) bool {
	return !slices.ContainsFunc(m.rows[r], func(t term) bool { return t.col != m.pivot[r] && !still[t.col] })
}
