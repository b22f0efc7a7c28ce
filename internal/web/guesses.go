package web

import (
	"time"

	"sayso/internal/fault"
	"sayso/internal/people"
)

// guesses limits wrong keys. A class behind one address may mistype a hundred at once; whoever guesses by machine is
// slowed to ten a minute, against which people.Guessing gives the odds.
type guesses struct{ limiter *people.Limiter }

const (
	guessBurst     = 100
	guessPerMinute = 10
	guessAddresses = 50_000
)

func newGuesses(now func() time.Time) *guesses {
	return &guesses{people.NewLimiter(now, guessBurst, guessPerMinute, guessAddresses)}
}

// allow takes one guess from the address's allowance; TooMany when it is used up.
func (g *guesses) allow(address string) error {
	wait := g.limiter.Allow(people.AddressKey(address), 1)
	if wait > 0 {
		return fault.New(fault.TooMany, "error.too_many").With(map[string]any{"Count": int(wait/time.Minute) + 1})
	}
	return nil
}

// right gives the guess back: it was none.
func (g *guesses) right(address string) { g.limiter.Refund(people.AddressKey(address), 1) }
