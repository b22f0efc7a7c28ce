package people

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"sayso/internal/fault"
)

const (
	invitationLasts = 7 * 24 * time.Hour
	linkLasts       = 24 * time.Hour
)

// The faults of invitations.
var (
	errInvitationGone = fault.New(fault.NotFound, "people.invitation_gone")
	errLinksOff       = fault.New(fault.Forbidden, "people.links_off")
)

// Invite makes an invitation and returns its token, which is kept nowhere: whoever has it within seven days becomes
// a member of staff of the name, role and area. Forbidden beyond the area of by, Conflict if the name is taken.
func (s *Service) Invite(ctx context.Context, by Staff, name string, role Role, area string) (token string, err error) {
	if err := s.mayGive(by, role, area); err != nil {
		return "", err
	}
	if name, err = checkName(name); err != nil {
		return "", err
	}
	if _, err := s.with.Staff.StaffNamed(ctx, name); err == nil {
		return "", errNameTaken
	} else if !fault.Is(err, fault.NotFound) {
		return "", fmt.Errorf("look for the name: %w", err)
	}
	return s.invite(ctx, by, Invitation{Name: name, Role: role, Area: area, Expires: s.time().Add(invitationLasts)}, "new")
}

// Recover makes an invitation for a member who lost the passphrase or the phone: accepting it replaces both. It is
// void as soon as another one was accepted.
func (s *Service) Recover(ctx context.Context, by Staff, id string) (token string, err error) {
	m, err := s.mayManage(ctx, by, id)
	if err != nil {
		return "", err
	}
	return s.invite(ctx, by, Invitation{
		Name: m.Name, Role: m.Role, Area: m.Area, Expires: s.time().Add(invitationLasts),
		Staff: m.ID, Replaces: hashToken(m.Passphrase),
	}, "recovery")
}

func (s *Service) invite(ctx context.Context, by Staff, i Invitation, kind string) (token string, err error) {
	if token, i.Hash, err = s.token(); err != nil {
		return "", err
	}
	if err := s.with.Staff.CreateInvitation(ctx, i); err != nil {
		return "", fmt.Errorf("keep an invitation: %w", err)
	}
	details := map[string]string{"kind": kind, "role": string(i.Role)}
	if i.Staff != "" {
		details["staff"] = i.Staff
	}
	if err := s.with.Log.Record(ctx, by, ActInvited, "invitation/"+i.Hash[:12], i.Area, details); err != nil {
		return "", err
	}
	return token, nil
}

// Enrolment is what a person needs to accept an invitation.
type Enrolment struct {
	Name   string // to sign in with
	Role   Role
	Area   string
	Secret string // of the authenticator, base32, to type
	URI    string // the same as otpauth://, for a QR code
}

// Enrol returns what the page of an invitation shows, the same each time. NotFound if it is used, void or too old.
func (s *Service) Enrol(ctx context.Context, token string) (Enrolment, error) {
	i, err := s.open(ctx, token)
	if err != nil {
		return Enrolment{}, err
	}
	secret := s.enrolment(token)
	uri, err := s.otpauth(secret, i.Name)
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Name: i.Name, Role: i.Role, Area: i.Area, Secret: base32Plain.EncodeToString(secret), URI: uri}, nil
}

// open returns the invitation to become staff or to recover, if it still holds.
func (s *Service) open(ctx context.Context, token string) (Invitation, error) {
	i, err := s.with.Staff.Invitation(ctx, hashToken(token))
	if fault.Is(err, fault.NotFound) || err == nil && (i.SignsIn || !s.time().Before(i.Expires)) {
		return Invitation{}, errInvitationGone
	}
	if err != nil {
		return Invitation{}, fmt.Errorf("read an invitation: %w", err)
	}
	if i.Staff == "" {
		return i, nil
	}
	m, err := s.with.Staff.Staff(ctx, i.Staff)
	if fault.Is(err, fault.NotFound) || err == nil && i.void(m) {
		return Invitation{}, errInvitationGone
	}
	if err != nil {
		return Invitation{}, fmt.Errorf("read staff: %w", err)
	}
	return i, nil
}

func (i Invitation) void(m Staff) bool { return m.Disabled || hashToken(m.Passphrase) != i.Replaces }

