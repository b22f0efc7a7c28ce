package people

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sayso/internal/exercise"
	"sayso/internal/fault"
)

const goodPassphrase = "seven teapots on a slow canal"

// office is a service with its stores and its clock.
type office struct {
	*Service
	store *memory
	*clock
	t *testing.T
}

func newOffice(t *testing.T, options ...Option) *office {
	t.Helper()
	en := func(s string) exercise.Text { return exercise.Text{"en": s} }
	areas, err := exercise.NewAreas([]exercise.Area{
		{ID: "north", Name: en("North"), Places: []exercise.Area{{ID: "hill", Name: en("Hill")}, {ID: "dale", Name: en("Dale")}}},
		{ID: "south", Name: en("South")},
	})
	if err != nil {
		t.Fatal(err)
	}
	store, c := newMemory(), newClock()
	s, err := NewService(Config{
		Staff: store, Sessions: store, Log: NewLog(store, c.now), Areas: areas, Secrets: NewSecrets(), Issuer: "Sayso", Now: c.now,
	}, options...)
	if err != nil {
		t.Fatal(err)
	}
	return &office{Service: s, store: store, clock: c, t: t}
}

// hire invites somebody who accepts, and returns them with the secret of their authenticator.
func (o *office) hire(name string, role Role, area string) (Staff, string) {
	o.t.Helper()
	token, err := o.Invite(o.t.Context(), CommandLine(), name, role, area)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.accept(token)
}

func (o *office) accept(token string) (Staff, string) {
	o.t.Helper()
	e, err := o.Enrol(o.t.Context(), token)
	if err != nil {
		o.t.Fatal(err)
	}
	m, err := o.Accept(o.t.Context(), token, goodPassphrase, o.code(e.Secret))
	if err != nil {
		o.t.Fatal(err)
	}
	o.pass(time.Minute) // the code is used
	return m, e.Secret
}

// place puts somebody into the store who never signs in.
func (o *office) place(name string, role Role, area string) Staff {
	o.t.Helper()
	m := Staff{ID: name, Name: name, Role: role, Area: area, Passphrase: "x"}
	if err := o.store.CreateStaff(o.t.Context(), m); err != nil {
		o.t.Fatal(err)
	}
	return m
}

func (o *office) code(secret string) string {
	o.t.Helper()
	code, err := totp.GenerateCode(secret, o.now())
	if err != nil {
		o.t.Fatal(err)
	}
	return code
}

// enter signs in with both steps.
func (o *office) enterAs(name, secret string) string {
	o.t.Helper()
	half, err := o.SignIn(o.t.Context(), name, goodPassphrase)
	if err != nil {
		o.t.Fatal(err)
	}
	token, err := o.Enter(o.t.Context(), half, o.code(secret))
	if err != nil {
		o.t.Fatal(err)
	}
	return token
}

func (o *office) acts() []string {
	var out []string
	for _, e := range o.store.entries {
		out = append(out, strings.TrimPrefix(e.Act, "audit."))
	}
	return out
}

