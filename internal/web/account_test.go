package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sayso/internal/people"
)

// owner is a member of staff who signed in by passphrase and code.
type owner struct {
	*person
	w                        *world
	name, passphrase, secret string
}

// owner invites somebody who accepts and signs in.
func (w *world) owner(t *testing.T, name string) *owner {
	t.Helper()
	token, err := w.staff.Invite(t.Context(), people.CommandLine(), name, people.Author, "north-vale")
	must(t, err)
	e, err := w.staff.Enrol(t.Context(), token)
	must(t, err)
	o := &owner{w: w, person: w.somebody(t), name: name, passphrase: "six small boats on the river", secret: e.Secret}
	code, err := totp.GenerateCode(o.secret, w.clock.Now())
	must(t, err)
	_, err = w.staff.Accept(t.Context(), token, o.passphrase, code)
	must(t, err)
	o.signsIn(o.person)
	return o
}

// code is what the authenticator shows, a minute later: each works once.
func (o *owner) code() string {
	o.t.Helper()
	o.w.clock.passes(time.Minute)
	code, err := totp.GenerateCode(o.secret, o.w.clock.Now())
	must(o.t, err)
	return code
}

// signsIn signs in with the browser.
func (o *owner) signsIn(p *person) *person {
	o.t.Helper()
	p.opens("/staff/sign-in").types("name", o.name).types("passphrase", o.passphrase).presses("main form button")
	return p.isAt("/staff/code?next=%2Fstaff").types("code", o.code()).presses("main form button").isAt("/staff")
}

const save = "form[action='/staff/me/passphrase'] button"

func TestStaffChangeTheirPassphrase(t *testing.T) {
	w := newWorld(t)
	o := w.owner(t, "a@example")
	elsewhere, before := o.signsIn(w.somebody(t)), o.cookies["staff"]
	o.opens("/staff").clicks("nav.s-nav a[href='/staff/me']").gets(http.StatusOK).sees("main h1", "Your sign-in")
	o.types("old", o.passphrase).types("code", o.code()).types("passphrase", "nine otters read by lamplight").presses(save)
	o.isAt("/staff/me?done=passphrase").gets(http.StatusOK).sees("main [role=status]", "Your passphrase is changed.")
	if o.cookies["staff"] == before {
		t.Error("the session has the same token as before")
	}
	elsewhere.opens("/staff/me").sees("main h1", "Staff sign in")
	if again := w.somebody(t).opens("/staff/sign-in").types("name", o.name).types("passphrase", o.passphrase).presses("main form button"); again.status != http.StatusUnprocessableEntity {
		t.Errorf("the old passphrase: %d", again.status)
	}
	o.passphrase = "nine otters read by lamplight"
	o.signsIn(w.somebody(t))
	admin := w.member(t, people.Administrator, "")
	admin.opens("/staff/audit").sees("main tbody", "changed their own passphrase")
}

func TestMistakesInChangingThePassphrase(t *testing.T) {
	w := newWorld(t)
	o := w.owner(t, "a@example")
	tries := func(old, code, passphrase, field, sentence string) {
		t.Helper()
		o.opens("/staff/me").types("old", old).types("code", code).types("passphrase", passphrase).presses(save)
		o.gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary a[href='#"+field+"']", sentence)
		o.sees(".nhsuk-form-group--error:has(#"+field+") #error", sentence).hasTyped("code", code)
		o.hasTyped("old", "").hasTyped("passphrase", "")
		o.sees("main .nhsuk-error-summary", sentence).seesNo("main [role=status]")
	}
	code := o.code()
	tries("", "", "", "passphrase", "This is your passphrase already.")
	tries(o.passphrase, code, "too short", "passphrase", "at least 15")
	tries(o.passphrase, code, o.passphrase, "passphrase", "already")
	tries(o.passphrase, code, "North Vale children 2027", "passphrase", "Whoever knows your work")
	tries(o.passphrase, code, "qwertyuiopasdfghjkl", "passphrase", "Rows of keys")
	tries("six small boats on the lake", code, "nine otters read by lamplight", "old", "not the passphrase you use now")
	tries(o.passphrase, "000000x", "nine otters read by lamplight", "code", "That code did not work.")
	o.opens("/staff/me").types("old", o.passphrase).types("code", code).types("passphrase", "nine otters read by lamplight").presses(save)
	o.isAt("/staff/me?done=passphrase")
}

