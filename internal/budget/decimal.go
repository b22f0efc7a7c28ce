package budget

import (
	"math/big"
	"strings"
)

// decimal is a number as people write it: a whole number over a power of ten.
type decimal struct {
	digits int64
	places int
}

const mostPlaces = 9

// parseDecimal reads "1200", "1200.50", "1200,50" or "1.2e6", none of them below zero.
func parseDecimal(s string) (decimal, bool) {
	s = strings.Replace(strings.TrimSpace(s), ",", ".", 1)
	if s == "" || len(s) > 40 || strings.Trim(s, "0123456789.eE+") != "" && !strings.ContainsAny(s, "eE") {
		return decimal{}, false
	}
	if !strings.ContainsAny(s, "eE") {
		whole, part, _ := strings.Cut(s, ".")
		part = strings.TrimRight(part, "0")
		return fromDigits(whole+part, len(part))
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	if strings.Trim(mantissa, "0123456789.") != "" || len(exponent) > 3 || strings.Trim(exponent, "+-0123456789") != "" {
		return decimal{}, false
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return decimal{}, false
	}
	whole, part, _ := strings.Cut(r.FloatString(mostPlaces+1), ".")
	part = strings.TrimRight(part, "0")
	return fromDigits(whole+part, len(part))
}

func fromDigits(digits string, places int) (decimal, bool) {
	if digits == "" || places > mostPlaces || strings.Trim(digits, "0123456789") != "" {
		return decimal{}, false
	}
	digits = strings.TrimLeft(digits, "0")
	if len(digits) > 15 {
		return decimal{}, false
	}
	d := decimal{places: places}
	for _, c := range digits {
		d.digits = d.digits*10 + int64(c-'0')
	}
	return d, true
}

// in returns the number in units of which 10^places make one; places is at least that of the number.
func (d decimal) in(places int) (int64, bool) {
	n := d.digits
	for range places - d.places {
		if n > mostMoney {
			return 0, false
		}
		n *= 10
	}
	return n, true
}

func powerOfTen(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
