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
// space. Hidden noughts need more care, since they can move one way only: the others lead the elimination
// first, and settle judges the noughts left over. All is exact: a cell not returned can move in the rational
// numbers; one returned is fixed, but for noughts that settle could not prove to move.
func (s *system) fixed(known []bool) ([]int, error) {
	m := newMatrix(s.equations(known), len(s.cells))
	if err := m.reduce(s.positive); err != nil {
		return nil, err
	}
	still := m.settle()
	if err := m.reduce(func(col int) bool { return !still[col] }); err != nil {
		return nil, err
	}
	for r, col := range m.pivot {
		if col >= 0 && m.only(r, still) {
			still[col] = true
		}
	}
	return slices.Sorted(maps.Keys(still)), nil
}

// only says whether the leading unknown of the equation depends on nothing that can move.
func (m *matrix) only(r int, still map[int]bool) bool {
	return !slices.ContainsFunc(m.rows[r], func(t term) bool { return t.col != m.pivot[r] && !still[t.col] })
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
