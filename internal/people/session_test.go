package people

import (
	"context"
	"strings"
	"testing"
	"time"

	"sayso/internal/fault"
)

func TestSessionsEnd(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	gone := func(token string) {
		t.Helper()
		_, _, err := o.Session(t.Context(), token)
		checkKey(t, err, fault.NotFound, "people.signed_out")
	}
	there := func(token string) {
		t.Helper()
		if _, _, err := o.Session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	idle := o.enterAs(m.Name, secret)
	o.pass(30*time.Minute - time.Second)
	there(idle)
	o.pass(30 * time.Minute)
	gone(idle)
	if len(o.store.sessions) != 0 {
		t.Error("kept a session that is over")
	}

	busy := o.enterAs(m.Name, secret)
	for range 12*60/20 - 1 {
		o.pass(20 * time.Minute)
		there(busy)
	}
	o.pass(20 * time.Minute)
	gone(busy)

	left := o.enterAs(m.Name, secret)
	for range 2 {
		if err := o.SignOut(t.Context(), left); err != nil {
			t.Error(err)
		}
	}
	gone(left)
	gone("nonsense")

	half, err := o.SignIn(t.Context(), m.Name, goodPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	o.pass(10 * time.Minute)
	_, err = o.HalfSession(t.Context(), half)
	checkKey(t, err, fault.NotFound, "people.signed_out")
}

func TestSeenIsWrittenAtMostOnceAMinute(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	token := o.enterAs(m.Name, secret)
	for range 13 { // two minutes
		if _, _, err := o.Session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		o.pass(10 * time.Second)
	}
	if o.store.updates != 2 {
		t.Errorf("wrote %d times, want 2", o.store.updates)
	}
}

func TestExpireForgetsSessions(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	o.enterAs(m.Name, secret)
	o.pass(31 * time.Minute)
	fresh := o.enterAs(m.Name, secret)
	if n, err := o.Expire(t.Context()); err != nil || n != 1 {
		t.Errorf("forgot %d, %v; want 1", n, err)
	}
	if _, _, err := o.Session(t.Context(), fresh); err != nil {
		t.Error(err)
	}
}

func TestGenuine(t *testing.T) {
	s := Session{CSRF: "abc"}
	if !s.Genuine("abc") || s.Genuine("abd") || s.Genuine("") || (Session{}).Genuine("") {
		t.Error("took a form that is not from its own page, or refused one that is")
	}
}

func TestTokensAreRandom(t *testing.T) {
	o := newOffice(t)
	seen := map[string]bool{}
	for range 1000 {
		token, hash, err := o.token()
		if err != nil || len(token) != 43 || len(hash) != 64 || seen[token] || strings.Contains(hash, token) { // 32 bytes
			t.Fatalf("%q, %q, %v", token, hash, err)
		}
		seen[token] = true
	}
	o.with.Rand = strings.NewReader("too short")
	if token, _, err := o.token(); err == nil || token != "" {
		t.Errorf("without chance: %q, %v", token, err)
	}
}

// readOnly can be read and not written to.
type readOnly struct{ SessionStore }

func (readOnly) UpdateSession(context.Context, string, func(*Session) error) (Session, error) {
	return Session{}, fault.New(fault.Unavailable, "store.unavailable")
}

func (readOnly) DeleteSession(context.Context, string) error {
	return fault.New(fault.Unavailable, "store.unavailable")
}

func TestStaffReadOnWhileNothingCanBeWritten(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	token := o.enterAs(m.Name, secret)
	o.with.Sessions = readOnly{o.store}
	o.pass(20 * time.Minute)
	if _, one, err := o.Session(t.Context(), token); err != nil || one.Staff != m.ID {
		t.Errorf("%+v, %v", one, err)
	}
	o.pass(20 * time.Minute)
	_, _, err := o.Session(t.Context(), token)
	checkKey(t, err, fault.NotFound, "people.signed_out")
}

func TestALockEndsThoughTheClockIsPutBack(t *testing.T) {
	o := newOffice(t)
	var m Staff
	for range freeFailures + 20 {
		m.fail(o.time())
	}
	if !m.lockedAt(o.time()) {
		t.Fatal("not locked")
	}
	if m.lockedAt(o.time().Add(-30 * 24 * time.Hour)) {
		t.Error("locked for as long as the clock was put back")
	}
}

func TestAnAuthenticatorThatNoSecretOpens(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	half, err := o.SignIn(t.Context(), m.Name, goodPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	o.with.Secrets = NewSecrets()
	_, err = o.Enter(t.Context(), half, o.code(secret))
	checkKey(t, err, fault.Invalid, "people.code_lost")
}