func TestInvitationAcceptedOnce(t *testing.T) {
	o := newOffice(t)
	token, err := o.Invite(t.Context(), CommandLine(), "  Analyst@North.Example ", Analyst, "north")
	if err != nil {
		t.Fatal(err)
	}
	first, err := o.Enrol(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := o.Enrol(t.Context(), token); err != nil || again != first {
		t.Errorf("loaded again: %+v, %v; want %+v", again, err, first)
	}
	uri, err := url.Parse(first.URI)
	if err != nil || uri.Scheme != "otpauth" || uri.Query().Get("secret") != first.Secret || uri.Query().Get("issuer") != "Sayso" {
		t.Errorf("address for the authenticator: %s, %v", first.URI, err)
	}
	_, err = o.Accept(t.Context(), token, "short", o.code(first.Secret))
	checkKey(t, err, fault.Invalid, "people.passphrase_short")
	_, err = o.Accept(t.Context(), token, goodPassphrase, "000000x")
	checkKey(t, err, fault.Invalid, "people.wrong_code")
	m, err := o.Accept(t.Context(), token, goodPassphrase, o.code(first.Secret))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := o.store.Staff(t.Context(), m.ID)
	if err != nil || kept != m || m.Name != "analyst@north.example" || m.Role != Analyst || m.Area != "north" {
		t.Errorf("kept %+v, %v; returned %+v", kept, err, m)
	}
	if strings.Contains(m.TOTP, first.Secret) || strings.Contains(m.Passphrase, "teapots") {
		t.Error("kept a secret in the clear")
	}
	_, err = o.Accept(t.Context(), token, goodPassphrase, o.code(first.Secret))
	checkKey(t, err, fault.NotFound, "people.invitation_gone")
	if got := o.acts(); !slices.Equal(got, []string{"invited", "accepted"}) {
		t.Errorf("recorded %v", got)
	}
}

func TestInvitationEndsAfterSevenDays(t *testing.T) {
	o := newOffice(t)
	token, err := o.Invite(t.Context(), CommandLine(), "a@b.example", Board, "")
	if err != nil {
		t.Fatal(err)
	}
	o.pass(7*24*time.Hour - time.Second)
	if _, err := o.Enrol(t.Context(), token); err != nil {
		t.Errorf("just before: %v", err)
	}
	o.pass(time.Second)
	_, err = o.Enrol(t.Context(), token)
	checkKey(t, err, fault.NotFound, "people.invitation_gone")
	_, err = o.Enrol(t.Context(), "nonsense")
	checkKey(t, err, fault.NotFound, "people.invitation_gone")
}

func TestOfTwoInvitationsOfANameOneHolds(t *testing.T) {
	o := newOffice(t)
	var tokens [2]string
	for i := range tokens {
		var err error
		if tokens[i], err = o.Invite(t.Context(), CommandLine(), "a@b.example", Board, ""); err != nil {
			t.Fatal(err)
		}
	}
	o.accept(tokens[1])
	e, err := o.Enrol(t.Context(), tokens[0])
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.Accept(t.Context(), tokens[0], goodPassphrase, o.code(e.Secret))
	checkKey(t, err, fault.Conflict, "people.name_taken")
}

func TestInviteRefuses(t *testing.T) {
	o := newOffice(t)
	o.place("taken@b.example", Board, "")
	north := Staff{ID: "n", Role: Administrator, Area: "north"}
	for name, c := range map[string]struct {
		by         Staff
		name, area string
		role       Role
		kind       fault.Kind
		key        string
	}{
		"an analyst":   {Staff{Role: Analyst}, "a@b.example", "", Board, fault.Forbidden, "people.not_allowed"},
		"one disabled": {Staff{Role: Administrator, Disabled: true}, "a@b.example", "", Board, fault.Forbidden, "people.not_allowed"},
		"beyond":       {north, "a@b.example", "south", Board, fault.Forbidden, "people.not_allowed"},
		"the whole":    {north, "a@b.example", "", Board, fault.Forbidden, "people.not_allowed"},
		"no area":      {north, "a@b.example", "west", Board, fault.Invalid, "people.area_wrong"},
		"no role":      {north, "a@b.example", "hill", "king", fault.Invalid, "people.role_wrong"},
		"no name":      {north, " ", "hill", Board, fault.Invalid, "people.name_wrong"},
		"two words":    {north, "two words", "hill", Board, fault.Invalid, "people.name_wrong"},
		"taken":        {north, "TAKEN@b.example", "hill", Board, fault.Conflict, "people.name_taken"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.Invite(t.Context(), c.by, c.name, c.role, c.area)
			checkKey(t, err, c.kind, c.key)
		})
	}
	if _, err := o.Invite(t.Context(), north, "a@b.example", Board, "hill"); err != nil {
		t.Errorf("inside the area: %v", err)
	}
}

