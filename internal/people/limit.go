package people

import (
	"container/list"
	"math"
	"net/netip"
	"sync"
	"time"
)

// Limiter slows down who tries too often: one token bucket per key, in memory; Sharing tells other servers. It keeps a
// bounded number of keys and forgets the one unused for longest, so that a flood of keys cannot fill the memory.
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
	tokens float64 // below zero when others spent more than there was
	at     time.Time

	untold  int      // tokens that are spent for good, of which other servers do not know
	telling bool     // they are being told
	heard   Spending // what all servers had spent when they were told last
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

// spent notes that a token which Allow took will not come back, and returns how many the other servers should be told of
// now, with what was heard of them last: none while there are less than a tenth of the burst, or others are being told.
// After some, hear or lose must be called.
func (l *Limiter) spent(key string) (untold int, heard Spending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	b.untold++
	if b.telling || b.untold < l.bundle() {
		return 0, Spending{}
	}
	untold, b.untold, b.telling = b.untold, 0, true
	return untold, b.heard
}

// bundle is how many tokens are told at a time.
func (l *Limiter) bundle() int { return max(1, int(l.burst/10)) }

// hear takes what others spent meanwhile out of the bucket.
func (l *Limiter) hear(key string, others float64, now Spending) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	b.tokens -= max(0, others)
	b.telling, b.heard = false, now
}

// lose gives up telling: what was untold stays with this limiter alone.
func (l *Limiter) lose(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bucket(key).telling = false
}

// left is what has not come back at the time.
func (l *Limiter) left(s Spending, at time.Time) float64 {
	return max(0, s.Tokens-l.perSecond*max(0, at.Sub(s.At)).Seconds())
}

// add adds tokens to what has not come back. It believes its own clock: where clocks differ more gets through, and
// nobody is shut out.
func (l *Limiter) add(s *Spending, tokens int, at time.Time) {
	s.Tokens = l.left(*s, at) + float64(tokens)
	s.At = at
	s.Gone = at.Add(time.Duration(math.Ceil(s.Tokens / l.perSecond * float64(time.Second))))
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
