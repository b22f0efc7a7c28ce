package operation

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

// Patience is how long the store may take to answer before requests should go elsewhere.
const Patience = time.Second

var errLeaving = errors.New("the server is stopping")

// Readiness says whether requests may come. However many ask at once, the check runs once at a time, so that asking
// is no burden on a store that is slow.
type Readiness struct {
	check   func(context.Context) error
	flight  singleflight.Group
	leaving atomic.Bool
}

// NewReadiness returns the readiness that check tells. Its context ends after Patience.
func NewReadiness(check func(context.Context) error) *Readiness { return &Readiness{check: check} }

// Ready returns nil if requests may come, else why not. It answers within Patience, also if the check hangs.
func (r *Readiness) Ready(ctx context.Context) error {
	if r.Leaving() {
		return errLeaving
	}
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	result := r.flight.DoChan("", func() (any, error) {
		// The one check serves all who ask, so it does not end with the first of them.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Patience)
		defer cancel()
		return nil, r.check(ctx)
	})
	select {
	case got := <-result:
		return got.Err
	case <-ctx.Done():
		return fmt.Errorf("no answer within %v: %w", Patience, ctx.Err())
	}
}

// Leave lets Ready refuse from now on.
func (r *Readiness) Leave() { r.leaving.Store(true) }

// Leaving says whether Leave was called.
func (r *Readiness) Leaving() bool { return r.leaving.Load() }
