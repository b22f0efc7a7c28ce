package people

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"sayso/internal/fault"
)

// The acts that are recorded. Each is a message key.
const (
	ActInvited           = "audit.invited"
	ActAccepted          = "audit.accepted"
	ActSignedIn          = "audit.signed_in"
	ActSignedOut         = "audit.signed_out"
	ActSignInFailed      = "audit.sign_in_failed"
	ActDisabled          = "audit.disabled"
	ActEnabled           = "audit.enabled"
	ActRoleChanged       = "audit.role_changed"
	ActPassphraseChanged = "audit.passphrase_changed"
	ActPassphraseRefused = "audit.passphrase_refused"
	ActSessionsEnded     = "audit.sessions_ended"
	ActSurveyPublished   = "audit.survey_published"
	ActReportMade        = "audit.report_made"
	ActQuoteKept         = "audit.quote_kept"
	ActQuoteDropped      = "audit.quote_dropped"
	ActReportApproved    = "audit.report_approved"
	ActReportRefused     = "audit.report_refused"
	ActThemeAnswered     = "audit.theme_answered"
	ActImported          = "audit.imported"
	ActAnswersExported   = "audit.answers_exported"
	ActHeldBack          = "audit.held_back"
	ActReleased          = "audit.released"
	ActBackedUp          = "audit.backed_up"
	ActRestored          = "audit.restored"
	ActMigrated          = "audit.migrated"
	ActMended            = "audit.mended"
	ActBudgetPublished   = "audit.budget_published"
	ActVotesCounted      = "audit.votes_counted"
	ActOutcomeApproved   = "audit.outcome_approved"
	ActOutcomeRefused    = "audit.outcome_refused"
	ActBoardDecided      = "audit.board_decided"
	ActCodesMade         = "audit.codes_made"
	ActCodesResumed      = "audit.codes_resumed"
	ActCodesDownloaded   = "audit.codes_downloaded"
	ActCodesCancelled    = "audit.codes_cancelled"

	ActInterimPublished   = "audit.interim_published"
	ActMilestoneTold      = "audit.milestone_told"
	ActMilestoneTakenBack = "audit.milestone_taken_back"
	ActSheetsMade         = "audit.sheets_made"
	ActSheetTyped         = "audit.sheet_typed"
	ActSheetSettled       = "audit.sheet_settled"
	ActSheetSpoilt        = "audit.sheet_spoilt"
	ActSheetsLeftOut      = "audit.sheets_left_out"
	ActPreviewMade        = "audit.preview_made"
)

// Acts are all acts, for the catalogues and for choosing among them.
var Acts = []string{
	ActInvited, ActAccepted, ActSignedIn, ActSignedOut, ActSignInFailed, ActDisabled, ActEnabled, ActRoleChanged,
	ActPassphraseChanged, ActPassphraseRefused, ActSessionsEnded,
	ActSurveyPublished, ActReportMade, ActQuoteKept, ActQuoteDropped, ActReportApproved,
	ActReportRefused, ActThemeAnswered, ActImported, ActAnswersExported,
	ActHeldBack, ActReleased, ActBackedUp, ActRestored, ActMigrated, ActMended,
	ActBudgetPublished, ActVotesCounted, ActOutcomeApproved, ActOutcomeRefused, ActBoardDecided,
	ActCodesMade, ActCodesResumed, ActCodesDownloaded, ActCodesCancelled,
	ActInterimPublished, ActMilestoneTold, ActMilestoneTakenBack,
	ActSheetsMade, ActSheetTyped, ActSheetSettled, ActSheetSpoilt, ActSheetsLeftOut,
	ActPreviewMade,
}

// appendTries is how often another process may be first to a number before Record gives up.
const appendTries = 50

// Log writes the audit log. Each entry carries the hash of the one before, so an entry changed, removed or put
// in between shows when the chain is walked. Cutting off the end shows only against a Head written down
// elsewhere, and whoever can write the whole log can make it anew: keep the Head of each day outside.
type Log struct {
	store AuditStore
	now   func() time.Time
	mu    sync.Mutex // one number at a time in this process; others are met by Conflict
}

// NewLog makes a log over the store.
func NewLog(store AuditStore, now func() time.Time) *Log { return &Log{store: store, now: now} }

// appendTime is how long an entry may take to be kept.
const appendTime = 10 * time.Second

// Record appends what by did to the subject in the area. Details are codes and counts, never names or words
// that people said. The act is done by then, so it is recorded even if the one who did it has gone away.
func (l *Log) Record(ctx context.Context, by Staff, act, subject, area string, details map[string]string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), appendTime)
	defer cancel()
	e := Entry{Staff: by.ID, Area: area, Act: act, Subject: subject, Details: maps.Clone(details)}
	var err error
	for range appendTries {
		if err = l.append(ctx, e); !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("record %s: %w", act, err)
	}
	return nil
}

func (l *Log) append(ctx context.Context, e Entry) error {
	last, err := l.store.LastEntry(ctx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	// MongoDB keeps milliseconds, and the hash must be the same after reading.
	e.At = l.now().UTC().Truncate(time.Millisecond)
	e.Number, e.Before = last.Number+1, last.Hash
	e.Hash = e.sum()
	return l.store.AppendEntry(ctx, e)
}

// sum is the SHA-256, in hex, of the entry without its hash: number and milliseconds since 1970 as 8 bytes big
// endian, then each text as its length in 8 bytes and its bytes: staff, area, act, subject, the number of
// details, each name and value in the order of names, and the hash before.
func (e Entry) sum() string {
	h := sha256.New()
	writeNumber(h, e.Number)
	writeNumber(h, e.At.UnixMilli())
	writeTexts(h, e.Staff, e.Area, e.Act, e.Subject)
	writeNumber(h, int64(len(e.Details)))
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		writeTexts(h, name, e.Details[name])
	}
	writeTexts(h, e.Before)
	return hex.EncodeToString(h.Sum(nil))
}

func writeNumber(h hash.Hash, n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	h.Write(b[:])
}

func writeTexts(h hash.Hash, texts ...string) {
	for _, t := range texts {
		writeNumber(h, int64(len(t)))
		h.Write([]byte(t))
	}
}

// Break says what is wrong where a chain breaks.
type Break string

// The breaks.
const (
	Whole        Break = ""        // nothing is
	NumberBreak  Break = "number"  // an entry is missing, or stands out of order
	BeforeBreak  Break = "before"  // it does not follow from the entry before
	ContentBreak Break = "content" // it was changed after it was written
)

// Chain is the result of walking the log.
type Chain struct {
	Entries int64  // that are whole, from the first on
	Head    string // hash of the last of them: write it down elsewhere to notice a shortened log
	Break   Break
	At      int64 // the number that was due where it breaks, 0 for none
}

// Verify walks all entries from the first on and says how far the chain is whole. The error is one of reading.
func Verify(entries iter.Seq2[Entry, error]) (Chain, error) {
	var c Chain
	for e, err := range entries {
		if err != nil {
			return c, fmt.Errorf("read the audit log after entry %d: %w", c.Entries, err)
		}
		if c.Break = c.breakAt(e); c.Break != Whole {
			c.At = c.Entries + 1
			return c, nil
		}
		c.Entries, c.Head = e.Number, e.Hash
	}
	return c, nil
}

func (c Chain) breakAt(e Entry) Break {
	switch {
	case e.Number != c.Entries+1:
		return NumberBreak
	case e.Before != c.Head:
		return BeforeBreak
	case e.Hash != e.sum():
		return ContentBreak
	}
	return Whole
}
