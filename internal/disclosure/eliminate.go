package disclosure

import (
	"cmp"
	"errors"
	"math"
	"slices"
)

// term is one unknown of an equation with its whole-number factor.
type term struct {
	col    int
	factor int64
}

// row is one equation, its terms in the order of their unknowns; the constant does not matter to what can
// be derived.
type row []term

// matrix is a set of equations on the way to reduced row echelon form.
type matrix struct {
	rows  []row
	at    [][]int // unknown → rows that may hold it
	pivot []int   // row → its leading unknown, -1 when it has none
}

// errTooLarge says that exact elimination left the range of whole numbers kept here: nothing is published.
var errTooLarge = errors.New("disclosure: factors of the audit grow too large")

func newMatrix(rows []row, cols int) *matrix {
	m := &matrix{rows: rows, at: make([][]int, cols), pivot: make([]int, len(rows))}
	for r, ts := range rows {
		m.pivot[r] = -1
		for _, t := range ts {
			m.at[t.col] = append(m.at[t.col], r)
		}
	}
	return m
}

// reduce brings the equations to reduced form by Gauss-Jordan elimination in whole numbers. Only unknowns
// that may lead are used as leading ones; of them the one in the fewest equations, so that what many tables
// share is touched last. Equations left without a leading unknown hold none that may lead.
func (m *matrix) reduce(lead func(col int) bool) error {
	order := make([]int, len(m.rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(m.rows[a]), len(m.rows[b])) })
	for _, r := range order {
		if m.pivot[r] >= 0 {
			continue
		}
		col := m.choose(m.rows[r], lead)
		if col < 0 {
			continue
		}
		if err := m.clear(r, col); err != nil {
			return err
		}
	}
	return nil
}

func (m *matrix) choose(r row, lead func(col int) bool) int {
	best := -1
	for _, t := range r {
		if lead(t.col) && (best < 0 || len(m.at[t.col]) < len(m.at[best])) {
			best = t.col
		}
	}
	return best
}

// clear makes col the leading unknown of equation r and removes it from all others.
func (m *matrix) clear(r, col int) error {
	m.pivot[r] = col
	others := m.at[col]
	m.at[col] = []int{r}
	for _, q := range others {
		if q == r || m.rows[q].factor(col) == 0 {
			continue
		}
		sum, err := m.rows[q].without(col, m.rows[r])
		if err != nil {
			return err
		}
		for _, t := range sum {
			if m.rows[q].factor(t.col) == 0 {
				m.at[t.col] = append(m.at[t.col], q)
			}
		}
		m.rows[q] = sum
	}
	return nil
}

func (r row) factor(col int) int64 {
	i, ok := slices.BinarySearchFunc(r, col, func(t term, c int) int { return t.col - c })
	if !ok {
		return 0
	}
	return r[i].factor
}

// without returns the combination of r and other that does not hold col, in lowest terms.
func (r row) without(col int, other row) (row, error) {
	a, b := other.factor(col), r.factor(col)
	g := gcd(a, b)
	a, b = a/g, b/g
	out := make(row, 0, len(r)+len(other))
	for i, j := 0, 0; i < len(r) || j < len(other); {
		var t term
		var x, y int64
		switch {
		case j == len(other) || (i < len(r) && r[i].col < other[j].col):
			t.col, x = r[i].col, r[i].factor
			i++
		case i == len(r) || other[j].col < r[i].col:
			t.col, y = other[j].col, other[j].factor
			j++
		default:
			t.col, x, y = r[i].col, r[i].factor, other[j].factor
			i++
			j++
		}
		if tooLarge(a, b, x, y) {
			return nil, errTooLarge
		}
		if t.factor = a*x - b*y; t.factor != 0 {
			out = append(out, t)
		}
	}
	return out.lowest(), nil
}

func (r row) lowest() row {
	var g int64
	for _, t := range r {
		if g = gcd(g, t.factor); g == 1 {
			return r
		}
	}
	for i := range r {
		r[i].factor /= g
	}
	return r
}

func tooLarge(factors ...int64) bool {
	for _, f := range factors {
		if f > math.MaxInt32 || f < -math.MaxInt32 {
			return true
		}
	}
	return false
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}
