package people

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sayso/internal/exercise"
	"sayso/internal/fault"
)

// The faults of looking after staff.
var (
	errNotAllowed        = fault.New(fault.Forbidden, "people.not_allowed")
	errNoStaff           = fault.New(fault.NotFound, "people.staff_unknown")
	errNameWrong         = fault.New(fault.Invalid, "people.name_wrong")
	errNameTaken         = fault.New(fault.Conflict, "people.name_taken")
	errRoleWrong         = fault.New(fault.Invalid, "people.role_wrong")
	errAreaWrong         = fault.New(fault.Invalid, "people.area_wrong")
	errLastAdministrator = fault.New(fault.Conflict, "people.last_administrator")
)

// Config is what the Service works with. Idle and Absolute are how long a session lasts without and with use, 30
// minutes and 12 hours if zero; Now and Rand are the clock and chance, the real ones if nil.
type Config struct {
	Staff          StaffStore
	Sessions       SessionStore
	Log            *Log
	Areas          exercise.Areas
	Secrets        Secrets
	Breached       *Breached // nil: no list is at hand
	Issuer         string    // shown by authenticator apps: what this server is called
	Now            func() time.Time
	Rand           io.Reader
	Idle, Absolute time.Duration
}

// Service invites staff, signs them in and keeps their sessions.
type Service struct {
	with  Config
	gate  gate
	decoy string // an encoded passphrase that nobody has, for the same work when a name is unknown
	links bool
}

// Option changes how a Service works.
type Option func(*Service)

// WithOneTimeLinks lets OneTimeLink and FollowLink work: for demonstrations only.
func WithOneTimeLinks() Option { return func(s *Service) { s.links = true } }

