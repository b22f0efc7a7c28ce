package sqlite

import (
	"context"
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"

	"sayso/internal/fault"
)

var (
	notFound    = fault.New(fault.NotFound, "store.not_found")
	conflict    = fault.New(fault.Conflict, "store.conflict")
	unavailable = fault.New(fault.Unavailable, "store.unavailable")
)

var (
	errStale  = errors.New("somebody else changed it meanwhile")
	errClosed = errors.New("the store is closed")
	errAway   = errors.New("no connection to the file")
)

// describe turns what SQLite says into a fault; faults and our own errors pass.
func describe(err error) error {
	var known *fault.Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, errStale):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, errClosed), errors.Is(err, errAway):
		return unavailable.Because(err)
	}
	switch sqlite.ErrCode(err) {
	case sqlite.ResultConstraintPrimaryKey, sqlite.ResultConstraintUnique:
		return conflict.Because(err)
	}
	if away(err) {
		return unavailable.Because(err)
	}
	return fmt.Errorf("store: %w", err)
}

// away says whether the error is the machine's, and may pass: a full disk, a failing one, a busy file.
func away(err error) bool {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultFull, sqlite.ResultIOErr, sqlite.ResultBusy, sqlite.ResultLocked, sqlite.ResultInterrupt,
		sqlite.ResultNoMem, sqlite.ResultCantOpen, sqlite.ResultReadOnly, sqlite.ResultProtocol:
		return true
	}
	return false
}
