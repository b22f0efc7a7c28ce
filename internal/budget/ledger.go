package budget

import (
	"math"
	"math/big"
)

// ledger keeps exactly what every voter of equal shares has left, without a fraction per voter. A voter who still has
// money has the equal part less the prices of the rounds in which they paid (each times the points they gave), so sums
// over voters are whole numbers times prices. All amounts are whole numbers over one denominator, which every round
// multiplies by one machine word.
type ledger struct {
	over  big.Int   // the denominator
	each  big.Int   // the equal part
	price []big.Int // of each round

	a, b, word big.Int // scratch
}

// begin sets the equal part to num/den.
func (l *ledger) begin(num, den int64) {
	l.each.SetInt64(num)
	l.over.SetInt64(den)
	l.price = l.price[:0]
}

// left sets z to what people have together: so many of them, who paid so often in each round.
func (l *ledger) left(z *big.Int, people int64, paid []int64) {
	z.Mul(&l.each, l.word.SetInt64(people))
	for k, n := range paid {
		if n != 0 {
			z.Sub(z, l.a.Mul(&l.price[k], l.word.SetInt64(n)))
		}
	}
}

// add makes sum/(over·weight) the price of a new round; sum is over the old denominator.
func (l *ledger) add(sum *big.Int, weight int64) {
	g := gcd(weight, l.a.Mod(sum, l.word.SetInt64(weight)).Int64())
	weight /= g
	l.word.SetInt64(weight)
	for k := range l.price {
		l.price[k].Mul(&l.price[k], &l.word)
	}
	l.each.Mul(&l.each, &l.word)
	l.over.Mul(&l.over, &l.word)
	if len(l.price) < cap(l.price) {
		l.price = l.price[:len(l.price)+1] // with the words that were there
	} else {
		l.price = append(l.price, big.Int{})
	}
	l.price[len(l.price)-1].Quo(sum, l.b.SetInt64(g))
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// quotient returns a/b as a float, wrong by less than 2^-51 of it.
func quotient(a, b *big.Int) float64 {
	fa, ea := leading(a)
	fb, eb := leading(b)
	return math.Ldexp(fa/fb, ea-eb)
}

// leading returns the leading 64 bits of |x| as a float with the power of two they are to be multiplied by.
func leading(x *big.Int) (float64, int) {
	words := x.Bits()
	n := len(words)
	if n == 0 {
		return 0, 0
	}
	shift := x.BitLen() - 64*(n-1) // bits in the highest word
	top := uint64(words[n-1])
	if shift < 64 {
		top <<= 64 - shift
		if n > 1 {
			top |= uint64(words[n-2]) >> shift
		}
	}
	return float64(top), x.BitLen() - 64
}
