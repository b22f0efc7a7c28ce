package report

import (
	"context"
	"iter"

	"sayso/internal/survey"
)

// Fold is what a stretch of the log added up to, kept so that the next report reads only what is new. It holds counts
// and the ids of those who may be quoted, and nobody's words.
//
// Folds can be made again at any time, so that backups leave them behind. The stores forget one as soon as a response
// in its stretch is taken or held back: the difference between the two would tell what was.
type Fold struct {
	survey.Stretch        // as it was before it was read
	Plan           string // tells by what it was counted: the questions, the codebook, the program
	Body           []byte
}

// Folds keeps folds.
type Folds interface {
	// Folds yields the folds of the survey in the area, in the order of the log.
	Folds(ctx context.Context, area, survey string) iter.Seq2[Fold, error]
	// KeepFolds keeps each fold, in place of one that begins where it does.
	KeepFolds(ctx context.Context, folds ...Fold) error
	// DropFolds forgets the folds that begin where these do; it is no error if one is gone.
	DropFolds(ctx context.Context, folds ...Fold) error
}
