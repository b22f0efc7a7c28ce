package web

import (
	"context"
	"net/netip"
	"time"

	"sayso/internal/fault"
	"sayso/internal/people"
)

// guesses limits wrong tries of each address and, where all is set, of all addresses together.
type guesses struct {
	name      string // of what is limited, on all servers
	each, all *people.Limiter
	others    *people.Sharing
}

// A class behind one address may mistype a hundred keys at once; whoever guesses by machine is slowed to ten a minute,
// and all who guess together to two a second, at which people.Guessing gives more than a hundred years to the first
// key that opens.
const (
	guessBurst        = 100
	guessPerMinute    = 10
	guessAddresses    = 50_000
	allGuessBurst     = 600
	allGuessPerMinute = 120
	everybodysGuesses = "all"
)

func newGuesses(now func() time.Time, others *people.Sharing) *guesses {
	return &guesses{
		name: "keys", others: others,
		each: people.NewLimiter(now, guessBurst, guessPerMinute, guessAddresses),
		all:  people.NewLimiter(now, allGuessBurst, allGuessPerMinute, 1),
	}
}

// newCodeTries limits wrong invitation codes as wrong keys: among a million codes that are good, all who guess together
// find one in some 18 years.
func newCodeTries(now func() time.Time, others *people.Sharing) *guesses {
	g := newGuesses(now, others)
	g.name = "codes"
	return g
}

// newTries limits each address alone: a flood of wrong passphrases must not shut staff out, and each member has a lock.
func newTries(now func() time.Time, others *people.Sharing) *guesses {
	return &guesses{name: "signing in", others: others, each: people.NewLimiter(now, guessBurst, guessPerMinute, guessAddresses)}
}

// A school of three hundred that starts a lesson behind one address may begin twice each; whoever begins by machine is
// slowed to sixty a minute. Beginning costs a slow hash and a draft that stays for a month.
const (
	beginBurst     = 600
	beginPerMinute = 60
)

// newBeginnings limits each address alone: a great crowd is no attack.
func newBeginnings(now func() time.Time, others *people.Sharing) *guesses {
	return &guesses{name: "beginnings", others: others, each: people.NewLimiter(now, beginBurst, beginPerMinute, guessAddresses)}
}

// mayBegin takes one beginning from the allowance of the address. This machine itself has no bound: it is the proxy in
// front of us, whose visitors cannot be told apart until it is named in the settings. Nor has a connection without an
// address, which never left this process.
func (d *desk) mayBegin(ctx context.Context, address string) error {
	if a, err := netip.ParseAddr(address); err == nil && (a.IsLoopback() || a.IsUnspecified()) {
		return nil
	}
	err := d.beginnings.allow(address)
	if err == nil {
		d.beginnings.wrong(ctx, address)
	}
	return err
}

// allow takes one guess from the address's allowance and from everybody's; TooMany when either is used up.
func (g *guesses) allow(address string) error {
	key := people.AddressKey(address)
	wait := g.each.Allow(key, 1)
	if wait == 0 && g.all != nil {
		if wait = g.all.Allow(everybodysGuesses, 1); wait > 0 {
			g.each.Refund(key, 1)
		}
	}
	if wait > 0 {
		return fault.New(fault.TooMany, "error.too_many").With(map[string]any{"Count": int(wait/time.Minute) + 1})
	}
	return nil
}

// settle ends what allow began: with an error the guess was wrong.
func (g *guesses) settle(ctx context.Context, address string, err error) {
	if err == nil {
		g.right(address)
	} else {
		g.wrong(ctx, address)
	}
}

// wrong spends the guess for good, as other servers will hear.
func (g *guesses) wrong(ctx context.Context, address string) {
	g.others.Spent(ctx, g.name, g.each, people.AddressKey(address))
	if g.all != nil {
		g.others.Spent(ctx, g.name, g.all, everybodysGuesses)
	}
}

// right gives the guess back: it was none.
func (g *guesses) right(address string) {
	g.each.Refund(people.AddressKey(address), 1)
	if g.all != nil {
		g.all.Refund(everybodysGuesses, 1)
	}
}
