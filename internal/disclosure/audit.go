package disclosure

import "slices"

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
			out = append(out, leak{i, b.by[i]})
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
	still, err := settle(m.leftover())
	if err != nil {
		return nil, err
	}
	var out []int
	for r, col := range m.pivot {
		if col < 0 {
			continue
		}
		free := slices.ContainsFunc(m.rows[r], func(t term) bool { return t.col != col && !still[t.col] })
		if !free {
			out = append(out, col)
		}
	}
	for col := range still {
		out = append(out, col)
	}
	slices.Sort(out)
	return out, nil
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

func (m *matrix) leftover() []row {
	var out []row
	for r, col := range m.pivot {
		if col < 0 && len(m.rows[r]) > 0 {
			out = append(out, m.rows[r])
		}
	}
	return out
}

// settle returns the noughts that stay noughts under equations that hold noughts only, none being able to
// fall. An equation whose factors have one sign fixes all of its noughts. One with a single factor of its
// sign lets that nought follow the others: it is put in terms of them. Where neither applies, all noughts of
// the equation are returned to be safe.
func settle(rows []row) (map[int]bool, error) {
	still := map[int]bool{}
	follows := map[int]row{}
	for len(rows) > 0 {
		i, col := next(rows)
		r := rows[i]
		rows = slices.Delete(rows, i, i+1)
		if col >= 0 {
			follows[col] = r
		} else {
			for _, t := range r {
				still[t.col] = true
			}
		}
		var err error
		if rows, err = substitute(rows, r, col, still); err != nil {
			return nil, err
		}
	}
	for again := true; again; {
		again = false
		for col, r := range follows {
			moves := slices.ContainsFunc(r, func(t term) bool { return t.col != col && !still[t.col] })
			if !moves && !still[col] {
				still[col], again = true, true
			}
		}
	}
	return still, nil
}

// next returns the equation to settle next and the nought in it that follows the others, -1 when all stay.
func next(rows []row) (i, follower int) {
	stuck := -1
	for i, r := range rows {
		var plus, minus []int
		for _, t := range r {
			if t.factor > 0 {
				plus = append(plus, t.col)
			} else {
				minus = append(minus, t.col)
			}
		}
		switch {
		case len(plus) == 0 || len(minus) == 0:
			return i, -1
		case stuck >= 0:
		case len(plus) == 1:
			stuck, follower = i, plus[0]
		case len(minus) == 1:
			stuck, follower = i, minus[0]
		}
	}
	if stuck < 0 {
		return 0, -1
	}
	return stuck, follower
}

// substitute removes from the equations the follower by r, or else the noughts that stay.
func substitute(rows []row, r row, follower int, still map[int]bool) ([]row, error) {
	var out []row
	for _, q := range rows {
		if follower >= 0 && q.factor(follower) != 0 {
			sum, err := q.without(follower, r)
			if err != nil {
				return nil, err
			}
			q = sum
		}
		q = slices.DeleteFunc(slices.Clone(q), func(t term) bool { return still[t.col] })
		if len(q) > 0 {
			out = append(out, q)
		}
	}
	return out, nil
}
