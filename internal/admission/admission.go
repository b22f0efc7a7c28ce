// Package admission lets people into closed exercises by invitation codes, each of which begins one answer.
//
// The codes of a batch are drawn from one random seed, which is kept sealed until they were downloaded once; then nobody
// can make them again. Of a code only a keyed hash is kept, written beforehand in the order of the hashes, which is one
// of chance. Beginning changes one mark in its place: the code is spent. When, in which order and by whom it was, stands
// nowhere, and nothing of a code stands with an answer; so whoever holds all codes and the whole store cannot tell who
// said what.
package admission

import (
	"strings"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/fault"
)

// Exercise is what a code opens, by the path of its first page without the slash: "s/worries" or "b/summer".
type Exercise string

// Survey is the survey of the id.
func Survey(id string) Exercise { return Exercise("s/" + id) }

// Budget is the budget exercise of the id.
func Budget(id string) Exercise { return Exercise("b/" + id) }

// ID is the id of the survey or budget exercise.
func (e Exercise) ID() string { return string(e[strings.IndexByte(string(e), '/')+1:]) }

// subject is how the audit log names the exercise.
func (e Exercise) subject() string {
	if strings.HasPrefix(string(e), "s/") {
		return "survey/" + e.ID()
	}
	return "budget/" + e.ID()
}

// State is how far a batch has come.
type State string

// The states of a batch.
const (
	Making    State = "making"    // its codes are being written, or that was interrupted
	Ready     State = "ready"     // all are there, and nobody has downloaded them
	Given     State = "given"     // they were downloaded, and can never be again
	Cancelled State = "cancelled" // those that were not spent open nothing
)

// Batch is a number of codes made together.
type Batch struct {
	ID       string       `json:"id"`
	Revision int          `json:"revision"`
	Exercise Exercise     `json:"exercise"`
	Area     string       `json:"area"`
	Name     string       `json:"name"` // for staff, such as "Year 6"
	Day      exercise.Day `json:"day"`  // on which it was asked for
	Count    int          `json:"count"`
	Made     int          `json:"made"` // codes written so far; 0 of those that are cancelled and to be forgotten
	State    State        `json:"state"`
	Seed     string       `json:"seed,omitempty"`    // sealed; empty once it is not needed any more
	Secret   string       `json:"secret,omitempty"`  // id of the secret by which its codes are hashed
	Dropped  []uint32     `json:"dropped,omitempty"` // draws that were codes of other batches already
	Holder   string       `json:"holder,omitempty"`  // who is making it or downloading it
	HeldTo   time.Time    `json:"held_to"`           // until when, unless they say again that they are at it
	Used     AtLeast      `json:"used"`
	UsedOn   exercise.Day `json:"used_on,omitempty"` // the day on which Used was counted
}

// AtLeast is how many codes of a batch were spent, as far as staff may know: a lower bound in tens, counted once a day,
// which never comes nearer to all than ten. So nobody sees one person take part, or not take part.
type AtLeast int

const (
	tens     = 10
	leastFor = 2 * tens // codes in a batch of which a figure is told at all
)

// Tells says whether anything is told of how many of the batch were spent.
func (b *Batch) Tells() bool { return b.Count >= leastFor && b.State == Given }

// atLeast is what may be told of the number spent.
func (b *Batch) atLeast(spent int) AtLeast {
	return AtLeast(max(0, min(spent, b.Count-tens)) / tens * tens)
}

// Held says whether somebody is making or downloading the batch at the time.
func (b *Batch) Held(at time.Time) bool { return b.Holder != "" && at.Before(b.HeldTo) }

// Slip is what is kept of one code.
type Slip struct {
	Hash  string `json:"hash"` // as people.Secrets.HashCode makes it
	Batch string `json:"batch"`
	Spent bool   `json:"spent"`
}

// Bounds of a batch.
const (
	MostCodes   = 1_000_000
	MostLetters = 60    // of its name
	MostPrinted = 1_000 // codes on sheets
)

// The faults of codes. Those of people who take part are Invalid: the form with the code is shown again.
var (
	errUnknown   = fault.New(fault.Invalid, "admission.unknown")
	errSpent     = fault.New(fault.Invalid, "admission.spent")
	errCancelled = fault.New(fault.Invalid, "admission.cancelled")
	errElsewhere = fault.New(fault.Invalid, "admission.elsewhere")

	errNoBatch   = fault.New(fault.NotFound, "admission.no_batch")
	errCount     = fault.New(fault.Invalid, "admission.count").With(map[string]any{"Number": MostCodes})
	errName      = fault.New(fault.Invalid, "admission.name").With(map[string]any{"Number": MostLetters})
	errNameTaken = fault.New(fault.Invalid, "admission.name_taken")
	errBusy      = fault.New(fault.Conflict, "admission.busy")
	errNotReady  = fault.New(fault.Conflict, "admission.not_ready")
	errGone      = fault.New(fault.Conflict, "admission.given_already")
	errSheets    = fault.New(fault.Invalid, "admission.too_many_to_print").With(map[string]any{"Number": MostPrinted})
	errForbidden = fault.New(fault.Forbidden, "error.forbidden")
)
