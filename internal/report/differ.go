package report

import (
	"math"

	"sayso/internal/disclosure"
)

// pair is the shares of a theme in two groups of one variable.
type pair struct {
	variable, a, b string
	of, than       Proportion
}

// compare finds for each theme the two groups that differ most clearly in it. All pairs of groups in all themes
// count as comparisons made together.
func (m *making) compare(themes []Theme) {
	pairs := make([][]pair, len(themes))
	comparisons := 0
	for i, t := range themes {
		pairs[i] = m.pairs(t.ID)
		comparisons += len(pairs[i])
	}
	for i := range themes {
		themes[i].Differs = difference(pairs[i], themes[i].Of, comparisons)
	}
}

// pairs returns the pairs of groups whose shares of the theme are both shown. Those who did not say who they are
// are no group; for language and channel there are no tables.
func (m *making) pairs(theme string) []pair {
	var out []pair
	for _, v := range m.plan.vars {
		groups := v.Groups[:len(v.Groups)-1]
		for j, a := range groups {
			of := m.proportion(ThemeTable(theme, v.ID), yes, a.ID)
			for _, b := range groups[j+1:] {
				than := m.proportion(ThemeTable(theme, v.ID), yes, b.ID)
				if of.Share().Shown() && than.Share().Shown() {
					out = append(out, pair{v.ID, a.ID, b.ID, of, than})
				}
			}
		}
	}
	return out
}

// difference returns the largest difference of the pairs that is clear. It names the group that is farther from
// everybody, and of a yes and a no always the yes.
func difference(pairs []pair, all Proportion, comparisons int) Difference {
	if len(pairs) == 0 || !all.Share().Shown() {
		return Difference{State: TooFewToTell}
	}
	out := Difference{State: NoDifference}
	for _, p := range pairs {
		if !disclosure.Differs(p.of.Share(), p.than.Share(), comparisons) {
			continue
		}
		d := Difference{ClearDifference, p.variable, p.a, p.of, p.b, p.than}
		if p.b != no && math.Abs(p.than.value()-all.value()) > math.Abs(p.of.value()-all.value()) {
			d = Difference{ClearDifference, p.variable, p.b, p.than, p.a, p.of}
		}
		if out.State != ClearDifference || d.size() > out.size() {
			out = d
		}
	}
	return out
}

func (d Difference) size() float64 { return math.Abs(d.Of.value() - d.ThanOf.value()) }

// value returns the proportion as a number from 0 to 1, 0 when hidden.
func (p Proportion) value() float64 {
	if !p.Share().Shown() {
		return 0
	}
	return float64(p.Part.N()) / float64(p.Whole.N())
}
