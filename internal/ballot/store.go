package ballot

import (
	"context"
	"iter"

	"sayso/internal/people"
)

// Store is what the service reads and writes.
type Store interface {
	Definitions
	Ballots
	Backgrounds
	Outcomes
	Sheets
	people.Receipts
}

// Definitions keeps every version of every exercise.
type Definitions interface {
	// PublishExercise keeps e as version e.Version, which must be one more than the newest; Conflict if somebody else
	// published first.
	PublishExercise(ctx context.Context, e Exercise) error
	// Exercise returns one version, the newest for version 0; NotFound.
	Exercise(ctx context.Context, id string, version int) (Exercise, error)
	// Exercises yields the newest version of each exercise in the order of ids.
	Exercises(ctx context.Context) iter.Seq2[Exercise, error]
}

// Ballots keeps ballots, by their ids.
type Ballots interface {
	// CreateBallot keeps a new ballot with Revision 1; Conflict if its id is taken.
	CreateBallot(ctx context.Context, b Ballot) error
	// Ballot returns the ballot; NotFound.
	Ballot(ctx context.Context, id string) (Ballot, error)
	// UpdateBallot changes the ballot by change, which may be called again on a fresh copy when somebody else changed
	// it meanwhile, and must not touch ID, Exercise or Revision. An error of change is returned as it is and nothing is
	// kept. NotFound.
	UpdateBallot(ctx context.Context, id string, change func(*Ballot) error) (Ballot, error)
	// DeleteBallot forgets the ballot; it is no error if it is gone already.
	DeleteBallot(ctx context.Context, id string) error
	// ScanBallots yields the ballots of an exercise in the order of their ids.
	ScanBallots(ctx context.Context, exercise string) iter.Seq2[Ballot, error]
	// CountBallots says how many ballots of the exercise there are, empty ones included.
	CountBallots(ctx context.Context, exercise string) (int, error)
}

// Backgrounds keeps who people are, apart from their ballots and under the same ids.
type Backgrounds interface {
	// CreateBackground keeps a new background with Revision 1; Conflict if its id is taken.
	CreateBackground(ctx context.Context, b Background) error
	// Background returns the background; NotFound.
	Background(ctx context.Context, id string) (Background, error)
	// UpdateBackground changes the background as UpdateBallot does a ballot; NotFound.
	UpdateBackground(ctx context.Context, id string, change func(*Background) error) (Background, error)
	// DeleteBackground forgets the background; it is no error if it is gone already.
	DeleteBackground(ctx context.Context, id string) error
	// ScanBackgrounds yields the backgrounds of an exercise in the order of their ids.
	ScanBackgrounds(ctx context.Context, exercise string) iter.Seq2[Background, error]
}

// Outcomes keeps counts and what people decided about them.
type Outcomes interface {
	// CreateOutcome keeps a new count with Revision 1; Conflict if its number is taken.
	CreateOutcome(ctx context.Context, o Outcome) error
	// Outcome returns one count, the newest for number 0; NotFound.
	Outcome(ctx context.Context, exercise string, number int) (Outcome, error)
	// UpdateOutcome changes a count by change, as UpdateBallot does a ballot; Result and File stay as they were made.
	UpdateOutcome(ctx context.Context, exercise string, number int, change func(*Outcome) error) (Outcome, error)
	// Outcomes returns the counts of an exercise, newest first, without Result and File.
	Outcomes(ctx context.Context, exercise string) ([]Outcome, error)
}

// Sheets keeps paper ballots, by the hashes of their codes.
type Sheets interface {
	// CreateSheets keeps those of the sheets that are new, each with Revision 1, and says how many those were.
	CreateSheets(ctx context.Context, sheets []Sheet) (fresh int, err error)
	// Sheet returns the sheet; NotFound.
	Sheet(ctx context.Context, hash string) (Sheet, error)
	// UpdateSheet changes the sheet as UpdateBallot does a ballot; NotFound. Once it returns nothing is left of what
	// change took away.
	UpdateSheet(ctx context.Context, hash string, change func(*Sheet) error) (Sheet, error)
	// ScanSheets yields the sheets of an exercise in the order of their hashes.
	ScanSheets(ctx context.Context, exercise string) iter.Seq2[Sheet, error]
}
