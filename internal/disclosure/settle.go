package disclosure

import "slices"

// maxSteps ends the search for a way to raise a nought that does not come to an end by itself.
const maxSteps = 2000

// settle returns the noughts that stay noughts under the equations without a leading unknown, which hold
// noughts only, none of which can fall. An equation whose factors have one sign fixes all of its noughts.
// Each other nought is returned too unless a way to raise it is found; the ways found add up to one in which
// all those not returned rise together, so that these are as free as their equations.
func (m *matrix) settle() map[int]bool {
	still := m.oneSigned()
	free := map[int]bool{}
	for r, lead := range m.pivot {
		if lead >= 0 {
			continue
		}
		for _, t := range m.rows[r] {
			if still[t.col] || free[t.col] {
				continue
			}
			rise, ok := m.raise(t.col, still)
			if !ok {
				still[t.col] = true
			}
			for col := range rise {
				free[col] = true
			}
		}
	}
	return still
}

// oneSigned returns the noughts fixed by equations of one sign, once those fixed before are left out.
func (m *matrix) oneSigned() map[int]bool {
	still := map[int]bool{}
	for again := true; again; {
		again = false
		for r, lead := range m.pivot {
			if lead >= 0 || !m.sameSign(r, still) {
				continue
			}
			for _, t := range m.rows[r] {
				if !still[t.col] {
					still[t.col], again = true, true
				}
			}
		}
	}
	return still
}

func (m *matrix) sameSign(r int, still map[int]bool) bool {
	var plus, minus bool
	for _, t := range m.rows[r] {
		if !still[t.col] {
			plus, minus = plus || t.factor > 0, minus || t.factor < 0
		}
	}
	return plus != minus
}

// raise looks for non-negative whole amounts by which noughts can rise, the given one by at least one, and
// all equations still hold. Whenever an equation is off, the nought of the opposite sign in the fewest
// equations makes up for it.
func (m *matrix) raise(col int, still map[int]bool) (rise map[int]int64, ok bool) {
	rise = map[int]int64{}
	off := map[int]int64{}
	todo := m.lift(col, 1, rise, off)
	for steps := 0; len(todo) > 0; steps++ {
		r := todo[0]
		todo = todo[1:]
		if off[r] == 0 {
			continue
		}
		t, found := m.counter(r, off[r], still)
		if !found || steps > maxSteps || tooLarge(off[r]) {
			return nil, false
		}
		todo = append(todo, m.lift(t.col, -off[r]/t.factor, rise, off)...)
	}
	return rise, true
}

// lift raises one nought, notes by how much its equations are then off, and returns them.
func (m *matrix) lift(col int, by int64, rise, off map[int]int64) []int {
	var out []int
	rise[col] += by
	for _, r := range m.at[col] {
		if f := m.rows[r].factor(col); f != 0 && m.pivot[r] < 0 && !slices.Contains(out, r) {
			off[r] += f * by
			out = append(out, r)
		}
	}
	return out
}

// counter returns the term of the equation that can make up for what it is off by.
func (m *matrix) counter(r int, off int64, still map[int]bool) (best term, found bool) {
	for _, t := range m.rows[r] {
		fits := !still[t.col] && (t.factor > 0) != (off > 0) && off%t.factor == 0
		if fits && (!found || len(m.at[t.col]) < len(m.at[best.col])) {
			best, found = t, true
		}
	}
	return best, found
}