// Accept takes up an invitation with a passphrase and a code that the authenticator of its Enrolment shows. The
// invitation holds on while the passphrase or the code is Invalid, and works once.
func (s *Service) Accept(ctx context.Context, token, passphrase, code string) (Staff, error) {
	i, err := s.open(ctx, token)
	if err != nil {
		return Staff{}, err
	}
	if err := s.checkPassphrase(passphrase, i.Name, i.Area); err != nil {
		return Staff{}, err
	}
	secret := s.enrolment(token)
	step, right := codeStep(secret, code, s.time(), 0)
	if !right {
		return Staff{}, errWrongCode
	}
	encoded, err := s.encode(ctx, passphrase)
	if err != nil {
		return Staff{}, err
	}
	if _, err := s.with.Staff.TakeInvitation(ctx, i.Hash); fault.Is(err, fault.NotFound) {
		return Staff{}, errInvitationGone
	} else if err != nil {
		return Staff{}, fmt.Errorf("take an invitation: %w", err)
	}
	m, err := s.settle(ctx, i, func(m *Staff) {
		m.Passphrase, m.TOTP, m.TOTPUsed = encoded, s.with.Secrets.Seal(totpPurpose(m.ID), secret), step
		m.Failures, m.LockedTo = 0, time.Time{}
	})
	if err != nil {
		return Staff{}, err
	}
	return m, s.with.Log.Record(ctx, m, ActAccepted, "invitation/"+i.Hash[:12], m.Area, nil)
}

// settle makes the new member, or gives the one who recovers what set sets and ends the sessions from before.
func (s *Service) settle(ctx context.Context, i Invitation, set func(*Staff)) (Staff, error) {
	if i.Staff == "" {
		return s.create(ctx, Staff{Name: i.Name, Role: i.Role, Area: i.Area}, set)
	}
	m, err := s.with.Staff.UpdateStaff(ctx, i.Staff, func(m *Staff) error {
		if i.void(*m) {
			return errInvitationGone
		}
		set(m)
		return nil
	})
	if err != nil {
		return Staff{}, fmt.Errorf("recover staff: %w", err)
	}
	if err := s.with.Sessions.DeleteSessionsOf(ctx, m.ID, ""); err != nil {
		return Staff{}, fmt.Errorf("end sessions: %w", err)
	}
	return m, nil
}

func (s *Service) create(ctx context.Context, m Staff, set func(*Staff)) (Staff, error) {
	var id [8]byte
	if _, err := io.ReadFull(s.with.Rand, id[:]); err != nil {
		return Staff{}, fmt.Errorf("make an id: %w", err)
	}
	m.ID = hex.EncodeToString(id[:])
	set(&m)
	if err := s.with.Staff.CreateStaff(ctx, m); fault.Is(err, fault.Conflict) {
		return Staff{}, errNameTaken.Because(err)
	} else if err != nil {
		return Staff{}, fmt.Errorf("create staff: %w", err)
	}
	m.Revision = 1
	return m, nil
}

// OneTimeLink returns a token that signs in a member without a passphrase, once within a day; the member is created
// if the name is new. For demonstrations: Forbidden without WithOneTimeLinks, Conflict for a member who has a
// passphrase.
func (s *Service) OneTimeLink(ctx context.Context, name string, role Role, area string) (token string, err error) {
	if !s.links {
		return "", errLinksOff
	}
	by := CommandLine()
	if err := s.mayGive(by, role, area); err != nil {
		return "", err
	}
	if name, err = checkName(name); err != nil {
		return "", err
	}
	m, err := s.with.Staff.StaffNamed(ctx, name)
	if fault.Is(err, fault.NotFound) {
		m, err = s.create(ctx, Staff{Name: name, Role: role, Area: area}, func(*Staff) {})
	}
	if err != nil {
		return "", fmt.Errorf("make a link for staff: %w", err)
	}
	if m.Passphrase != "" {
		return "", errNameTaken
	}
	return s.invite(ctx, by, Invitation{
		Name: m.Name, Role: m.Role, Area: m.Area, Expires: s.time().Add(linkLasts), Staff: m.ID, SignsIn: true,
	}, "one_time_link")
}

// FollowLink signs in by the token of a OneTimeLink and returns that of the session. To be called on a press of a
// button: programs that look at links in messages would use it up.
func (s *Service) FollowLink(ctx context.Context, token string) (session string, err error) {
	if !s.links {
		return "", errLinksOff
	}
	i, err := s.with.Staff.Invitation(ctx, hashToken(token))
	if err == nil && (!i.SignsIn || !s.time().Before(i.Expires)) {
		return "", errInvitationGone
	}
	if err == nil {
		i, err = s.with.Staff.TakeInvitation(ctx, i.Hash)
	}
	var m Staff
	if err == nil {
		m, err = s.with.Staff.Staff(ctx, i.Staff)
	}
	if fault.Is(err, fault.NotFound) || err == nil && (m.Disabled || m.Passphrase != "") {
		return "", errInvitationGone
	}
	if err != nil {
		return "", fmt.Errorf("follow a link: %w", err)
	}
	return s.enter(ctx, m, "one_time_link")
}
