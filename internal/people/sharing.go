package people

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"sync"
	"time"
)

// Spending is what was spent of one limit and has not come back: Tokens at the time At, and none from Gone on.
type Spending struct {
	Tokens float64   `json:"tokens"`
	At     time.Time `json:"at"`
	Gone   time.Time `json:"gone"`
}

const (
	tellPatience = time.Second      // how long a person waits for other servers to be told
	tellPause    = 10 * time.Second // after the store failed
)

// Sharing makes limits hold over all servers on one store. Each limiter decides alone, and asks nobody. When a tenth of
// a burst was spent at one server it adds that to the store and takes what others spent out of its own bucket. So over
// any time all servers together allow what one does, and at most a tenth of a burst more for each of them. When all of
// them are asked at the same moment it may be a burst for each, which is paid back before anything more is allowed.
type Sharing struct {
	store Spendings
	key   []byte
	now   func() time.Time
	log   *slog.Logger

	mu      sync.Mutex
	failing bool
	pauseTo time.Time
}

// NewSharing shares limits through the store among all servers that have the oldest of the secrets.
func NewSharing(store Spendings, secrets Secrets, now func() time.Time, log *slog.Logger) *Sharing {
	return &Sharing{store: store, key: secrets.Derive("limits"), now: now, log: log}
}

// Spent notes that a token which the limiter allowed under the key is spent for good, and tells other servers now and
// then. Names of limiters tell apart what is spent. A store that fails is no error: the limiter is alone then, and the
// log says so once. A nil Sharing tells nobody.
func (s *Sharing) Spent(ctx context.Context, name string, l *Limiter, key string) {
	n, heard := l.spent(key)
	if n == 0 {
		return
	}
	if s == nil || s.paused() {
		l.lose(key)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellPatience)
	defer cancel()
	now := s.now().UTC().Truncate(time.Millisecond) // as stores keep it
	var before float64
	all, err := s.store.Spend(ctx, s.alias(name, key, now), func(v *Spending) {
		before = l.left(*v, now)
		l.add(v, n, now)
	})
	s.note(err)
	if err != nil {
		l.lose(key)
		return
	}
	l.hear(key, before-l.left(heard, now), all)
}

// alias stands for the key of a limiter in the store. It is an HMAC under a key derived from the server's secret, and
// another one each day, so that who has the store cannot find an address by trying all of them.
func (s *Sharing) alias(name, key string, at time.Time) string {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(at.Format(time.DateOnly) + "\x00" + name + "\x00" + key))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

func (s *Sharing) paused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now().Before(s.pauseTo)
}

// note says once that the store failed, and once that it works again.
func (s *Sharing) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil && !s.failing:
		s.log.Warn("limits are those of this server alone", "cause", err)
	case err == nil && s.failing:
		s.log.Info("limits are shared again")
	}
	if s.failing = err != nil; s.failing {
		s.pauseTo = s.now().Add(tellPause)
	}
}

// Expire forgets what has come back, and says how many limits that were: to be called now and then.
func (s *Sharing) Expire(ctx context.Context) (int, error) {
	return s.store.ExpireSpendings(ctx, s.now())
}