func TestRecoveryReplacesEverythingAndVoidsTheOthers(t *testing.T) {
	o := newOffice(t)
	m, old := o.hire("a@b.example", Analyst, "north")
	session := o.enterAs(m.Name, old)
	var tokens [2]string
	for i := range tokens {
		var err error
		if tokens[i], err = o.Recover(t.Context(), CommandLine(), m.ID); err != nil {
			t.Fatal(err)
		}
	}
	back, secret := o.accept(tokens[0])
	if back.ID != m.ID || back.Role != Analyst || secret == old || back.Passphrase == m.Passphrase {
		t.Errorf("came back as %+v", back)
	}
	_, _, err := o.Session(t.Context(), session)
	checkKey(t, err, fault.NotFound, "people.signed_out")
	_, err = o.Enrol(t.Context(), tokens[1])
	checkKey(t, err, fault.NotFound, "people.invitation_gone")
	o.enterAs(m.Name, secret)
	_, err = o.Recover(t.Context(), Staff{Role: Administrator, Area: "south"}, m.ID)
	checkKey(t, err, fault.NotFound, "people.staff_unknown")
}

func TestChangesEndSessionsAndAreRecorded(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	north := Staff{ID: "n", Role: Administrator, Area: "north"}
	steps := []struct {
		act string
		do  func() error
	}{
		{"role_changed", func() error { return o.ChangeRole(t.Context(), north, m.ID, Board, "hill") }},
		{"disabled", func() error { return o.Disable(t.Context(), north, m.ID) }},
		{"enabled", func() error { return o.Enable(t.Context(), north, m.ID) }},
	}
	session := o.enterAs(m.Name, secret)
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.act, err)
		}
		_, _, err := o.Session(t.Context(), session)
		checkKey(t, err, fault.NotFound, "people.signed_out")
		if last := o.store.entries[len(o.store.entries)-1]; last.Act != "audit."+step.act || last.Staff != "n" || last.Subject != "staff/"+m.ID {
			t.Errorf("recorded %+v, want %s", last, step.act)
		}
	}
	kept, err := o.store.Staff(t.Context(), m.ID)
	if err != nil || kept.Role != Board || kept.Area != "hill" || kept.Disabled {
		t.Errorf("kept %+v, %v", kept, err)
	}
	checkKey(t, o.ChangeRole(t.Context(), north, m.ID, Board, "south"), fault.Forbidden, "people.not_allowed")
	checkKey(t, o.Disable(t.Context(), Staff{Role: Analyst}, m.ID), fault.Forbidden, "people.not_allowed")
	checkKey(t, o.Disable(t.Context(), north, "nobody"), fault.NotFound, "people.staff_unknown")
}

