package people

import (
	"context"
	"iter"
	"time"
)

// StaffStore keeps staff and their invitations.
type StaffStore interface {
	// CreateStaff keeps a new member with Revision 1; Conflict if the id or the name is taken.
	CreateStaff(ctx context.Context, s Staff) error
	// Staff returns the member of the id; NotFound.
	Staff(ctx context.Context, id string) (Staff, error)
	// StaffNamed returns the member who signs in with the name; NotFound.
	StaffNamed(ctx context.Context, name string) (Staff, error)
	// UpdateStaff changes the member by change, which may be called again on a fresh copy; NotFound.
	UpdateStaff(ctx context.Context, id string, change func(*Staff) error) (Staff, error)
	// StaffAfter lists at most limit members in the order of names, those after the name.
	StaffAfter(ctx context.Context, name string, limit int) ([]Staff, error)
	// CreateInvitation keeps an invitation.
	CreateInvitation(ctx context.Context, i Invitation) error
	// Invitation returns the invitation; NotFound.
	Invitation(ctx context.Context, hash string) (Invitation, error)
	// TakeInvitation returns the invitation and forgets it in one step, so that it works once; NotFound.
	TakeInvitation(ctx context.Context, hash string) (Invitation, error)
}

// InvitationList shows the invitations that nobody has taken up.
type InvitationList interface {
	// Invitations returns all that are kept, in the order of names; some may have expired.
	Invitations(ctx context.Context) ([]Invitation, error)
}

// SessionStore keeps sessions of staff.
type SessionStore interface {
	CreateSession(ctx context.Context, s Session) error
	// Session returns the session of the hash; NotFound.
	Session(ctx context.Context, hash string) (Session, error)
	// UpdateSession changes the session by change; NotFound.
	UpdateSession(ctx context.Context, hash string, change func(*Session) error) (Session, error)
	// DeleteSession ends the session; it is no error if it has ended already.
	DeleteSession(ctx context.Context, hash string) error
	// SessionsOf lists at most limit full sessions of a member of staff, those begun last first.
	SessionsOf(ctx context.Context, staff string, limit int) ([]Session, error)
	// DeleteSessionsOf ends all sessions of a member of staff but the one of the hash, or all for none.
	DeleteSessionsOf(ctx context.Context, staff, but string) error
	// ExpireSessions ends the sessions begun or last seen before the times, and says how many.
	ExpireSessions(ctx context.Context, begun, seen time.Time) (int, error)
}

// AuditStore keeps the audit log; nothing in it is ever changed.
type AuditStore interface {
	// AppendEntry keeps the entry; Conflict if its Number is taken.
	AppendEntry(ctx context.Context, e Entry) error
	// LastEntry returns the newest entry; NotFound when there is none.
	LastEntry(ctx context.Context) (Entry, error)
	// Entries yields the entries in order, those with a Number ≥ from.
	Entries(ctx context.Context, from int64) iter.Seq2[Entry, error]
	// EntriesBefore lists at most limit entries of the areas (nil: all), newest first, with a Number < before
	// (0: from the newest).
	EntriesBefore(ctx context.Context, areas []string, before int64, limit int) ([]Entry, error)
}

// Spendings keep what was spent of the limits, for all servers. They end by themselves, and no backup holds them.
type Spendings interface {
	// Spend changes what was spent under the key by change, beginning with the zero Spending, and returns it. change may
	// be called again on a fresh copy.
	Spend(ctx context.Context, key string, change func(*Spending)) (Spending, error)
	// ExpireSpendings forgets those that were gone before the time, and says how many.
	ExpireSpendings(ctx context.Context, before time.Time) (int, error)
}

// Receipts keeps receipts.
type Receipts interface {
	// CreateReceipt keeps a new receipt; Conflict if its hash is taken.
	CreateReceipt(ctx context.Context, r Receipt) error
	// Receipt returns the receipt of the hash; NotFound.
	Receipt(ctx context.Context, hash string) (Receipt, error)
	// SubmitReceipt sets the day of the response; NotFound.
	SubmitReceipt(ctx context.Context, hash, day string) error
	// DeleteReceipts forgets the receipts of the drafts; it is no error if they are gone.
	DeleteReceipts(ctx context.Context, drafts ...string) error
}
