package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"sayso/internal/fault"
)

var (
	notFound    = fault.New(fault.NotFound, "store.not_found")
	conflict    = fault.New(fault.Conflict, "store.conflict")
	unavailable = fault.New(fault.Unavailable, "store.unavailable")
)

// errDuplicate stands in for what the driver says of a unique key that is taken, which quotes the key: a name, for one.
var errDuplicate = errors.New("a unique key is taken")

// describe turns what the driver says into a fault; faults pass.
func describe(ctx context.Context, err error) error {
	var known *fault.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, mongo.ErrNoDocuments):
		return notFound
	case mongo.IsDuplicateKeyError(err):
		return conflict.Because(errDuplicate)
	case ctx.Err() != nil:
		return unavailable.Because(fmt.Errorf("%w: %w", ctx.Err(), err))
	case away(err):
		return unavailable.Because(err)
	}
	return fmt.Errorf("store: %w", err)
}

// away says whether the error may pass: no server, no primary, no connection, no time, no majority.
func away(err error) bool {
	if mongo.IsTimeout(err) || mongo.IsNetworkError(err) || errors.Is(err, mongo.ErrClientDisconnected) {
		return true
	}
	if _, ok := errors.AsType[topology.ServerSelectionError](err); ok {
		return true
	}
	labeled, ok := errors.AsType[mongo.LabeledError](err)
	if ok && (labeled.HasErrorLabel("RetryableWriteError") || labeled.HasErrorLabel("TransientTransactionError")) {
		return true
	}
	written, ok := errors.AsType[mongo.WriteException](err)
	if ok && written.WriteConcernError != nil {
		return true
	}
	bulk, ok := errors.AsType[mongo.BulkWriteException](err)
	if ok && bulk.WriteConcernError != nil {
		return true
	}
	server, ok := errors.AsType[mongo.ServerError](err)
	return ok && (server.HasErrorCode(outOfDiskSpace) || server.HasErrorCode(notPrimary) || server.HasErrorCode(notPrimaryNoSecondaryOk))
}

// Codes of the server. (https://www.mongodb.com/docs/manual/reference/error-codes/)
const (
	outOfDiskSpace          = 14031
	notPrimary              = 10107
	notPrimaryNoSecondaryOk = 13435
)
