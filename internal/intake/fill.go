package intake

import (
	"context"
	"fmt"
	"iter"

	"sayso/internal/survey"
)

// batchSize is how many responses one call of Append takes.
const batchSize = 500

// batch gathers responses for a sink.
type batch struct {
	sink survey.Responses
	rs   []survey.Response
}

// add takes one response, and sends all it has when they are enough. It says how many it sent and how many of these
// were new.
func (b *batch) add(ctx context.Context, r survey.Response) (sent, added int, err error) {
	if b.rs = append(b.rs, r); len(b.rs) < batchSize {
		return 0, 0, nil
	}
	return b.flush(ctx)
}

func (b *batch) flush(ctx context.Context) (sent, added int, err error) {
	if len(b.rs) == 0 {
		return 0, 0, nil
	}
	sent = len(b.rs)
	added, err = b.sink.Append(ctx, b.rs...)
	clear(b.rs)
	b.rs = b.rs[:0]
	if err != nil {
		return added, added, fmt.Errorf("keep %d responses: %w", sent, err)
	}
	return sent, added, nil
}

// Fill keeps the responses, some hundreds at a time, and says how many were new. progress, which may be nil, is told
// how many were sent so far.
func Fill(ctx context.Context, sink survey.Responses, responses iter.Seq[survey.Response], progress func(done int)) (added int, err error) {
	b := batch{sink: sink}
	done := 0
	count := func(sent, fresh int, err error) error {
		added += fresh
		if done += sent; sent > 0 && progress != nil {
			progress(done)
		}
		return err
	}
	for r := range responses {
		if err := count(b.add(ctx, r)); err != nil {
			return added, err
		}
	}
	return added, count(b.flush(ctx))
}
