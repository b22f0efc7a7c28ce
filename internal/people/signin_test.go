package people

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sayso/internal/fault"
)

func TestSigningInTakesBothSteps(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	half, err := o.SignIn(t.Context(), " A@B.example", goodPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = o.Session(t.Context(), half)
	checkKey(t, err, fault.NotFound, "people.signed_out")
	first, err := o.HalfSession(t.Context(), half)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.Enter(t.Context(), half, "000000x")
	checkKey(t, err, fault.Invalid, "people.wrong_code")
	code := o.code(secret)
	full, err := o.Enter(t.Context(), half, code[:3]+" "+code[3:])
	if err != nil {
		t.Fatal(err)
	}
	who, session, err := o.Session(t.Context(), full)
	if err != nil || who.ID != m.ID || who.Failures != 0 || !session.Entered || session.CSRF == first.CSRF || full == half {
		t.Errorf("%+v, %+v, %v", who, session, err)
	}
	if _, ok := o.store.sessions[full]; ok || len(o.store.sessions) != 1 {
		t.Errorf("kept %d sessions, or a token in the clear", len(o.store.sessions))
	}
	_, err = o.HalfSession(t.Context(), half)
	checkKey(t, err, fault.NotFound, "people.signed_out")
	_, err = o.Enter(t.Context(), full, o.code(secret))
	checkKey(t, err, fault.NotFound, "people.signed_out")
	if got := o.acts(); !slices.Equal(got, []string{"invited", "accepted", "sign_in_failed", "signed_in"}) {
		t.Errorf("recorded %v", got)
	}
}

func TestACodeWorksOnce(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	code := o.code(secret)
	o.enterAs(m.Name, secret)
	half, err := o.SignIn(t.Context(), m.Name, goodPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.Enter(t.Context(), half, code)
	checkKey(t, err, fault.Invalid, "people.wrong_code")
}

func TestCodesMayBeOneStepOff(t *testing.T) {
	secret := []byte("12345678901234567890") // of RFC 6238, appendix B, whose codes end in these six digits
	at := time.Unix(1111111109, 0)
	for typed, want := range map[string]bool{"081804": true, "٠٨١٨٠٤": true, "081 804": true, "81804": false, "": false} {
		if _, ok := codeStep(secret, typed, at, 0); ok != want {
			t.Errorf("%q: %v", typed, ok)
		}
	}
	for off, want := range map[time.Duration]bool{-60 * time.Second: false, -30 * time.Second: true, 30 * time.Second: true, 60 * time.Second: false} {
		if _, ok := codeStep(secret, "081804", at.Add(off), 0); ok != want {
			t.Errorf("%v off: %v", off, ok)
		}
	}
	if _, ok := codeStep(secret, "081804", at, 1111111109/30); ok {
		t.Error("a used code worked")
	}
}

func TestLockGrows(t *testing.T) {
	for failures, minutes := range map[int]int{0: 0, 4: 0, 5: 1, 6: 2, 7: 4, 8: 8, 9: 15, 10: 15, 1 << 40: 15} {
		if got := lockFor(failures); got != time.Duration(minutes)*time.Minute {
			t.Errorf("%d failures lock for %v, want %d minutes", failures, got, minutes)
		}
	}
}

func TestAllFailuresOfTheFirstStepLookTheSame(t *testing.T) {
	o := newOffice(t)
	m, _ := o.hire("a@b.example", Analyst, "north")
	refused := func(name, passphrase string) {
		t.Helper()
		_, err := o.SignIn(t.Context(), name, passphrase)
		checkKey(t, err, fault.Invalid, "people.wrong_sign_in")
		if f, ok := errors.AsType[*fault.Error](err); !ok || f.Args != nil {
			t.Errorf("the fault says more: %v", err)
		}
	}
	refused("nobody@b.example", goodPassphrase)
	refused(m.Name, strings.Repeat("x", 5000))
	for range 4 {
		refused(m.Name, "wrong")
	}
	refused(m.Name, goodPassphrase) // locked
	recorded := len(o.store.entries)
	refused(m.Name, "wrong")
	if kept, _ := o.store.Staff(t.Context(), m.ID); kept.Failures != 5 || len(o.store.entries) != recorded {
		t.Errorf("%d failures and %d entries: counted while locked", kept.Failures, len(o.store.entries))
	}
	o.pass(time.Minute)
	if _, err := o.SignIn(t.Context(), m.Name, goodPassphrase); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if err := o.Disable(t.Context(), CommandLine(), m.ID); err != nil {
		t.Fatal(err)
	}
	refused(m.Name, goodPassphrase)
}

func TestWrongCodesLockToo(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	var half string
	for i := range 5 {
		if i%2 == 0 { // the passphrase again does not clear the failures
			var err error
			if half, err = o.SignIn(t.Context(), m.Name, goodPassphrase); err != nil {
				t.Fatal(err)
			}
		}
		_, err := o.Enter(t.Context(), half, "x")
		checkKey(t, err, fault.Invalid, "people.wrong_code")
	}
	o.pass(30 * time.Second)
	_, err := o.Enter(t.Context(), half, o.code(secret))
	checkKey(t, err, fault.TooMany, "people.locked")
	if f, ok := errors.AsType[*fault.Error](err); !ok || f.Args["Minutes"] != 1 {
		t.Errorf("%v", f.Args)
	}
	o.pass(30 * time.Second)
	if _, err := o.Enter(t.Context(), half, o.code(secret)); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if kept, _ := o.store.Staff(t.Context(), m.ID); kept.Failures != 0 || !kept.LockedTo.IsZero() {
		t.Errorf("kept %d failures to %v", kept.Failures, kept.LockedTo)
	}
}

func TestManyCodesAtOnceCountLikeInARow(t *testing.T) {
	o := newOffice(t)
	m, _ := o.hire("a@b.example", Analyst, "north")
	half, err := o.SignIn(t.Context(), m.Name, goodPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	var wrong, locked atomic.Int32
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			switch _, err := o.Enter(t.Context(), half, fmt.Sprint("x", i)); fault.KindOf(err) {
			case fault.Invalid:
				wrong.Add(1)
			case fault.TooMany:
				locked.Add(1)
			}
		})
	}
	wg.Wait()
	if wrong.Load() != 5 || locked.Load() != 45 {
		t.Errorf("%d tried and %d locked, want 5 and 45", wrong.Load(), locked.Load())
	}
}

func TestAuthenticatorsMoveToTheNewestSecret(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	newest := NewSecrets()
	o.with.Secrets = newest.Before(o.with.Secrets)
	o.enterAs(m.Name, secret)
	o.with.Secrets = newest
	o.pass(time.Minute)
	o.enterAs(m.Name, secret)
}

func TestAnAuthenticatorBelongsToItsMember(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	other, _ := o.hire("b@b.example", Analyst, "north")
	other.TOTP = m.TOTP // by somebody who can write to the store
	o.store.staff[other.ID] = other
	half, err := o.SignIn(t.Context(), other.Name, goodPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Enter(t.Context(), half, o.code(secret)); !errors.Is(err, errSealed) {
		t.Errorf("entered with the authenticator of somebody else: %v", err)
	}
}
