package budget

import (
	"cmp"
	"math"
	"math/big"
	"math/bits"
)

// wide is a whole number from 0 below 2^128.
type wide struct{ hi, lo uint64 }

func (w wide) compare(o wide) int { return cmp.Or(cmp.Compare(w.hi, o.hi), cmp.Compare(w.lo, o.lo)) }

func (w wide) zero() bool { return w.hi == 0 && w.lo == 0 }

func (w wide) plus(o wide) wide {
	lo, carry := bits.Add64(w.lo, o.lo, 0)
	hi, _ := bits.Add64(w.hi, o.hi, carry)
	return wide{hi, lo}
}

// minus returns w-o, 0 where that is below 0.
func (w wide) minus(o wide) wide {
	lo, borrow := bits.Sub64(w.lo, o.lo, 0)
	hi, borrow := bits.Sub64(w.hi, o.hi, borrow)
	if borrow != 0 {
		return wide{}
	}
	return wide{hi, lo}
}

// times returns w·n, which must be below 2^128.
func (w wide) times(n int64) wide {
	hi, lo := bits.Mul64(w.lo, uint64(n))
	return wide{hi + w.hi*uint64(n), lo}
}

// part returns w·a/b rounded down, for 0 ≤ a ≤ b.
func (w wide) part(a, b int64) wide {
	high, mid := bits.Mul64(w.hi, uint64(a))
	carry, low := bits.Mul64(w.lo, uint64(a))
	mid, more := bits.Add64(mid, carry, 0)
	hi, rest := bits.Div64(high+more, mid, uint64(b))
	lo, _ := bits.Div64(rest, low, uint64(b))
	return wide{hi, lo}
}

// against compares w/c with o/d, for c, d > 0.
func (w wide) against(c int64, o wide, d int64) int {
	a, b := w.product(d), o.product(c)
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
}

// product is w·n as words, the highest first.
func (w wide) product(n int64) [3]uint64 {
	high, mid := bits.Mul64(w.hi, uint64(n))
	carry, low := bits.Mul64(w.lo, uint64(n))
	mid, more := bits.Add64(mid, carry, 0)
	return [3]uint64{high + more, mid, low}
}

func (w wide) big() *big.Int {
	z := new(big.Int).SetUint64(w.hi)
	return z.Or(z.Lsh(z, 64), new(big.Int).SetUint64(w.lo))
}

func (w wide) float() float64 { return math.Ldexp(float64(w.hi), 64) + float64(w.lo) }

// wideOf returns z, which must be from 0 below 2^128.
func wideOf(z *big.Int) wide {
	var lo, hi big.Int
	lo.And(z, lo.SetUint64(math.MaxUint64))
	return wide{hi.Rsh(z, 64).Uint64(), lo.Uint64()}
}

// factor is by how much something changes: of/by, and beside it mantissa/2^shift, which is that rounded up, and more by
// less than one part in 2^127.
type factor struct {
	of, by   wide
	mantissa wide // from 2^127
	shift    uint
}

// newFactor returns of/by, at least 2^-60 and at most 2^60.
func newFactor(of, by wide) factor {
	f := factor{of: of, by: by}
	num, den := of.big(), by.big()
	shift := 128 + den.BitLen() - num.BitLen() // the quotient has 128 bits or 129
	var q, rest big.Int
	for {
		q.QuoRem(rest.Lsh(num, uint(shift)), den, &rest)
		if rest.Sign() > 0 {
			q.Add(&q, big.NewInt(1))
		}
		if q.BitLen() <= 128 {
			break
		}
		shift--
	}
	f.mantissa, f.shift = wideOf(&q), uint(shift)
	return f
}

// atLeast says whether the factor is at least of/by.
func (f factor) atLeast(of, by wide) bool {
	a, b := f.of.big(), of.big()
	return a.Mul(a, by.big()).Cmp(b.Mul(b, f.by.big())) >= 0
}

func (f factor) rat() *big.Rat { return new(big.Rat).SetFrac(f.of.big(), f.by.big()) }

// most returns a whole number that is not below the factor.
func (f factor) most() int64 {
	q := new(big.Int).Quo(f.of.big(), f.by.big())
	return q.Int64() + 1
}

// pay returns w times the factor rounded up; the highest number where it would be above.
func (f factor) pay(w wide) wide {
	p3, p2 := bits.Mul64(w.hi, f.mantissa.hi)
	a, p1 := bits.Mul64(w.lo, f.mantissa.hi)
	b, c := bits.Mul64(w.hi, f.mantissa.lo)
	d, p0 := bits.Mul64(w.lo, f.mantissa.lo)
	var carry uint64
	p1, carry = bits.Add64(p1, c, 0)
	p2, carry = bits.Add64(p2, a, carry)
	p3 += carry
	p1, carry = bits.Add64(p1, d, 0)
	p2, carry = bits.Add64(p2, b, carry)
	p3 += carry
	lost := p0
	if f.shift >= 128 {
		lost |= p1
		p1, p2, p3 = p2, p3, 0
	}
	s := f.shift & 63 // 64 ≤ shift < 192
	lost |= p1 & (1<<s - 1)
	if p3>>s != 0 {
		return wide{math.MaxUint64, math.MaxUint64}
	}
	z := wide{p2>>s | p3<<(64-s), p1>>s | p2<<(64-s)}
	if lost != 0 {
		z = z.plus(wide{0, 1})
	}
	return z
}
