package admission

import "context"

// Store is what the service reads and writes.
type Store interface {
	Batches
	Slips
}

// Batches keeps batches of codes.
type Batches interface {
	// CreateBatch keeps a new batch with Revision 1; Conflict if its id is taken.
	CreateBatch(ctx context.Context, b Batch) error
	// Batch returns the batch; NotFound.
	Batch(ctx context.Context, id string) (Batch, error)
	// UpdateBatch changes the batch by change, which may be called again on a fresh copy when somebody else changed it
	// meanwhile, and must not touch ID, Exercise or Revision. An error of change is returned as it is and nothing is
	// kept. NotFound.
	UpdateBatch(ctx context.Context, id string, change func(*Batch) error) (Batch, error)
	// BatchesOf returns the batches of an exercise in the order of ids.
	BatchesOf(ctx context.Context, e Exercise) ([]Batch, error)
}

// Slips keeps what is kept of codes.
type Slips interface {
	// AddSlips keeps the hashes, in their order, as slips of the batch that are not spent. Those that are there in the
	// same batch are left as they are; those of other batches are returned.
	AddSlips(ctx context.Context, batch string, hashes []string) (taken []string, err error)
	// SlipsThere returns those of the hashes of which there is a slip.
	SlipsThere(ctx context.Context, hashes []string) (there []string, err error)
	// Slip returns the slip of one of the hashes; NotFound.
	Slip(ctx context.Context, hashes ...string) (Slip, error)
	// SpendSlip marks the slip as spent, in one step: of many callers one gets through, and the others hear Conflict.
	// NotFound.
	SpendSlip(ctx context.Context, hash string) error
	// CountSlips says how many slips the batch has, and how many of them are spent: raw counts.
	CountSlips(ctx context.Context, batch string) (made, spent int, err error)
	// DropSlips forgets at most limit slips of the batch, and says how many.
	DropSlips(ctx context.Context, batch string, limit int) (int, error)
}
