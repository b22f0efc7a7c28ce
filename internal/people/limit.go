package people

import (
	"container/list"
	"math"
	"net/netip"
	"sync"
	"time"
)

// Limiter slows down who tries too often: one token bucket per key, in memory only. It keeps a bounded number
// of keys and forgets the one unused for longest, so that a flood of keys cannot fill the memory.
type Limiter struct {
	now       func() time.Time
	burst     float64
	perSecond float64
	keys      int

	mu      sync.Mutex
	buckets map[string]*list.Element
	recent  *list.List // of *bucket, the last used in front
}

type bucket struct {
	key    string
	tokens float64
	at     time.Time
}

// NewLimiter makes a limiter of buckets that hold burst tokens, fill by perMinute tokens a minute, and are kept
// for at most the number of keys; all three are at least 1. For wrong picture keys by address, 100 and 10: a
// class of 30 behind one address can each be wrong three times in the same minute and nobody waits.
func NewLimiter(now func() time.Time, burst, perMinute, keys int) *Limiter {
	return &Limiter{
		now: now, burst: float64(max(burst, 1)), perSecond: float64(max(perMinute, 1)) / 60, keys: max(keys, 1),
		buckets: map[string]*list.Element{}, recent: list.New(),
	}
}

// Allow takes n tokens of the key and returns 0, or takes none and returns how long to wait until n are there.
// More than a full bucket can never be had: n is taken as the burst then.
func (l *Limiter) Allow(key string, n int) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, want := l.bucket(key), math.Min(float64(max(n, 0)), l.burst)
	if b.tokens >= want {
		b.tokens -= want
		return 0
	}
	return time.Duration(math.Ceil((want - b.tokens) / l.perSecond * float64(time.Second)))
}

// Refund gives back n tokens, for a try that was taken beforehand and turned out to be right.
func (l *Limiter) Refund(key string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	b.tokens = math.Min(l.burst, b.tokens+float64(max(n, 0)))
}

// bucket returns the bucket of the key, filled up to now.
func (l *Limiter) bucket(key string) *bucket {
	now := l.now()
	if e, ok := l.buckets[key]; ok {
		l.recent.MoveToFront(e)
		b := e.Value.(*bucket)
		if past := now.Sub(b.at).Seconds(); past > 0 { // a clock set back fills nothing
			b.tokens = math.Min(l.burst, b.tokens+past*l.perSecond)
			b.at = now
		}
		return b
	}
	if l.recent.Len() >= l.keys {
		oldest := l.recent.Back()
		delete(l.buckets, l.recent.Remove(oldest).(*bucket).key)
	}
	b := &bucket{key: key, tokens: l.burst, at: now}
	l.buckets[key] = l.recent.PushFront(b)
	return b
}

// AddressKey is the key by which an internet address is limited: the address itself, or the /64 network of an
// IPv6 address, since each subscriber has a whole one. What is no address is its own key.
func AddressKey(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}
