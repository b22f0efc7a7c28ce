// Package people is who does what: staff with their roles and sessions, the audit log of what they do, and
// the receipts by which people without an account come back to their own words.
package people

import (
	"slices"
	"time"
)

// Role is what a member of staff does here.
type Role string

// The roles.
const (
	Administrator Role = "administrator" // invites staff, and all of the others
	Author        Role = "author"        // publishes surveys
	Analyst       Role = "analyst"       // reads answers, makes and approves reports
	Board         Role = "board"         // reads reports before they are public, and answers them
)

// Roles are all roles in the order in which they are offered.
var Roles = []Role{Administrator, Author, Analyst, Board}

// Staff is a member of staff, limited to an area and what lies inside it ("" is everywhere).
type Staff struct {
	ID         string    `json:"id"`
	Revision   int       `json:"revision"`
	Name       string    `json:"name"` // to sign in with, folded to lower case; usually a work e-mail address
	Role       Role      `json:"role"`
	Area       string    `json:"area"`
	Passphrase string    `json:"passphrase"` // argon2id, encoded
	TOTP       string    `json:"totp"`       // secret, sealed by the server's key
	TOTPUsed   int64     `json:"totp_used"`  // the last time step a code was used for: a code works once
	Disabled   bool      `json:"disabled"`
	Failures   int       `json:"failures"`     // wrong sign-ins in a row
	LockedTo   time.Time `json:"locked_until"` // no sign-in before this time
}

// Is says whether the member of staff has one of the roles; an administrator has all.
func (s Staff) Is(roles ...Role) bool {
	return s.Role == Administrator || slices.Contains(roles, s.Role)
}

// Session is a signed-in member of staff. Only the hash of its token is kept.
type Session struct {
	Hash    string    `json:"hash"` // sha256 of the token, hex
	Staff   string    `json:"staff"`
	CSRF    string    `json:"csrf"`
	Begun   time.Time `json:"begun"`
	Seen    time.Time `json:"seen"`
	Entered bool      `json:"entered"` // the second factor was given
}

// Invitation lets one person become staff, once, or come back after losing passphrase or phone. Only the hash of
// its token is kept.
type Invitation struct {
	Hash     string    `json:"hash"`
	Name     string    `json:"name"`
	Role     Role      `json:"role"`
	Area     string    `json:"area"`
	Expires  time.Time `json:"expires"`
	Staff    string    `json:"staff,omitempty"`    // id of the member it is for, "" for a new one
	Replaces string    `json:"replaces,omitempty"` // sha256 of the encoded passphrase it replaces: void once that has changed
	SignsIn  bool      `json:"signs_in,omitempty"` // it signs in without more, for demonstrations
}

// Entry is one line of the audit log, chained to the one before by its hash.
type Entry struct {
	Number  int64             `json:"number"` // 1, 2, … without gaps
	At      time.Time         `json:"at"`
	Staff   string            `json:"staff"` // id; "command" for the command line
	Area    string            `json:"area"`
	Act     string            `json:"act"`     // a message key: "audit.report_approved"
	Subject string            `json:"subject"` // what it was done to: "report/worries/2"
	Details map[string]string `json:"details,omitempty"`
	Before  string            `json:"before"` // hash of the entry before
	Hash    string            `json:"hash"`
}

// Receipt joins a key of pictures to what it opens. Hash is the slow keyed hash of the key.
type Receipt struct {
	Hash   string `json:"hash"`
	Draft  string `json:"draft"`
	Survey string `json:"survey"`
	Area   string `json:"area"`
	Day    string `json:"day,omitempty"`    // of the response in the log, once submitted
	Budget string `json:"budget,omitempty"` // the exercise, where the key opens a ballot; Draft is its id
}
