package people

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// spendings keeps what was spent in a map, and goes away when told to.
type spendings struct {
	mu    sync.Mutex
	kept  map[string]Spending
	asked int
	away  error
}

func (s *spendings) Spend(_ context.Context, key string, change func(*Spending)) (Spending, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked++; s.away != nil {
		return Spending{}, s.away
	}
	v := s.kept[key]
	change(&v)
	s.kept[key] = v
	return v, nil
}

func (s *spendings) ExpireSpendings(_ context.Context, before time.Time) (n int, err error) {
	for key, v := range s.kept {
		if v.Gone.Before(before) {
			delete(s.kept, key)
			n++
		}
	}
	return n, nil
}

// server is one of several with the same limit.
type server struct {
	*Limiter
	*Sharing
}

func (s server) spends(ctx context.Context, key string) (wait time.Duration) {
	if wait = s.Allow(key, 1); wait == 0 {
		s.Spent(ctx, "keys", s.Limiter, key)
	}
	return wait
}

func newServers(n int, store Spendings, now func() time.Time, burst, perMinute int) (all []server) {
	secrets := NewSecrets()
	for range n {
		all = append(all, server{NewLimiter(now, burst, perMinute, 10), NewSharing(store, secrets, now, slog.New(slog.DiscardHandler))})
	}
	return all
}

func TestServersShareALimit(t *testing.T) {
	c, store := newClock(), &spendings{kept: map[string]Spending{}}
	servers := newServers(2, store, c.now, 100, 10)
	given := 0
	for i := range 400 {
		if servers[i%2].spends(t.Context(), "k") == 0 {
			given++
		}
	}
	if given < 100 || given > 120 {
		t.Errorf("two servers gave %d of 100", given)
	}
	if wait := servers[1].spends(t.Context(), "another"); wait != 0 {
		t.Errorf("another key waits %v", wait)
	}
	c.pass(30 * time.Minute)
	for i := range 90 {
		if wait := servers[i%2].spends(t.Context(), "k"); wait != 0 {
			t.Fatalf("token %d waits %v when all has come back", i, wait)
		}
	}
}

// Whatever comes when to which server, together they give what one would, and at most a bundle more for each.
func TestServersGiveLittleMoreThanOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, store := newClock(), &spendings{kept: map[string]Spending{}}
		n, burst, perMinute := rapid.IntRange(1, 8).Draw(t, "servers"), rapid.IntRange(1, 100).Draw(t, "burst"), rapid.IntRange(1, 600).Draw(t, "rate")
		servers := newServers(n, store, c.now, burst, perMinute)
		var given int
		began := c.now()
		for range rapid.IntRange(1, 40).Draw(t, "waves") {
			c.pass(time.Duration(rapid.IntRange(0, 60_000).Draw(t, "pause")) * time.Millisecond)
			at := servers[rapid.IntRange(0, n-1).Draw(t, "server")]
			for range rapid.IntRange(1, 30).Draw(t, "wave") {
				if at.spends(context.Background(), "k") == 0 {
					given++
				}
			}
			most := float64(burst) + c.now().Sub(began).Minutes()*float64(perMinute) + float64(n*servers[0].bundle()) + 1e-6
			if float64(given) > most {
				t.Fatalf("%d servers gave %d of %g", n, given, most)
			}
		}
	})
}

// One server that shares gives exactly what one gives that does not.
func TestOneServerIsAsIfAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, store := newClock(), &spendings{kept: map[string]Spending{}}
		burst, perMinute := rapid.IntRange(1, 100).Draw(t, "burst"), rapid.IntRange(1, 600).Draw(t, "rate")
		one, alone := newServers(1, store, c.now, burst, perMinute)[0], NewLimiter(c.now, burst, perMinute, 10)
		for range rapid.IntRange(1, 300).Draw(t, "tries") {
			c.pass(time.Duration(rapid.IntRange(0, 5_000_000).Draw(t, "pause")) * time.Microsecond)
			if got, want := one.spends(context.Background(), "k"), alone.Allow("k", 1); got != want {
				t.Fatalf("waits %v, alone %v", got, want)
			}
		}
	})
}

