package people

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/text/unicode/norm"

	"sayso/internal/fault"
)

const (
	mostSessions  = 100 // of one member that are listed
	handleLetters = 16  // of a session's hash
)

// The faults of changing one's passphrase, beside those of choosing one.
var (
	errWrongOld       = fault.New(fault.Invalid, "people.wrong_old")
	errPassphraseSame = fault.New(fault.Invalid, "people.passphrase_same")
	errNoPassphrase   = fault.New(fault.Invalid, "people.no_passphrase")
)

// Change is what a member gives to change their passphrase: the old one, a code of the authenticator, and the new one.
type Change struct{ Old, Code, New string }

// ChangePassphrase replaces the passphrase of by, ends all their sessions and returns the token of a new one. A wrong
// old passphrase or code counts like one of signing in: TooMany with Minutes while locked. What is wrong with the new
// one counts nothing, and uses up no code.
func (s *Service) ChangePassphrase(ctx context.Context, by Staff, c Change) (session string, err error) {
	switch {
	case by.Passphrase == "":
		return "", errNoPassphrase
	case norm.NFKC.String(c.New) == norm.NFKC.String(c.Old):
		return "", errPassphraseSame
	}
	if err := s.checkPassphrase(c.New, by.Name, by.Area); err != nil {
		return "", err
	}
	right, err := s.compare(ctx, c.Old, by.Passphrase)
	if err != nil {
		return "", err
	}
	var encoded string
	if right {
		if encoded, err = s.encode(ctx, c.New); err != nil {
			return "", err
		}
	}
	m, err := s.replacePassphrase(ctx, by, right, c.Code, encoded)
	if err != nil {
		return "", err
	}
	if err := s.with.Sessions.DeleteSessionsOf(ctx, m.ID, ""); err != nil {
		return "", fmt.Errorf("end sessions: %w", err)
	}
	if err := s.with.Log.Record(ctx, m, ActPassphraseChanged, "staff/"+m.ID, m.Area, nil); err != nil {
		return "", err
	}
	return s.begin(ctx, m, true)
}

// replacePassphrase takes the code and keeps the new passphrase, if the old one was right and is still the one that it
// was compared with. All is part of one change, so that many tries at once count like as many in a row.
func (s *Service) replacePassphrase(ctx context.Context, by Staff, right bool, code, encoded string) (Staff, error) {
	var refused *fault.Error
	m, err := s.with.Staff.UpdateStaff(ctx, by.ID, func(now *Staff) error {
		refused = s.tryChange(now, by, right, code, encoded)
		return nil
	})
	if err != nil {
		return Staff{}, fmt.Errorf("change a passphrase: %w", err)
	}
	if refused == nil {
		return m, nil
	}
	if refused.Kind != fault.TooMany {
		step := map[string]string{"step": "code"}
		if refused == errWrongOld {
			step["step"] = "passphrase"
		}
		if err := s.with.Log.Record(ctx, m, ActPassphraseRefused, "staff/"+m.ID, m.Area, step); err != nil {
			return Staff{}, err
		}
	}
	return Staff{}, refused
}

// tryChange gives the member the new passphrase, or says why not.
func (s *Service) tryChange(now *Staff, by Staff, right bool, code, encoded string) *fault.Error {
	if !right && !now.lockedAt(s.time()) {
		now.fail(s.time())
		return errWrongOld
	}
	if refused := s.tryCode(now, code); refused != nil {
		return refused
	}
	if now.Passphrase != by.Passphrase || now.Disabled {
		return errWrongOld
	}
	now.Passphrase = encoded
	return nil
}

// Handle names the session in forms, by the beginning of its hash: nobody can sign in with it.
func (s Session) Handle() string { return s.Hash[:min(handleLetters, len(s.Hash))] }

// OwnSessions lists the sessions of by that are not over, those begun last first: at most a hundred.
func (s *Service) OwnSessions(ctx context.Context, by Staff) ([]Session, error) {
	all, err := s.with.Sessions.SessionsOf(ctx, by.ID, mostSessions)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return slices.DeleteFunc(all, s.over), nil
}

// EndSession ends the session of by that has the handle; it is no error if there is none, or if it has ended already.
func (s *Service) EndSession(ctx context.Context, by Staff, handle string) error {
	all, err := s.OwnSessions(ctx, by)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(one Session) bool { return one.Handle() == handle })
	if i < 0 {
		return nil
	}
	if err := s.with.Sessions.DeleteSession(ctx, all[i].Hash); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return s.recordEnded(ctx, by, "one")
}

// EndOtherSessions ends all sessions of by but their own, also those in which only the first step was taken.
func (s *Service) EndOtherSessions(ctx context.Context, by Staff, own Session) error {
	if err := s.with.Sessions.DeleteSessionsOf(ctx, by.ID, own.Hash); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return s.recordEnded(ctx, by, "others")
}

func (s *Service) recordEnded(ctx context.Context, by Staff, which string) error {
	return s.with.Log.Record(ctx, by, ActSessionsEnded, "staff/"+by.ID, by.Area, map[string]string{"which": which})
}
