package people

import (
	"slices"
	"testing"
	"time"

	"sayso/internal/fault"
)

const newPassphrase = "nine otters read by lamplight"

// changes tries to change the passphrase of who is signed in by the token.
func (o *office) changes(token string, c Change) (string, error) {
	o.t.Helper()
	m, _, err := o.Session(o.t.Context(), token)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.ChangePassphrase(o.t.Context(), m, c)
}

func TestChangingThePassphrase(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	other := o.enterAs(m.Name, secret)
	o.pass(time.Minute)
	here := o.enterAs(m.Name, secret)
	half, err := o.SignIn(t.Context(), m.Name, goodPassphrase)
	if err != nil {
		t.Fatal(err)
	}
	invitation, err := o.Recover(t.Context(), CommandLine(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	o.pass(time.Minute)
	_, before, err := o.Session(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := o.changes(here, Change{Old: goodPassphrase, Code: o.code(secret), New: newPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	if _, after, err := o.Session(t.Context(), fresh); err != nil || after.CSRF == before.CSRF || after.Hash == before.Hash {
		t.Errorf("the session is not a new one: %v", err)
	}
	for name, token := range map[string]string{"this": here, "another": other} {
		_, _, err := o.Session(t.Context(), token)
		if checkKey(t, err, fault.NotFound, "people.signed_out"); t.Failed() {
			t.Fatalf("%s session is still there", name)
		}
	}
	_, err = o.HalfSession(t.Context(), half)
	checkKey(t, err, fault.NotFound, "people.signed_out")
	_, err = o.Enrol(t.Context(), invitation)
	checkKey(t, err, fault.NotFound, "people.invitation_gone")
	_, err = o.SignIn(t.Context(), m.Name, goodPassphrase)
	checkKey(t, err, fault.Invalid, "people.wrong_sign_in")
	if _, err := o.SignIn(t.Context(), m.Name, newPassphrase); err != nil {
		t.Error(err)
	}
	want := []string{"invited", "accepted", "signed_in", "signed_in", "invited", "passphrase_changed", "sign_in_failed"}
	if got := o.acts(); !slices.Equal(got, want) {
		t.Errorf("recorded %v", got)
	}
}

func TestChangingThePassphraseRefuses(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	token := o.enterAs(m.Name, secret)
	o.pass(time.Minute)
	code := o.code(secret)
	for name, c := range map[string]struct {
		Change
		key string
	}{
		"nothing":           {Change{}, "people.passphrase_same"},
		"no new one":        {Change{Old: goodPassphrase, Code: code}, "people.passphrase_short"},
		"the same":          {Change{goodPassphrase, code, goodPassphrase}, "people.passphrase_same"},
		"a common one":      {Change{goodPassphrase, code, "correct horse battery staple"}, "people.passphrase_common"},
		"one of their area": {Change{goodPassphrase, code, "north hill children 2027"}, "people.passphrase_ours"},
	} {
		if _, err := o.changes(token, c.Change); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		} else {
			checkKey(t, err, fault.Invalid, c.key)
		}
	}
	if kept, _ := o.store.Staff(t.Context(), m.ID); kept.Failures != 0 || len(o.acts()) != 3 {
		t.Errorf("what is wrong with the new one counted: %d, %v", kept.Failures, o.acts())
	}
	_, err := o.changes(token, Change{"not the one that I have", code, newPassphrase})
	checkKey(t, err, fault.Invalid, "people.wrong_old")
	_, err = o.changes(token, Change{goodPassphrase, "000000x", newPassphrase})
	checkKey(t, err, fault.Invalid, "people.wrong_code")
	kept, err := o.store.Staff(t.Context(), m.ID)
	if err != nil || kept.Passphrase != m.Passphrase || kept.Failures != 2 {
		t.Errorf("%+v, %v", kept, err)
	}
	if got := o.acts()[3:]; !slices.Equal(got, []string{"passphrase_refused", "passphrase_refused"}) {
		t.Errorf("recorded %v", got)
	}
	if _, err = o.changes(token, Change{goodPassphrase, code, newPassphrase}); err != nil {
		t.Errorf("the code was used up by tries that failed: %v", err)
	}
}

// TestGuessingTheOldPassphraseLocks tries passphrases in a session that somebody left open.
func TestGuessingTheOldPassphraseLocks(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	token := o.enterAs(m.Name, secret)
	o.pass(time.Minute)
	for range freeFailures + 1 {
		_, err := o.changes(token, Change{"not the one that I have", o.code(secret), newPassphrase})
		checkKey(t, err, fault.Invalid, "people.wrong_old")
	}
	for _, old := range []string{"not the one that I have", goodPassphrase} {
		_, err := o.changes(token, Change{old, o.code(secret), newPassphrase})
		checkKey(t, err, fault.TooMany, "people.locked")
	}
	_, err := o.SignIn(t.Context(), m.Name, goodPassphrase)
	checkKey(t, err, fault.Invalid, "people.wrong_sign_in")
	o.pass(time.Minute)
	if _, err := o.changes(token, Change{goodPassphrase, o.code(secret), newPassphrase}); err != nil {
		t.Error(err)
	}
	if kept, err := o.store.Staff(t.Context(), m.ID); err != nil || kept.Failures != 0 || !kept.LockedTo.IsZero() {
		t.Errorf("%+v, %v", kept, err)
	}
}

func TestACodeThatChangesThePassphraseIsUsed(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	code := o.code(secret)
	token := o.enterAs(m.Name, secret)
	_, err := o.changes(token, Change{goodPassphrase, code, newPassphrase})
	checkKey(t, err, fault.Invalid, "people.wrong_code")
	o.pass(time.Minute)
	code = o.code(secret)
	if token, err = o.changes(token, Change{goodPassphrase, code, newPassphrase}); err != nil {
		t.Fatal(err)
	}
	_, err = o.changes(token, Change{newPassphrase, code, goodPassphrase})
	checkKey(t, err, fault.Invalid, "people.wrong_code")
}

func TestWhoHasNoPassphraseCannotChangeIt(t *testing.T) {
	o := newOffice(t, WithOneTimeLinks())
	link, err := o.OneTimeLink(t.Context(), "a@b.example", Analyst, "north")
	if err != nil {
		t.Fatal(err)
	}
	token, err := o.FollowLink(t.Context(), link)
	if err != nil {
		t.Fatal(err)
	}
	_, err = o.changes(token, Change{"", "", newPassphrase})
	checkKey(t, err, fault.Invalid, "people.no_passphrase")
}

func TestOwnSessions(t *testing.T) {
	o := newOffice(t)
	m, secret := o.hire("a@b.example", Analyst, "north")
	n, another := o.hire("c@d.example", Analyst, "north")
	theirs := o.enterAs(n.Name, another)
	var tokens []string
	var all []Session
	for range 4 {
		o.pass(10 * time.Minute)
		tokens = append(tokens, o.enterAs(m.Name, secret))
		_, one, err := o.Session(t.Context(), tokens[len(tokens)-1])
		if err != nil {
			t.Fatal(err)
		}
		all = append([]Session{one}, all...)
	}
	o.pass(time.Minute) // the first one has been idle for too long
	if _, err := o.SignIn(t.Context(), m.Name, goodPassphrase); err != nil {
		t.Fatal(err)
	}
	lists := func(want ...Session) {
		t.Helper()
		if got, err := o.OwnSessions(t.Context(), m); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%+v, %v; want %+v", got, err, want)
		}
	}
	lists(all[:3]...)
	foreign := Session{Hash: hashToken(theirs)}
	for _, handle := range []string{foreign.Handle(), all[1].Hash, all[1].Handle()[:8], "", "nonsense"} {
		if err := o.EndSession(t.Context(), m, handle); err != nil {
			t.Error(err)
		}
	}
	lists(all[:3]...)
	if len(o.store.sessions) != 6 {
		t.Errorf("%d sessions are kept, another's or a half one was ended", len(o.store.sessions))
	}
	for range 2 {
		if err := o.EndSession(t.Context(), m, all[1].Handle()); err != nil {
			t.Error(err)
		}
	}
	lists(all[0], all[2])
	if err := o.EndOtherSessions(t.Context(), m, all[2]); err != nil {
		t.Error(err)
	}
	lists(all[2])
	if len(o.store.sessions) != 2 {
		t.Errorf("%d sessions are kept, want one of each member", len(o.store.sessions))
	}
	acts := o.acts()
	if got := acts[len(acts)-2:]; !slices.Equal(got, []string{"sessions_ended", "sessions_ended"}) {
		t.Errorf("recorded %v", acts)
	}
}