func TestOneAdministratorOfTheWholeRemains(t *testing.T) {
	o := newOffice(t)
	first := o.place("first", Administrator, "")
	o.place("north", Administrator, "north")
	checkKey(t, o.Disable(t.Context(), first, "first"), fault.Conflict, "people.last_administrator")
	checkKey(t, o.ChangeRole(t.Context(), first, "first", Administrator, "north"), fault.Conflict, "people.last_administrator")
	checkKey(t, o.ChangeRole(t.Context(), first, "first", Board, ""), fault.Conflict, "people.last_administrator")
	kept, err := o.store.Staff(t.Context(), "first")
	if err != nil || !kept.ofTheWhole() {
		t.Errorf("kept %+v, %v", kept, err)
	}
	second := o.place("second", Administrator, "")
	var wg sync.WaitGroup
	for _, one := range []struct{ by, whom Staff }{{first, second}, {second, first}} {
		wg.Go(func() {
			if err := o.Disable(t.Context(), one.by, one.whom.ID); err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if remains, err := o.anyOfTheWhole(t.Context()); err != nil || !remains {
		t.Errorf("two removed each other: %v, %v", remains, err)
	}
}

func TestMembersAreThoseOfTheArea(t *testing.T) {
	o := newOffice(t)
	for name, area := range map[string]string{"a": "", "b": "north", "c": "hill", "d": "south", "e": "dale", "f": "south", "g": "north"} {
		o.place(name, Board, area)
	}
	names := func(by Staff, after string, limit int) string {
		all, err := o.Members(t.Context(), by, after, limit)
		if err != nil {
			t.Error(err)
		}
		out := ""
		for _, m := range all {
			out += m.Name
		}
		return out
	}
	north := Staff{Role: Administrator, Area: "north"}
	for _, c := range []struct {
		by    Staff
		after string
		limit int
		want  string
	}{{CommandLine(), "", 100, "abcdefg"}, {north, "", 100, "bceg"}, {north, "", 2, "bc"}, {north, "c", 2, "eg"}, {north, "g", 2, ""}} {
		if got := names(c.by, c.after, c.limit); got != c.want {
			t.Errorf("%q after %q, at most %d: %q, want %q", c.by.Area, c.after, c.limit, got, c.want)
		}
	}
	_, err := o.Members(t.Context(), Staff{Role: Board}, "", 1)
	checkKey(t, err, fault.Forbidden, "people.not_allowed")
}

func TestOneTimeLinks(t *testing.T) {
	plain := newOffice(t)
	_, err := plain.OneTimeLink(t.Context(), "demo-analyst", Analyst, "north")
	checkKey(t, err, fault.Forbidden, "people.links_off")

	o := newOffice(t, WithOneTimeLinks())
	token, err := o.OneTimeLink(t.Context(), "demo-analyst", Analyst, "north")
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.Enrol(t.Context(), token)
	checkKey(t, err, fault.NotFound, "people.invitation_gone")
	plain.store.invitations = o.store.invitations // the same store without the option
	_, err = plain.FollowLink(t.Context(), token)
	checkKey(t, err, fault.Forbidden, "people.links_off")

	session, err := o.FollowLink(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if m, _, err := o.Session(t.Context(), session); err != nil || m.Name != "demo-analyst" || m.Role != Analyst {
		t.Errorf("signed in as %+v, %v", m, err)
	}
	_, err = o.FollowLink(t.Context(), token)
	checkKey(t, err, fault.NotFound, "people.invitation_gone")
	if got := o.acts(); !slices.Equal(got, []string{"invited", "signed_in"}) {
		t.Errorf("recorded %v", got)
	}
	if _, err = o.SignIn(t.Context(), "demo-analyst", ""); err == nil {
		t.Error("signed in without a passphrase")
	}

	late, err := o.OneTimeLink(t.Context(), "demo-analyst", Analyst, "north")
	if err != nil {
		t.Fatal(err)
	}
	o.pass(24 * time.Hour)
	_, err = o.FollowLink(t.Context(), late)
	checkKey(t, err, fault.NotFound, "people.invitation_gone")

	o.hire("real@b.example", Board, "")
	_, err = o.OneTimeLink(t.Context(), "real@b.example", Board, "")
	checkKey(t, err, fault.Conflict, "people.name_taken")
	invitation, err := o.Invite(t.Context(), CommandLine(), "new@b.example", Board, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.FollowLink(t.Context(), invitation)
	checkKey(t, err, fault.NotFound, "people.invitation_gone")
	if _, err := o.Enrol(t.Context(), invitation); err != nil {
		t.Errorf("following it as a link used the invitation up: %v", err)
	}
}

func TestNewServiceRefusesAnIncompleteConfig(t *testing.T) {
	store := newMemory()
	whole := Config{Staff: store, Sessions: store, Log: NewLog(store, time.Now), Secrets: NewSecrets(), Issuer: "Sayso"}
	for name, spoil := range map[string]func(*Config){
		"staff": func(c *Config) { c.Staff = nil }, "sessions": func(c *Config) { c.Sessions = nil }, "log": func(c *Config) { c.Log = nil },
		"secrets": func(c *Config) { c.Secrets = Secrets{} }, "issuer": func(c *Config) { c.Issuer = "" },
	} {
		c := whole
		spoil(&c)
		if _, err := NewService(c); err == nil {
			t.Errorf("made a service without %s", name)
		}
	}
}