// NewService makes a service; an error if the Config lacks something that has no default.
func NewService(c Config, options ...Option) (*Service, error) {
	if c.Staff == nil || c.Sessions == nil || c.Log == nil || c.Secrets.Empty() || c.Issuer == "" {
		return nil, errors.New("look after staff: needs stores, a log, a secret and an issuer")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Idle == 0 {
		c.Idle = 30 * time.Minute
	}
	if c.Absolute == 0 {
		c.Absolute = 12 * time.Hour
	}
	s := &Service{with: c, gate: newGate()}
	for _, o := range options {
		o(s)
	}
	decoy, _, err := s.token()
	if err != nil {
		return nil, err
	}
	s.decoy, err = s.encode(context.Background(), decoy)
	return s, err
}

// CommandLine is who acts when a command is run on the server itself.
func CommandLine() Staff { return Staff{ID: "command", Role: Administrator} }

// Can says whether the member of staff may see and do things of the area: one inside their own.
func (s *Service) Can(by Staff, area string) bool {
	return !by.Disabled && s.with.Areas.Within(area, by.Area)
}

// Members lists at most limit members of staff whom by may look after, in the order of names, after the name.
func (s *Service) Members(ctx context.Context, by Staff, after string, limit int) ([]Staff, error) {
	if !by.Is(Administrator) {
		return nil, errNotAllowed
	}
	var out []Staff
	for len(out) < limit {
		page, err := s.with.Staff.StaffAfter(ctx, after, limit)
		if err != nil {
			return nil, fmt.Errorf("list staff: %w", err)
		}
		for _, m := range page {
			if after = m.Name; s.Can(by, m.Area) && len(out) < limit {
				out = append(out, m)
			}
		}
		if len(page) < limit {
			break
		}
	}
	return out, nil
}

// Disable keeps a member of staff out and ends their sessions. Conflict for the last administrator of the whole.
func (s *Service) Disable(ctx context.Context, by Staff, id string) error {
	return s.alter(ctx, by, id, ActDisabled, nil, func(m *Staff) { m.Disabled = true })
}

// Enable lets a disabled member in again.
func (s *Service) Enable(ctx context.Context, by Staff, id string) error {
	return s.alter(ctx, by, id, ActEnabled, nil, func(m *Staff) { m.Disabled = false })
}

// ChangeRole gives a member another role or area and ends their sessions. Conflict for the last administrator of
// the whole.
func (s *Service) ChangeRole(ctx context.Context, by Staff, id string, role Role, area string) error {
	if err := s.mayGive(by, role, area); err != nil {
		return err
	}
	details := map[string]string{"role": string(role), "area": area}
	return s.alter(ctx, by, id, ActRoleChanged, details, func(m *Staff) { m.Role, m.Area = role, area })
}

// mayGive says whether by may give somebody the role in the area.
func (s *Service) mayGive(by Staff, role Role, area string) error {
	if !by.Is(Administrator) {
		return errNotAllowed
	}
	if !slices.Contains(Roles, role) {
		return errRoleWrong
	}
	if _, known := s.with.Areas.Area(area); !known && area != "" {
		return errAreaWrong
	}
	if !s.Can(by, area) {
		return errNotAllowed
	}
	return nil
}

// mayManage returns the member if by may look after them.
func (s *Service) mayManage(ctx context.Context, by Staff, id string) (Staff, error) {
	if !by.Is(Administrator) {
		return Staff{}, errNotAllowed
	}
	m, err := s.with.Staff.Staff(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && !s.Can(by, m.Area) {
		return Staff{}, errNoStaff
	}
	if err != nil {
		return Staff{}, fmt.Errorf("read staff: %w", err)
	}
	return m, nil
}

func (s *Service) alter(ctx context.Context, by Staff, id, act string, details map[string]string, change func(*Staff)) error {
	before, err := s.mayManage(ctx, by, id)
	if err != nil {
		return err
	}
	after, err := s.with.Staff.UpdateStaff(ctx, id, func(m *Staff) error { change(m); return nil })
	if err != nil {
		return fmt.Errorf("change staff: %w", err)
	}
	if err := s.keepOne(ctx, before, after); err != nil {
		return err
	}
	if err := s.with.Sessions.DeleteSessionsOf(ctx, id, ""); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return s.with.Log.Record(ctx, by, act, "staff/"+id, after.Area, details)
}

// keepOne undoes the change if it left no administrator of the whole. Looking afterwards, and not before, also
// holds when two administrators remove each other at once.
func (s *Service) keepOne(ctx context.Context, before, after Staff) error {
	if !before.ofTheWhole() || after.ofTheWhole() {
		return nil
	}
	remains, err := s.anyOfTheWhole(ctx)
	if err != nil || remains {
		return err
	}
	_, err = s.with.Staff.UpdateStaff(ctx, before.ID, func(m *Staff) error {
		m.Role, m.Area, m.Disabled = before.Role, before.Area, before.Disabled
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep the last administrator: %w", err)
	}
	return errLastAdministrator
}

func (s Staff) ofTheWhole() bool { return s.Role == Administrator && s.Area == "" && !s.Disabled }

func (s *Service) anyOfTheWhole(ctx context.Context) (bool, error) {
	const page = 200
	for after := ""; ; {
		all, err := s.with.Staff.StaffAfter(ctx, after, page)
		if err != nil {
			return false, fmt.Errorf("look for an administrator: %w", err)
		}
		if slices.ContainsFunc(all, Staff.ofTheWhole) {
			return true, nil
		}
		if len(all) < page {
			return false, nil
		}
		after = all[len(all)-1].Name
	}
}

// time is now as every store keeps it: in UTC, to the millisecond.
func (s *Service) time() time.Time { return s.with.Now().UTC().Truncate(time.Millisecond) }

// token makes 32 random bytes as base64url, and the hash that is kept of them.
func (s *Service) token() (token, hash string, err error) {
	var b [32]byte
	if _, err := io.ReadFull(s.with.Rand, b[:]); err != nil {
		return "", "", fmt.Errorf("make a token: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, hashToken(token), nil
}

// hashToken is the SHA-256, in hex; a token has too much chance in it to need a slow hash.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// foldName is the name as it is kept: trimmed and in small letters.
func foldName(name string) string { return strings.ToLower(norm.NFKC.String(strings.TrimSpace(name))) }

// checkName returns the folded name; Invalid unless it has 3 to 254 runes without spaces.
func checkName(name string) (string, error) {
	name = foldName(name)
	strange := func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == utf8.RuneError }
	if n := utf8.RuneCountInString(name); n < 3 || n > 254 || strings.ContainsFunc(name, strange) {
		return "", errNameWrong
	}
	return name, nil
}
