package disclosure

import "math"

// Share is a published part of a published whole. It is hidden when either figure is.
type Share struct{ part, whole Figure }

// ShareOf returns part as a share of whole.
func ShareOf(part, whole Figure) Share { return Share{part, whole} }

// Shown says whether the share may be read: both figures are shown, and the whole is not nobody.
func (s Share) Shown() bool { return s.part.shown && s.whole.shown && s.whole.n > 0 }

// PerCent returns the share in whole per cent, computed from the rounded figures, 0 when hidden.
func (s Share) PerCent() int { return s.per(100) }

// PerMille returns the share in whole thousandths, computed from the rounded figures, 0 when hidden.
func (s Share) PerMille() int { return s.per(1000) }

func (s Share) per(scale int64) int {
	if !s.Shown() {
		return 0
	}
	return int((2*scale*s.part.n + s.whole.n) / (2 * s.whole.n))
}

// z95 is the two-sided 95 % point of the normal distribution.
const z95 = 1.959963984540054

// Interval returns the 95 % score interval of the share as two proportions from 0 to 1, computed from the
// rounded figures; it says how far chance alone may carry a share, not what rounding adds. Both are 0 when
// the share is hidden. Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
// inference", Journal of the American Statistical Association 22 (1927), 209–212.
func (s Share) Interval() (lo, hi float64) {
	if !s.Shown() {
		return 0, 0
	}
	n := float64(s.whole.n)
	p := s.proportion()
	middle := p + z95*z95/(2*n)
	reach := z95 * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	scale := 1 + z95*z95/n
	return max(0, (middle-reach)/scale), min(1, (middle+reach)/scale)
}

// Differs says whether the shares of two groups differ clearly: a two-sided two-proportion z test with
// pooled variance on the rounded figures, at 5 % over all comparisons made together (Bonferroni: 5 % divided
// by their number). The groups must not overlap. Hidden shares never differ.
func Differs(a, b Share, comparisons int) bool {
	if !a.Shown() || !b.Shown() {
		return false
	}
	na, nb := float64(a.whole.n), float64(b.whole.n)
	pooled := float64(a.part.n+b.part.n) / (na + nb)
	spread := math.Sqrt(pooled * (1 - pooled) * (1/na + 1/nb))
	if spread == 0 {
		return false
	}
	limit := math.Sqrt2 * math.Erfinv(1-0.05/float64(max(1, comparisons)))
	return math.Abs(a.proportion()-b.proportion())/spread > limit
}

func (s Share) proportion() float64 { return float64(s.part.n) / float64(s.whole.n) }
