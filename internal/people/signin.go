package people

import (
	"context"
	"fmt"
	"time"

	"sayso/internal/fault"
)

// Locking: the fifth wrong sign-in in a row locks for a minute, each one after it for twice as long, up to 15.
const (
	freeFailures = 4
	longestLock  = 15 * time.Minute
)

// The faults of signing in. There is one for the first step, whatever was wrong: it tells nobody which names exist.
var (
	errWrongSignIn = fault.New(fault.Invalid, "people.wrong_sign_in")
	errWrongCode   = fault.New(fault.Invalid, "people.wrong_code")
	errCodeLost    = fault.New(fault.Invalid, "people.code_lost")
	errLocked      = fault.New(fault.TooMany, "people.locked") // Minutes
)

// lockFor is how long so many failures in a row lock.
func lockFor(failures int) time.Duration {
	if failures <= freeFailures {
		return 0
	}
	return min(time.Minute<<min(failures-freeFailures-1, 10), longestLock)
}

// lockedAt says whether nobody can sign in as the member now. A lock that would last longer than any was set before the
// clock was put back, and holds nobody.
func (s Staff) lockedAt(now time.Time) bool {
	left := s.LockedTo.Sub(now)
	return left > 0 && left <= longestLock
}

// fail counts a wrong sign-in.
func (s *Staff) fail(now time.Time) {
	s.Failures++
	if d := lockFor(s.Failures); d > 0 {
		s.LockedTo = now.Add(d)
	}
}

// SignIn takes the first step, name and passphrase, and returns the token of a session that can only Enter. Every
// failure is the same Invalid after the same work: a wrong passphrase, an unknown name, a locked or disabled member.
func (s *Service) SignIn(ctx context.Context, name, passphrase string) (token string, err error) {
	m, err := s.with.Staff.StaffNamed(ctx, foldName(name))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", fmt.Errorf("look for the name: %w", err)
	}
	open := err == nil && m.Passphrase != ""
	encoded := s.decoy
	if open {
		encoded = m.Passphrase
	}
	right, err := s.compare(ctx, passphrase, encoded)
	if err != nil {
		return "", err
	}
	if !open {
		return "", errWrongSignIn
	}
	if err := s.weigh(ctx, m, right); err != nil {
		return "", err
	}
	return s.begin(ctx, m, false)
}

// weigh counts a wrong passphrase, and holds back a right one that is of no use by now. Failures are forgotten only
// by Enter, or else who knows the passphrase could try codes for ever.
func (s *Service) weigh(ctx context.Context, m Staff, right bool) error {
	refused, counted := false, false
	_, err := s.with.Staff.UpdateStaff(ctx, m.ID, func(now *Staff) error {
		closed := now.Disabled || now.lockedAt(s.time()) || now.Passphrase != m.Passphrase
		refused, counted = closed || !right, !closed && !right
		if counted {
			now.fail(s.time())
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("count a sign-in: %w", err)
	}
	if counted {
		if err := s.with.Log.Record(ctx, m, ActSignInFailed, "staff/"+m.ID, m.Area, map[string]string{"step": "passphrase"}); err != nil {
			return err
		}
	}
	if refused {
		return errWrongSignIn
	}
	return nil
}

// Enter takes the second step: a code of the authenticator, each of which works once. It ends the session of the
// first step and returns the token of a full one. TooMany with Minutes while locked.
func (s *Service) Enter(ctx context.Context, token, code string) (session string, err error) {
	m, half, err := s.load(ctx, token, false)
	if err != nil {
		return "", err
	}
	var refused *fault.Error
	m, err = s.with.Staff.UpdateStaff(ctx, m.ID, func(now *Staff) error {
		refused = s.tryCode(now, code)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("check a code: %w", err)
	}
	if refused != nil {
		if refused.Kind == fault.TooMany {
			return "", refused
		}
		if err := s.with.Log.Record(ctx, m, ActSignInFailed, "staff/"+m.ID, m.Area, map[string]string{"step": "code"}); err != nil {
			return "", err
		}
		return "", refused
	}
	if err := s.with.Sessions.DeleteSession(ctx, half.Hash); err != nil {
		return "", fmt.Errorf("end the first step: %w", err)
	}
	return s.enter(ctx, m, "code")
}

// tryCode changes the member by the code: it is used up if right, a failure if wrong. Being part of one change, many
// tries at once count like as many in a row.
func (s *Service) tryCode(m *Staff, code string) (refused *fault.Error) {
	now := s.time()
	if m.lockedAt(now) {
		left := (m.LockedTo.Sub(now) + time.Minute - 1) / time.Minute
		return errLocked.With(map[string]any{"Minutes": int(left)})
	}
	secret, err := s.with.Secrets.Open(totpPurpose(m.ID), m.TOTP)
	if err != nil { // the secret that sealed it is in force no more
		return errCodeLost.Because(fmt.Errorf("the authenticator of %s: %w", m.ID, err))
	}
	step, right := codeStep(secret, code, now, m.TOTPUsed)
	if !right {
		m.fail(now)
		return errWrongCode
	}
	m.TOTPUsed, m.Failures, m.LockedTo = step, 0, time.Time{}
	if !s.with.Secrets.Newest(m.TOTP) {
		m.TOTP = s.with.Secrets.Seal(totpPurpose(m.ID), secret)
	}
	return nil
}

// enter begins a full session.
func (s *Service) enter(ctx context.Context, m Staff, way string) (token string, err error) {
	if token, err = s.begin(ctx, m, true); err != nil {
		return "", err
	}
	err = s.with.Log.Record(ctx, m, ActSignedIn, "staff/"+m.ID, m.Area, map[string]string{"way": way})
	if err != nil {
		return "", err
	}
	return token, nil
}
