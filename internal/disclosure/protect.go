package disclosure

import (
	"cmp"
	"slices"

	"sayso/internal/fault"
)

// protect hides more of this release until the audit finds nothing: for each leak the shown cell near it
// whose hiding costs least. It ends, because every round hides something; at worst nothing is shown.
func (s *system) protect(rules Rules) error {
	for {
		leaks, err := s.audit(rules)
		if err != nil {
			return fault.New(fault.Internal, "disclosure.cannot_audit").Because(err)
		}
		if len(leaks) == 0 || !s.cover(leaks) {
			return nil
		}
	}
}

// cover hides one cell for each leak that no other one of this round touches, those that cost least first,
// since they often stop the others; hidden says whether any was.
func (s *system) cover(leaks []leak) (hidden bool) {
	touched := make([]bool, len(s.lines))
	for _, p := range s.proposals(leaks) {
		if s.cells[p.cell].hidden || s.any(p.leak.cell, touched) || (p.leak.line >= 0 && touched[p.leak.line]) {
			continue
		}
		s.hide(p.cell)
		hidden = true
		if len(s.members[p.cell]) > 0 {
			return true
		}
		for _, i := range []int{p.cell, p.leak.cell} {
			for _, l := range s.cells[i].lines {
				touched[l] = true
			}
		}
	}
	return hidden || s.hideAll()
}

// proposal is a cell to hide against a leak, and what that costs.
type proposal struct {
	leak       leak
	cell, loss int
}

// proposals returns one for each leak, the cheapest first. A past leak that does not come straight from the
// present cell like it mostly follows from another leak: such are met only when there are no others.
func (s *system) proposals(leaks []leak) []proposal {
	var out, late []proposal
	for _, k := range leaks {
		c := s.candidate(k)
		switch next := s.next(k.cell); {
		case c < 0:
		case s.cells[k.cell].past && (k.line >= 0 || c != next):
			late = append(late, proposal{k, c, s.loss(c)})
		default:
			out = append(out, proposal{k, c, s.loss(c)})
		}
	}
	if len(out) == 0 {
		out = late
	}
	slices.SortStableFunc(out, func(a, b proposal) int { return cmp.Compare(a.loss, b.loss) })
	return out
}

func (s *system) any(i int, touched []bool) bool {
	for _, l := range s.cells[i].lines {
		if touched[l] {
			return true
		}
	}
	return false
}

// hideAll hides what is left of this release, noughts too, and says whether anything was left.
func (s *system) hideAll() (hidden bool) {
	for i := range s.cells {
		if c := &s.cells[i]; !c.past && !c.hidden {
			c.hidden, hidden = true, true
		}
	}
	return hidden
}

// candidate returns the cheapest cell that can be hidden in the line of the leak, else nearest to it, -1
// when there is none. What was hidden earlier and leaks now leaks through the present cell like it, which
// goes first, even when it is nought.
func (s *system) candidate(k leak) int {
	if next := s.next(k.cell); next >= 0 && !s.cells[next].hidden {
		return next
	}
	best := -1
	if k.line >= 0 {
		for i := range s.around(k.line) {
			best = s.cheaper(best, i)
		}
	}
	seen := map[int]bool{k.cell: true}
	for ring := []int{k.cell}; best < 0 && len(ring) > 0; {
		var outer []int
		for _, i := range ring {
			for _, j := range s.near(i) {
				if !seen[j] {
					seen[j] = true
					outer = append(outer, j)
					best = s.cheaper(best, j)
				}
			}
		}
		ring = outer
	}
	return best
}

// next returns the present cell like a past one, -1 when there is none.
func (s *system) next(i int) int {
	if !s.cells[i].past {
		return -1
	}
	for _, k := range s.links {
		if k[0] == i && !s.cells[k[1]].past {
			return k[1]
		}
	}
	return -1
}

// near returns the cells on the lines of the cell, and the past or next cell like it.
func (s *system) near(i int) []int {
	var out []int
	for _, l := range s.cells[i].lines {
		for j := range s.around(l) {
			out = append(out, j)
		}
	}
	for _, k := range s.links {
		switch i {
		case k[0]:
			out = append(out, k[1])
		case k[1]:
			out = append(out, k[0])
		}
	}
	return out
}

// cheaper returns the better of two candidates, either of which may be none: fewest figures lost, then the
// smallest count, then the earlier key.
func (s *system) cheaper(a, b int) int {
	if !s.may(b) {
		return a
	}
	if a < 0 || cmp.Or(cmp.Compare(s.loss(b), s.loss(a)), cmp.Compare(s.cells[b].count, s.cells[a].count), b-a) < 0 {
		return b
	}
	return a
}

// loss returns how many figures go when the cell is hidden: itself, what hangs on it, hidden or not, and one
// more for each line in which it would be the only one hidden.
func (s *system) loss(i int) int {
	n := 1 + len(s.members[i])
	for _, l := range s.cells[i].lines {
		if s.alone(i, l) {
			n++
		}
	}
	return n
}

func (s *system) alone(i, l int) bool {
	for j := range s.around(l) {
		if j != i && s.cells[j].hidden {
			return false
		}
	}
	return true
}
