// Package fault is the one kind of error that crosses rooms: a kind for machines, a message key and its
// arguments for people, and a cause for the log.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of thing went wrong; the web maps each to one HTTP status.
type Kind string

// The kinds of fault.
const (
	Invalid     Kind = "invalid"     // what was given cannot be used
	NotFound    Kind = "not_found"   // there is no such thing, or not for you
	Forbidden   Kind = "forbidden"   // you may not do this
	Conflict    Kind = "conflict"    // somebody changed it meanwhile, or it is taken
	TooMany     Kind = "too_many"    // slow down
	Unavailable Kind = "unavailable" // the store is away for the moment; try again
	Internal    Kind = "internal"    // our own mistake
)

// Error is a fault of a kind. Key names a sentence in the catalogues; Args fill its placeholders.
type Error struct {
	Kind  Kind
	Key   string
	Args  map[string]any
	cause error
}

// New makes a fault of the kind whose sentence is key.
func New(kind Kind, key string) *Error { return &Error{Kind: kind, Key: key} }

// With returns a copy of the fault whose sentence has the arguments filled in.
func (e *Error) With(args map[string]any) *Error {
	c := *e
	c.Args = args
	return &c
}

// Because returns a copy of the fault with the cause, for the log only.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Error describes the fault for the log; people read the sentence named by Key.
func (e *Error) Error() string {
	if e.cause == nil {
		return string(e.Kind) + ": " + e.Key
	}
	return fmt.Sprintf("%s: %s: %v", e.Kind, e.Key, e.cause)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// KindOf returns the kind of the outermost fault in the chain, Internal for any other error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// Is says whether err is a fault of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