func TestFewSpendingsAskNobody(t *testing.T) {
	c, store := newClock(), &spendings{kept: map[string]Spending{}}
	one := newServers(1, store, c.now, 100, 10)[0]
	for range 9 {
		one.spends(t.Context(), "k")
	}
	for range 100 {
		one.Allow("k", 1)
		one.Refund("k", 1)
	}
	if store.asked != 0 {
		t.Errorf("the store was asked %d times", store.asked)
	}
	one.spends(t.Context(), "k")
	if store.asked != 1 {
		t.Errorf("the store was asked %d times", store.asked)
	}
}

func TestNoAddressIsKept(t *testing.T) {
	c, store := newClock(), &spendings{kept: map[string]Spending{}}
	one := newServers(1, store, c.now, 10, 1)[0]
	for range 3 {
		one.spends(t.Context(), "192.0.2.7")
		c.pass(24 * time.Hour)
	}
	if len(store.kept) != 3 {
		t.Errorf("of three days there is %v", store.kept)
	}
	other := newServers(1, store, c.now, 10, 1)[0] // of another secret
	c.pass(-24 * time.Hour)
	other.spends(t.Context(), "192.0.2.7")
	for key := range store.kept {
		if len(key) != 43 || strings.Contains(key, "192") {
			t.Errorf("kept under %q", key)
		}
	}
	if len(store.kept) != 4 {
		t.Errorf("another secret has no other name for it: %v", store.kept)
	}
	if n, err := one.Expire(t.Context()); n != 2 || err != nil {
		t.Errorf("%d are gone, %v", n, err)
	}
}

func TestLimitsWithoutTheStore(t *testing.T) {
	c, store, log := newClock(), &spendings{kept: map[string]Spending{}, away: errors.New("it is away")}, &strings.Builder{}
	one := server{NewLimiter(c.now, 100, 10, 10), NewSharing(store, NewSecrets(), c.now, slog.New(slog.NewTextHandler(log, nil)))}
	for i := range 101 {
		if wait := one.spends(t.Context(), "k"); (wait == 0) != (i < 100) {
			t.Fatalf("token %d waits %v", i, wait)
		}
	}
	if store.asked != 1 {
		t.Errorf("a store that is away was asked %d times at once", store.asked)
	}
	store.away = nil
	c.pass(time.Minute)
	for range 10 {
		one.spends(t.Context(), "k")
	}
	if got := fmt.Sprint(strings.Count(log.String(), "alone"), strings.Count(log.String(), "again")); got != "1 1" || store.asked != 2 {
		t.Errorf("asked %d times, and said\n%s", store.asked, log)
	}
}

// slow is a store that says when it is asked, and answers when it may.
type slow struct {
	*spendings
	asks, may chan struct{}
}

func (s slow) Spend(ctx context.Context, key string, change func(*Spending)) (Spending, error) {
	s.asks <- struct{}{}
	<-s.may
	return s.spendings.Spend(ctx, key, change)
}

func TestNobodyWaitsForWhoTells(t *testing.T) {
	c, store := newClock(), slow{&spendings{kept: map[string]Spending{}}, make(chan struct{}), make(chan struct{})}
	one := newServers(1, store, c.now, 100, 10)[0]
	for range 9 {
		one.spends(t.Context(), "k")
	}
	var told sync.WaitGroup
	told.Go(func() { one.spends(t.Context(), "k") })
	<-store.asks
	for range 90 {
		one.spends(t.Context(), "k")
	}
	store.may <- struct{}{}
	told.Wait()
	if wait := one.Allow("k", 1); store.asked != 1 || wait != 6*time.Second {
		t.Errorf("asked %d times, and waits %v", store.asked, wait)
	}
}
