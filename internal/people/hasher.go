package people

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/crypto/argon2"

	"sayso/internal/fault"
)

// The cost of hashing a key: about 5 ms and 8 MiB. Guessing through the pages is held by the limiter and not by
// this. It is for the day when the receipts and the server's secret are both stolen; 200 tries a second on a core,
// against 7·10^9 tries for each live key (see Guessing), make each a year of a core, and 8 MiB for each try keep
// graphics cards from being thousands of cores. More would let a flood of guesses starve those who answer.
const (
	keyMemory = 8 << 10 // KiB
	keyPasses = 1
	keyLanes  = 1
	hashBytes = 32
)

// Hasher turns keys into what is kept of them: Argon2id of the ids of the pictures, with a salt that only the
// server can make (HMAC-SHA256 of them under its secret), so that stolen receipts alone cannot be tried at all.
type Hasher struct {
	secrets  Secrets
	pictures *Pictures
	gate     gate
	waiting  atomic.Int64
}

// NewHasher makes a hasher of keys of the pictures that runs as many hashes at once as there are processors, 2 at
// least. An error if there is no secret.
func NewHasher(secrets Secrets, pictures *Pictures) (*Hasher, error) {
	if secrets.Empty() {
		return nil, errors.New("hash keys: no server secret")
	}
	return &Hasher{secrets: secrets, pictures: pictures, gate: newGate()}, nil
}

// Hash returns the hash by the newest secret, "id:hex": what to keep for a new key. Unavailable if ctx ends while
// others are being hashed.
func (h *Hasher) Hash(ctx context.Context, k Key) (string, error) {
	return h.hash(ctx, h.secrets.all[0], k)
}

// Hashes returns one hash for each secret in force, newest first: what to look a key up by.
func (h *Hasher) Hashes(ctx context.Context, k Key) ([]string, error) {
	out := make([]string, len(h.secrets.all))
	for i, s := range h.secrets.all {
		var err error
		if out[i], err = h.hash(ctx, s, k); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (h *Hasher) hash(ctx context.Context, s secret, k Key) (string, error) {
	ids := h.pictures.ids(k)
	salt := s.mac("receipt", ids)
	var sum []byte
	h.waiting.Add(1)
	err := h.gate.run(ctx, func() {
		h.waiting.Add(-1)
		sum = argon2.IDKey(ids, salt, keyPasses, keyMemory, keyLanes, hashBytes)
	})
	if err != nil { // then it never ran
		h.waiting.Add(-1)
		return "", fmt.Errorf("hash a key: %w", err)
	}
	return s.id + ":" + hex.EncodeToString(sum), nil
}

// Waiting says how many keys wait for their turn.
func (h *Hasher) Waiting() int { return int(h.waiting.Load()) }

// gate lets a few slow and large computations run at once; the others wait.
type gate chan struct{}

func newGate() gate { return make(gate, max(2, runtime.GOMAXPROCS(0))) }

var errBusy = fault.New(fault.Unavailable, "people.busy")

// run runs f when it is its turn, or not at all if ctx ends before.
func (g gate) run(ctx context.Context, f func()) error {
	if err := ctx.Err(); err != nil {
		return errBusy.Because(err)
	}
	select {
	case g <- struct{}{}:
		defer func() { <-g }()
		f()
		return nil
	case <-ctx.Done():
		return errBusy.Because(ctx.Err())
	}
}
