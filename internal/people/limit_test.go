package people

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAClassBehindOneAddressIsNotLockedOut(t *testing.T) {
	c := newClock()
	l := NewLimiter(c.now, 100, 10, 1000)
	for try := range 3 {
		for child := range 30 {
			if wait := l.Allow("192.0.2.1", 1); wait != 0 {
				t.Fatalf("child %d waits %v at try %d", child, wait, try)
			}
		}
	}
}

func TestLimiterSaysHowLongToWait(t *testing.T) {
	c := newClock()
	l := NewLimiter(c.now, 100, 10, 1000)
	if wait := l.Allow("a", 100); wait != 0 {
		t.Fatalf("a full bucket waits %v", wait)
	}
	if wait := l.Allow("a", 2); wait != 12*time.Second {
		t.Errorf("wait %v, want 12s at ten a minute", wait)
	}
	if wait := l.Allow("b", 1); wait != 0 {
		t.Errorf("another key waits %v", wait)
	}
	c.pass(12 * time.Second)
	if wait := l.Allow("a", 2); wait != 0 {
		t.Errorf("still %v after the wait", wait)
	}
	l.Refund("a", 2)
	if wait := l.Allow("a", 2); wait != 0 {
		t.Errorf("%v after a refund", wait)
	}
	c.pass(-time.Hour)
	if wait := l.Allow("a", 1); wait != 6*time.Second {
		t.Errorf("%v with the clock set back, want 6s", wait)
	}
}

// Whatever is asked when, never more than the burst and what has flowed in is given, and waiting as told is enough.
func TestLimiterGivesNoMoreThanItHas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newClock()
		burst, perMinute := rapid.IntRange(1, 50).Draw(t, "burst"), rapid.IntRange(1, 600).Draw(t, "rate")
		l := NewLimiter(c.now, burst, perMinute, 5)
		given, began := 0, c.now()
		for range rapid.IntRange(1, 60).Draw(t, "tries") {
			c.pass(time.Duration(rapid.IntRange(0, 20_000).Draw(t, "pause")) * time.Millisecond)
			n := rapid.IntRange(0, burst).Draw(t, "n")
			if wait := l.Allow("k", n); wait > 0 {
				c.pass(wait)
				if more := l.Allow("k", n); more > time.Nanosecond {
					t.Fatalf("told to wait %v, and then %v more", wait, more)
				} else if more > 0 {
					continue
				}
			}
			given += n
			if most := float64(burst) + c.now().Sub(began).Minutes()*float64(perMinute) + 1e-6; float64(given) > most {
				t.Fatalf("gave %d of %g", given, most)
			}
		}
	})
}

func TestLimiterForgetsTheLeastRecent(t *testing.T) {
	c := newClock()
	l := NewLimiter(c.now, 1, 1, 3)
	for i := range 1000 {
		l.Allow("often", 0)
		l.Allow(fmt.Sprint(i), 1)
	}
	if len(l.buckets) != 3 || l.recent.Len() != 3 {
		t.Errorf("%d buckets in the map and %d in the list, want 3", len(l.buckets), l.recent.Len())
	}
	if _, kept := l.buckets["often"]; !kept {
		t.Error("forgot a key that is used")
	}
}

func TestLimiterCountsOnceWhenManyAsk(t *testing.T) {
	l := NewLimiter(newClock().now, 100, 1, 10)
	var wg sync.WaitGroup
	var mu sync.Mutex
	let := 0
	for range 300 {
		wg.Go(func() {
			if l.Allow("k", 1) == 0 {
				mu.Lock()
				let++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if let != 100 {
		t.Errorf("let %d through, want 100", let)
	}
}

func TestAddressKey(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"2001:db8:1:2::9": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "unknown": "unknown",
	} {
		if got := AddressKey(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
