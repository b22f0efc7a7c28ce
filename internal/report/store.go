package report

import (
	"context"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// State says how far a snapshot has come.
type State string

// The states.
const (
	Made     State = "made"     // only staff see it
	Approved State = "approved" // a person approved it; it is public
	Refused  State = "refused"  // a person refused it; it stays for the record
)

// Record is one frozen snapshot as the store keeps it. Body is the encoded Report, never changed after it was made;
// what people decide about it stands beside it.
type Record struct {
	Survey    string                `json:"survey"`
	Number    int                   `json:"number"` // 1, 2, … per survey
	Revision  int                   `json:"revision"`
	Area      string                `json:"area"`
	State     State                 `json:"state"`
	MadeBy    string                `json:"made_by"`
	MadeOn    exercise.Day          `json:"made_on"`
	DecidedBy string                `json:"decided_by,omitempty"`
	DecidedOn exercise.Day          `json:"decided_on,omitempty"`
	Quotes    map[string]Decision   `json:"quotes"`           // quote id → what a person decided; absent: not yet
	Replies   map[string]Reply      `json:"replies"`          // theme id → what the board answers
	Words     map[string]string     `json:"words,omitempty"`  // quote id → its text, apart from Body so that it can be taken back
	Quoted    map[string]survey.Ref `json:"quoted,omitempty"` // quote id → whose words, for staff who hold them back
	Body      []byte                `json:"body"`             // JSON of the Report, its quotes without their texts
}

// Decision is what a person decided about a quote.
type Decision string

// The decisions about a quote.
const (
	Undecided Decision = ""
	Keep      Decision = "keep"
	Drop      Decision = "drop"
	TakenBack Decision = "taken_back" // its author withdrew; nobody can decide otherwise
	HeldBack  Decision = "held_back"  // its whole response is held back
)

// Reply is what the board answers to a theme.
type Reply struct {
	Kind ReplyKind    `json:"kind"`
	Text string       `json:"text"`
	Lang string       `json:"lang"`         // in which Text is written
	By   exercise.Day `json:"by,omitempty"` // until when, for WeWill
	On   exercise.Day `json:"on"`           // when it was answered
}

// ReplyKind says what the board does about a theme.
type ReplyKind string

// The kinds of reply.
const (
	WeDid  ReplyKind = "did"
	WeWill ReplyKind = "will"
	Partly ReplyKind = "partly"
	WeWont ReplyKind = "wont"
)

// Store keeps snapshots.
type Store interface {
	// CreateRecord keeps a new snapshot with Revision 1; Conflict if (Survey, Number) is taken.
	CreateRecord(ctx context.Context, r Record) error
	// Record returns one snapshot; NotFound.
	Record(ctx context.Context, survey string, number int) (Record, error)
	// UpdateRecord changes what people decided about a snapshot by change, which may be called again on a fresh
	// copy; NotFound.
	UpdateRecord(ctx context.Context, survey string, number int, change func(*Record) error) (Record, error)
	// Records lists the snapshots of a survey, newest first, without Body.
	Records(ctx context.Context, survey string) ([]Record, error)
	// LatestApproved returns the newest approved snapshot of the survey; NotFound.
	LatestApproved(ctx context.Context, survey string) (Record, error)
	// ApprovedRecords yields nothing but the newest approved snapshot of each survey, at most limit,
	// in the order of surveys, without Body.
	ApprovedRecords(ctx context.Context, limit int) ([]Record, error)
}