// TestGuessingTheOldPassphraseIsLimited guesses in a session that somebody left open.
func TestGuessingTheOldPassphraseIsLimited(t *testing.T) {
	w := newWorld(t)
	o := w.owner(t, "a@example")
	guess := func() *person {
		return o.opens("/staff/me").types("old", "six small boats on the lake").types("code", "123456").types("passphrase", "nine otters read by lamplight").presses(save)
	}
	for range 5 {
		guess().gets(http.StatusUnprocessableEntity)
	}
	guess().gets(http.StatusTooManyRequests).sees(".nhsuk-error-summary a[href='#change']", "Too many wrong tries.").sees("#change", "")
	form := url.Values{"_csrf": {w.token(t, o.person)}, "old": {"six small boats on the lake"}, "passphrase": {"too short"}}
	for range 100 {
		o.sends(http.MethodPost, "/staff/me/passphrase", form)
	}
	guess().gets(http.StatusTooManyRequests).sees(".nhsuk-error-summary", "1")
	if got := w.somebody(t).sends(http.MethodPost, "/staff/sign-in", url.Values{"name": {"b"}, "passphrase": {"c"}}); got.status != http.StatusTooManyRequests {
		t.Errorf("guessing at the sign-in from there: %d", got.status)
	}
}

func TestStaffWithoutAPassphraseAreTold(t *testing.T) {
	w := newWorld(t)
	p := w.member(t, people.Board, "north-vale").opens("/staff/me").gets(http.StatusOK)
	p.seesNo("main input[type=password]").sees("main", "you have no passphrase")
	form := url.Values{"_csrf": {w.token(t, p)}, "passphrase": {"nine otters read by lamplight"}}
	p.follows("/staff/me/passphrase", p.sends(http.MethodPost, "/staff/me/passphrase", form))
	p.gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "you have no passphrase")
}

func TestStaffEndTheirOwnSessions(t *testing.T) {
	w := newWorld(t)
	o := w.owner(t, "a@example")
	var elsewhere [3]*person
	for i := range elsewhere {
		elsewhere[i] = o.signsIn(w.somebody(t))
	}
	stranger := w.owner(t, "b@example")
	const end = "form[action='/staff/me/sessions'] tbody button"
	o.opens("/staff/me").sees("tbody tr:last-child", "This one").sees("tbody tr:last-child td:first-child", "22 November 2026 13:48")
	if n := o.page.Find(end).Length(); n != 3 || o.page.Find("tbody tr").Length() != 4 {
		t.Fatalf("%d of %d sessions can be ended", n, o.page.Find("tbody tr").Length())
	}
	o.presses(end).isAt("/staff/me?done=sessions").sees("main [role=status]", "must sign in again")
	elsewhere[2].opens("/staff").sees("main h1", "Staff sign in")
	elsewhere[1].opens("/staff").isAt("/staff")

	_, theirs, err := w.staff.Session(t.Context(), stranger.cookies["staff"])
	must(t, err)
	for _, handle := range []string{theirs.Handle(), "nonsense"} {
		form := url.Values{"_csrf": {w.token(t, o.person)}, "session": {handle}}
		if got := o.sends(http.MethodPost, "/staff/me/sessions", form); got.status != http.StatusSeeOther {
			t.Errorf("ending %s: %d", handle, got.status)
		}
	}
	stranger.opens("/staff/me").isAt("/staff/me").seesNo("main form[action='/staff/me/sessions'] button")

	o.opens("/staff/me").presses("form[action='/staff/me/sessions'] > button").isAt("/staff/me?done=sessions")
	if n := o.page.Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d sessions are left", n)
	}
	for _, p := range elsewhere {
		p.opens("/staff").sees("main h1", "Staff sign in")
	}
	stranger.opens("/staff").isAt("/staff")
	if hash := theirs.Hash; len(theirs.Handle()) >= len(hash)/2 {
		t.Error("a page shows most of a session's hash")
	}
}

// TestSigningOutClearsTheBrowser signs out of a browser that has cookies of other kinds, and signs in again.
func TestSigningOutClearsTheBrowser(t *testing.T) {
	w := newWorld(t)
	o := w.owner(t, "a@example")
	o.begins("worries", "self")
	o.opens("/staff?lang=pl").opens("/staff")
	kept := len(o.cookies)
	got := o.sends(http.MethodPost, "/staff/sign-out", url.Values{"_csrf": {w.token(t, o.person)}})
	if clears := got.header.Get("Clear-Site-Data"); got.status != http.StatusSeeOther || clears != `"cache"` {
		t.Errorf("%d with Clear-Site-Data: %s", got.status, clears)
	}
	if _, has := o.cookies["staff"]; has || len(o.cookies) != kept-1 {
		t.Errorf("cookies are %v", o.cookies)
	}
	o.opens("/staff/sign-in").sees("html[lang=pl] main h1", "Logowanie")
	if other := o.opens("/help").header.Get("Clear-Site-Data"); other != "" {
		t.Errorf("another page clears %s", other)
	}
	o.signsIn(o.person)
}
