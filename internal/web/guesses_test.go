package web

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/store/sqlite"
)

func TestAllGuessesTogether(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	g := newGuesses(func() time.Time { return now }, nil)
	address := func(i int) string { return fmt.Sprintf("198.51.%d.%d", i/250, i%250) }
	for i := range allGuessBurst {
		if err := g.allow(address(i)); err != nil {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	if err := g.allow(address(900)); !fault.Is(err, fault.TooMany) {
		t.Fatalf("one more than all may: %v", err)
	}
	now = now.Add(time.Minute)
	for i := range allGuessPerMinute {
		if err := g.allow(address(900)); (err == nil) != (i < guessBurst) {
			t.Fatalf("guess %d a minute later, all from one address: %v", i, err)
		}
	}
	g.right(address(1))
	for i := range allGuessPerMinute - guessBurst + 1 {
		if err := g.allow(address(1)); err != nil {
			t.Fatalf("what is left, %d: %v", i, err)
		}
	}
	if err := g.allow(address(1)); !fault.Is(err, fault.TooMany) {
		t.Fatalf("one more: %v", err)
	}
}

func TestServersCountGuessesTogether(t *testing.T) {
	store, err := sqlite.OpenTemporary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	secrets := people.NewSecrets()
	sharing := func() *people.Sharing { return people.NewSharing(store, secrets, clock, slog.New(slog.DiscardHandler)) }
	crowd := func(i int) string { return fmt.Sprintf("198.51.%d.%d", i/200, i%200) }
	school := func(int) string { return "203.0.113.7" }
	for name, c := range map[string]struct {
		make    func(func() time.Time, *people.Sharing) *guesses
		address func(int) string
		burst   int
	}{
		"keys of all":           {newGuesses, crowd, allGuessBurst},
		"keys of an address":    {newGuesses, school, guessBurst},
		"signing in":            {newTries, school, guessBurst},
		"beginnings of surveys": {newBeginnings, school, beginBurst},
	} {
		t.Run(name, func(t *testing.T) {
			now = now.Add(time.Hour) // what another test spent has come back
			servers := []*guesses{c.make(clock, sharing()), c.make(clock, sharing())}
			let := 0
			for i := range 3 * c.burst {
				if at := servers[i%2]; at.allow(c.address(i)) == nil {
					at.wrong(t.Context(), c.address(i))
					let++
				}
			}
			if let < c.burst || let > c.burst+2*c.burst/10 {
				t.Errorf("two servers let %d through of %d", let, c.burst)
			}
		})
	}
}

func TestGuessingTakesAHundredYears(t *testing.T) {
	const perSecond = allGuessPerMinute / 60.0
	if years := people.Guessing(people.LeastPictures, 557_077, perSecond).Years; years < 100 {
		t.Errorf("%.0f years to the first key that opens", years)
	}
}

func TestASchoolMayBegin(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	d := &desk{beginnings: newBeginnings(func() time.Time { return now }, nil)}
	for _, address := range []string{"198.51.100.7", "2001:db8::1"} {
		for child := range 300 {
			for range 2 {
				if err := d.mayBegin(t.Context(), address); err != nil {
					t.Fatalf("child %d of a school: %v", child, err)
				}
			}
		}
		if err := d.mayBegin(t.Context(), address); !fault.Is(err, fault.TooMany) {
			t.Errorf("and a machine behind it: %v", err)
		}
	}
	if err := d.mayBegin(t.Context(), "198.51.100.8"); err != nil {
		t.Errorf("another address: %v", err)
	}
	if err := d.mayBegin(t.Context(), "2001:db8::2"); !fault.Is(err, fault.TooMany) {
		t.Errorf("another address of the same line: %v", err)
	}
	now = now.Add(time.Minute)
	for i := range beginPerMinute + 1 {
		if err := d.mayBegin(t.Context(), "198.51.100.7"); (err == nil) != (i < beginPerMinute) {
			t.Errorf("beginning %d a minute later: %v", i, err)
		}
	}
	for range 2 * beginBurst {
		for _, here := range []string{"127.0.0.1", "::1", "0.0.0.0"} {
			if err := d.mayBegin(t.Context(), here); err != nil {
				t.Fatalf("%s, which is this machine: %v", here, err)
			}
		}
	}
}
