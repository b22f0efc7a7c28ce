package people

import (
	"context"
	"crypto/subtle"
	"fmt"
	"time"

	"sayso/internal/fault"
)

const (
	seenEvery = time.Minute      // how exactly the last use is known
	seenWait  = time.Second      // how long to try to note it
	halfLasts = 10 * time.Minute // from the first step of signing in to the second
)

// errSignedOut is given for every token that opens no session now.
var errSignedOut = fault.New(fault.NotFound, "people.signed_out")

// begin keeps a new session and returns its token.
func (s *Service) begin(ctx context.Context, m Staff, entered bool) (token string, err error) {
	token, hash, err := s.token()
	if err != nil {
		return "", err
	}
	csrf, _, err := s.token()
	if err != nil {
		return "", err
	}
	now := s.time()
	err = s.with.Sessions.CreateSession(ctx, Session{Hash: hash, Staff: m.ID, CSRF: csrf, Begun: now, Seen: now, Entered: entered})
	if err != nil {
		return "", fmt.Errorf("begin a session: %w", err)
	}
	return token, nil
}

// Session returns who is signed in by the token, and notes that they were seen, unless nothing can be written now: reading
// goes on. NotFound if the session was ended, has been idle or has lasted too long, is not full yet, or if its member is
// disabled.
func (s *Service) Session(ctx context.Context, token string) (Staff, Session, error) {
	m, one, err := s.load(ctx, token, true)
	if err != nil {
		return Staff{}, Session{}, err
	}
	if now := s.time(); now.Sub(one.Seen) >= seenEvery {
		ctx, cancel := context.WithTimeout(ctx, seenWait)
		defer cancel()
		seen, err := s.with.Sessions.UpdateSession(ctx, one.Hash, func(one *Session) error { one.Seen = now; return nil })
		switch {
		case err == nil:
			one = seen
		case fault.Is(err, fault.NotFound):
			return Staff{}, Session{}, errSignedOut
		}
	}
	return m, one, nil
}

// HalfSession returns the session of somebody who has taken the first step and not the second, for the page of the
// second. NotFound after ten minutes.
func (s *Service) HalfSession(ctx context.Context, token string) (Session, error) {
	_, one, err := s.load(ctx, token, false)
	return one, err
}

func (s *Service) load(ctx context.Context, token string, entered bool) (Staff, Session, error) {
	one, err := s.with.Sessions.Session(ctx, hashToken(token))
	if fault.Is(err, fault.NotFound) || err == nil && one.Entered != entered {
		return Staff{}, Session{}, errSignedOut
	}
	if err != nil {
		return Staff{}, Session{}, fmt.Errorf("read a session: %w", err)
	}
	m, err := s.with.Staff.Staff(ctx, one.Staff)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Staff{}, Session{}, fmt.Errorf("read staff: %w", err)
	}
	if err != nil || m.Disabled || s.over(one) {
		_ = s.with.Sessions.DeleteSession(ctx, one.Hash) // it is over whether it can be deleted now or not
		return Staff{}, Session{}, errSignedOut
	}
	return m, one, nil
}

// over says whether the session's time is up.
func (s *Service) over(one Session) bool {
	now := s.time()
	if !one.Entered {
		return now.Sub(one.Begun) >= halfLasts
	}
	return now.Sub(one.Seen) >= s.with.Idle || now.Sub(one.Begun) >= s.with.Absolute
}

// SignOut ends the session of the token; it is no error if it has ended already.
func (s *Service) SignOut(ctx context.Context, token string) error {
	one, err := s.with.Sessions.Session(ctx, hashToken(token))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read a session: %w", err)
	}
	if err := s.with.Sessions.DeleteSession(ctx, one.Hash); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	if !one.Entered {
		return nil
	}
	m, err := s.with.Staff.Staff(ctx, one.Staff)
	if err != nil {
		return fmt.Errorf("read staff: %w", err)
	}
	return s.with.Log.Record(ctx, m, ActSignedOut, "staff/"+m.ID, m.Area, nil)
}

// Expire forgets the sessions whose time is up, and says how many: to be called now and then.
func (s *Service) Expire(ctx context.Context) (int, error) {
	now := s.time()
	return s.with.Sessions.ExpireSessions(ctx, now.Add(-s.with.Absolute), now.Add(-s.with.Idle))
}

// Genuine says whether a form was sent from a page of this session, by the token that the page put in it.
func (s Session) Genuine(csrf string) bool {
	return s.CSRF != "" && subtle.ConstantTimeCompare([]byte(s.CSRF), []byte(csrf)) == 1
}
