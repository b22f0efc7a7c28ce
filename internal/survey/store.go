package survey

import (
	"context"
	"iter"

	"sayso/internal/exercise"
)

// Definitions keeps every version of every survey, for ever: answers remember theirs.
type Definitions interface {
	// PublishSurvey keeps s as version s.Version, which must be one more than the newest; a fault of kind
	// Conflict says that somebody else published first.
	PublishSurvey(ctx context.Context, s Survey) error
	// Survey returns one version, the newest for version 0; NotFound.
	Survey(ctx context.Context, id string, version int) (Survey, error)
	// Surveys yields the newest version of each survey in the order of ids.
	Surveys(ctx context.Context) iter.Seq2[Survey, error]
}

// Drafts keeps responses on their way.
type Drafts interface {
	// CreateDraft keeps a new draft with Revision 1; Conflict if its id is taken.
	CreateDraft(ctx context.Context, d Draft) error
	// Draft returns the draft; NotFound.
	Draft(ctx context.Context, id string) (Draft, error)
	// UpdateDraft changes the draft by change, which may be called again on a fresh copy when somebody else
	// changed it meanwhile, and must not touch ID or Revision. An error of change is returned as it is and
	// nothing is kept. NotFound.
	UpdateDraft(ctx context.Context, id string, change func(*Draft) error) (Draft, error)
	// DeleteDraft forgets the draft; it is no error if it is gone already.
	DeleteDraft(ctx context.Context, id string) error
	// ExpireDrafts forgets the drafts whose last page was before the day, and the receipts that open nothing but
	// them: those without a day. It says how many drafts.
	ExpireDrafts(ctx context.Context, before exercise.Day) (int, error)
}

// Responses is the log of what people said, in the order of Ref.
type Responses interface {
	// Append keeps the responses, durably, and says which were new: one whose Ref is there already is left as
	// it is, so that sending twice makes one.
	Append(ctx context.Context, rs ...Response) (added int, err error)
	// Response returns one response; NotFound.
	Response(ctx context.Context, ref Ref) (Response, error)
	// Withdraw takes the words away and leaves an empty, marked response; NotFound.
	Withdraw(ctx context.Context, ref Ref) error
	// Hold holds a response back for the reason, or no longer for an empty one; NotFound. What was withdrawn is left.
	Hold(ctx context.Context, ref Ref, why Hold) error
	// Scan yields the responses of the range in order, read field by field. The response is the iterator's:
	// it is valid until the next one. Strings may be kept.
	Scan(ctx context.Context, r Range) iter.Seq2[*Response, error]
	// Stretches cuts the responses of a survey, in their order, into ranges that can be read side by side.
	Stretches(ctx context.Context, area, survey string) ([]Stretch, error)
	// CountResponses says how many responses of the survey there are, withdrawn ones included.
	CountResponses(ctx context.Context, area, survey string) (int, error)
}

// Range is a stretch of the log of one survey: From ≤ (day, id) < To; zero bounds are open.
type Range struct {
	Area, Survey string
	From, To     Position
}

// Position is a place in the log of one survey.
type Position struct {
	Day exercise.Day
	ID  string
}

// Stretch is a range of the log within one day, with what tells whether something came or went there: two looks that
// saw the same Stretch would have read the same responses between them.
type Stretch struct {
	Range
	Received int // responses, withdrawn ones included; it never falls
	Changed  int // rises when a response is taken back, held back, or held back no longer
}

// Days with more responses are cut into 4 and into 16 stretches.
const (
	largeDay = 1 << 12
	hugeDay  = 1 << 14
)

// CutDay returns the ranges of a day on which so many responses came, between ids that are the same each time. Ids are
// hexadecimal and random, so the ranges are about equal.
func CutDay(area, survey string, day exercise.Day, received int) []Range {
	cuts := ""
	switch {
	case received >= hugeDay:
		cuts = "123456789abcdef"
	case received >= largeDay:
		cuts = "48c"
	}
	rest := Range{Area: area, Survey: survey, From: Position{Day: day}, To: Position{Day: day.Add(1)}}
	var out []Range
	for _, c := range cuts {
		part, at := rest, Position{Day: day, ID: string(c)}
		part.To, rest.From = at, at
		out = append(out, part)
	}
	return append(out, rest)
}
