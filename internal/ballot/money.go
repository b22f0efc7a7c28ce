package ballot

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Money is an amount in pence. Authors write pounds, such as 1250 or 1250.50.
type Money int64

// mostPounds keeps the sum of all costs within what the engine counts with.
const mostPounds = 1_000_000_000

// FromWords reads an amount in pounds, with pence behind a point or without.
func (m *Money) FromWords(words string) error {
	pounds, pence, cut := strings.Cut(words, ".")
	n, err := strconv.ParseUint(pounds, 10, 63)
	p := uint64(0)
	if cut && err == nil {
		p, err = strconv.ParseUint(pence, 10, 8)
	}
	if err != nil || cut && len(pence) != 2 || n > mostPounds {
		return errors.New("this is no amount of money. Write pounds in digits without commas, such as 120000 or 1250.50")
	}
	*m = Money(n*100 + p)
	return nil
}

// Pounds returns the amount in pounds, and whether there are pence beside them.
func (m Money) Pounds() (pounds float64, pence bool) {
	return math.Round(float64(m)) / 100, m%100 != 0
}

// Coins returns how many coins of the worth the amount is.
func (m Money) Coins(coin Money) int64 { return int64(m / coin) }
