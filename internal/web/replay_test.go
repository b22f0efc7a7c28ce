package web_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"sayso/internal/admission"
	"sayso/internal/archive"
	"sayso/internal/people"
	"sayso/internal/preview"
	"sayso/internal/report"
	"sayso/internal/web"
)

// counted are the documents of each collection that acts change; the audit log only ever grows.
func (w *world) counted(t *testing.T) map[string]int {
	t.Helper()
	w.codes.Wait()
	sums, err := archive.Measure(t.Context(), w.file)
	must(t, err)
	counts := map[string]int{}
	for name, sum := range sums {
		if name != "audit" {
			counts[name] = sum.Count
		}
	}
	return counts
}

// acts is a world with somebody who does everything that a form can do.
type acts struct {
	*walk
	admin *person
}

// filled is somebody in front of the page with the form of the route, and what they send, rightly filled in. A route
// it does not know fails the test, so that every new form is sent twice.
func (a *acts) filled(t *testing.T, r web.Route) (p *person, path string, form url.Values) {
	t.Helper()
	p, path, form = a.somebody(t), a.path(t, r), url.Values{}
	if r.Guard.Staff {
		p = a.admin
		form.Set("_csrf", a.token(t, p))
	}
	switch r.Pattern {
	case "/leave", "/staff/sign-out", "/preview/:token", "/staff/surveys/:survey/preview", "/staff/budgets/:budget/preview":
	case "/preview/leave":
		p.sends(http.MethodPost, "/preview/"+a.previewToken(t, preview.Sheet{Survey: "worries"}), url.Values{})
	case "/s/:survey/who":
		form.Set("voice", "self")
	case "/s/:survey/q/:question":
		p.begins("worries", "self")
		form.Set("choice", "4")
	case "/s/:survey/check", "/s/:survey/finish":
		p.answersWorries()
	case "/s/:survey/take-back":
		p.answersWorries().continues()
	case "/b/:budget/who":
		form.Set("voice", "self")
	case "/b/:budget/vote":
		p.votesIn("early-help", "self")
		form.Set("project", "mentors")
		form.Set("act", "add")
	case "/b/:budget/way":
		p.votesIn("early-help", "self")
		form.Set("way", "2")
	case "/b/:budget/about/:about":
		p.votesIn("early-help", "self")
		form.Set("choice", "12-15")
	case "/b/:budget/finish", "/b/:budget/take-back":
		p.votesIn("early-help", "self")
	case "/i":
		form.Set("code", a.handsOut(t, admission.Survey(closedID), 1)[0].String())
	case "/staff/surveys/:survey/codes", "/staff/budgets/:budget/codes":
		form.Set("name", "Year 6")
		form.Set("count", "12")
	case "/staff/surveys/:survey/codes/:batch", "/staff/budgets/:budget/codes/:batch":
		form.Set("act", "cancel")
	case "/key":
		form.Set("words", a.somebody(t).begins("worries", "self").opens("/s/worries/key").key())
	case "/key/pictures":
		form = url.Values{"at": {"1"}, "pick": {furnished().library.Keys.All()[0].ID}}
	case "/k":
		form = url.Values{"exercise": {"s/worries"}, "language": {"en"}, "minutes": {"5"}, "pin": {"2468"}, "again": {"2468"}}
	case "/k/start":
		p.shares("s/worries", "en")
	case "/k/finish", "/k/here":
		p.shares("s/worries", "en").starts()
		form.Set("_sitting", p.page.Find("#still").AttrOr("data-sitting", ""))
	case "/k/leave":
		p.shares("s/worries", "en")
		form.Set("pin", "2468")
	case "/staff/sign-in", "/staff/code", "/staff/invite/:token":
		return a.enters(t, r.Pattern)
	case "/staff/link/:token":
	case "/staff/me/passphrase":
		return a.changesPassphrase(t)
	case "/staff/me/sessions":
		a.member(t, people.Administrator, "") // signs in elsewhere too
	case "/staff/surveys/:survey/reports":
		path = "/staff/surveys/speech-therapy/reports"
	case "/staff/surveys/:survey/reports/:number/quotes":
		form.Set("quote", a.preview(t).Quotes[0].ID)
		form.Set("decision", "keep")
	case "/staff/surveys/:survey/reports/:number/decide":
		form.Set("act", "approve")
	case "/staff/surveys/:survey/reports/:number/reply":
		form = url.Values{"_csrf": form["_csrf"], "theme": {a.preview(t).Themes[0].ID}, "kind": {string(report.ReplyKinds[0])}, "text": {"We read it."}, "by": {"2027-01-01"}}
	case "/staff/budgets/:budget/interim":
		must(t, a.castVotesOf(t.Context(), 11, "standing", 60)) // others than before
	case "/staff/budgets/:budget/counts":
	case "/staff/budgets/:budget/counts/:number/decide":
		path = a.newestCount(t, "/decide")
		form.Set("act", "approve")
	case "/staff/budgets/:budget/counts/:number/board":
		path = a.newestCount(t, "/board")
		form.Set("why", "There was not enough money for more.")
	case "/staff/budgets/:budget/counts/:number/told":
		path = "/staff/budgets/summer/counts/1/told"
		p, err := a.ballots.Public(t.Context(), "summer")
		must(t, err)
		form = url.Values{"_csrf": form["_csrf"], "project": {p.Funded()[0]}, "state": {"begun"}, "text": {"We began."}}
	case "/staff/budgets/:budget/paper":
		form = url.Values{"_csrf": form["_csrf"], "number": {"3"}, "way": {"1"}, "lang": {"ur"}, "seed": {"00112233445566778899aabbccddeeff"}}
	case "/staff/budgets/:budget/paper/leave-out":
	case "/staff/budgets/:budget/paper/:sheet":
		form = url.Values{"_csrf": form["_csrf"], "seen": {"blank"}, "voice": {"helped"}, "p-mentors": {"yes"}}
	case "/staff/budgets/:budget/paper/:sheet/settle":
		path = "/staff/budgets/early-help/paper/" + a.sheetTypedTwice(t).String() + "/settle"
		form.Set("act", "again")
	case "/staff/people":
		form = url.Values{"_csrf": form["_csrf"], "name": {"twice@example"}, "role": {"author"}, "area": {"north-vale"}}
	case "/staff/people/:id":
		form.Set("act", "disable")
	default:
		t.Fatalf("the test knows nothing to send to %s", r.Pattern)
	}
	return p, path, form
}

// newestCount is the path of what is done with the newest count of the exercise that has closed.
func (a *acts) newestCount(t *testing.T, act string) string {
	t.Helper()
	all, err := a.ballots.Outcomes(t.Context(), "winter")
	must(t, err)
	return "/staff/budgets/winter/counts/" + strconv.Itoa(all[0].Number) + act
}

// enters becomes staff, as far as the form of the pattern.
func (a *acts) enters(t *testing.T, pattern string) (p *person, path string, form url.Values) {
	t.Helper()
	const passphrase = "six small boats on the river"
	name := "member-of" + strings.NewReplacer("/", "-", ":", "").Replace(pattern) + "@example"
	token, err := a.staff.Invite(t.Context(), people.CommandLine(), name, people.Author, "north-vale")
	must(t, err)
	e, err := a.staff.Enrol(t.Context(), token)
	must(t, err)
	code := func(later time.Duration) string {
		code, err := totp.GenerateCode(e.Secret, a.clock.Now().Add(later))
		must(t, err)
		return code
	}
	p, path, form = a.somebody(t), "/staff/invite/"+token, url.Values{"passphrase": {passphrase}, "code": {code(0)}}
	if pattern == "/staff/invite/:token" {
		return p, path, form
	}
	p.sends(http.MethodPost, path, form)
	path, form = "/staff/sign-in", url.Values{"name": {name}, "passphrase": {passphrase}}
	if pattern == path {
		return p, path, form
	}
	p.sends(http.MethodPost, path, form)
	return p, "/staff/code", url.Values{"code": {code(30 * time.Second)}}
}

// changesPassphrase signs in with both steps and fills in the form of the own page.
func (a *acts) changesPassphrase(t *testing.T) (p *person, path string, form url.Values) {
	t.Helper()
	o := a.owner(t, "replay@example")
	return o.person, "/staff/me/passphrase", url.Values{"_csrf": {a.token(t, o.person)}, "old": {o.passphrase}, "code": {o.code()},
		"passphrase": {"nine otters read by lamplight"}}
}

func (a *acts) preview(t *testing.T) report.Published {
	t.Helper()
	r, err := a.reports.Record(t.Context(), "worries", 1)
	must(t, err)
	p, err := r.Preview(true)
	must(t, err)
	return p
}

// refusedKindly are the answers to what cannot be done any more.
var refusedKindly = append(slices.Clone(served), http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusTooManyRequests)

// TestReplayedForms sends every form twice, rightly filled in, with the cookies of the first time and with those from
// before it: the second time changes nothing.
func TestReplayedForms(t *testing.T) {
	a := &acts{walk: newWalk(t)}
	for _, r := range web.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		t.Run(r.Pattern, func(t *testing.T) {
			a.admin = a.member(t, people.Administrator, "")
			p, path, form := a.filled(t, r)
			before := maps.Clone(p.cookies)
			if first := p.sends(http.MethodPost, path, form); first.status != http.StatusSeeOther && first.status != http.StatusOK {
				t.Fatalf("the first time: %d\n%s", first.status, p.shows(path, first).main())
			}
			for name, cookies := range map[string]map[string]string{"its cookies": maps.Clone(p.cookies), "those from before": before} {
				once := a.counted(t)
				p.cookies = maps.Clone(cookies)
				again := p.sends(http.MethodPost, path, form)
				if !slices.Contains(refusedKindly, again.status) {
					t.Errorf("with %s: %d", name, again.status)
				}
				begins := strings.HasSuffix(r.Pattern, "/who") && name == "those from before" // without a ticket it is somebody else
				twice := a.counted(t)
				if strings.HasSuffix(r.Pattern, "/reports") { // a snapshot takes the place of the one that waits: TestOneSnapshotWaitsAtMost
					twice["reports"] = once["reports"]
				}
				if strings.HasSuffix(r.Pattern, "/counts") { // and so does a count
					twice["outcomes"] = once["outcomes"]
				}
				if !begins && !maps.Equal(once, twice) {
					t.Errorf("with %s there is more than once: %v, then %v", name, once, twice)
				}
			}
		})
	}
}

// TestWrongState tries every route when the survey has closed, its report is decided, and everything was sent: nothing
// of what people said changes but what they may always take back, and nobody meets a fault of ours.
func TestWrongState(t *testing.T) {
	w := newWalk(t)
	_, err := w.reports.Approve(t.Context(), people.CommandLine(), "worries", 1)
	must(t, err)
	sent, begun := w.somebody(t).answersWorries().continues(), w.somebody(t).begins("worries", "self")
	newest, err := w.surveys.Newest("worries")
	must(t, err)
	vote, err := w.ballots.Newest("early-help")
	must(t, err)
	for now := w.surveys.Today(); now <= max(newest.Closes, vote.Closes); now = w.surveys.Today() {
		w.clock.passes(day)
	}
	admin := w.member(t, people.Administrator, "")
	before := w.counted(t)
	for _, r := range web.Routes() {
		if strings.HasPrefix(r.Pattern, "/staff/people") || strings.HasPrefix(r.Pattern, "/staff/invite") || strings.HasPrefix(r.Pattern, "/staff/link") ||
			r.Pattern == "/staff/sign-out" || strings.HasSuffix(r.Pattern, "/take-back") {
			continue // they have no other state here: TestReplayedForms sends them twice
		}
		for name, p := range map[string]*person{"nobody": w.somebody(t), "who sent": sent, "who had begun": begun, "staff": admin} {
			form := url.Values{"voice": {"self"}, "choice": {"4"}, "act": {"refuse"}, "words": {"too late"}}
			if p == admin {
				form.Set("_csrf", w.token(t, admin))
			}
			if r.Method == http.MethodGet {
				form = nil
			}
			copied := *p // each route meets the cookies of this moment
			copied.t, copied.cookies = t, maps.Clone(p.cookies)
			if got := copied.sends(r.Method, w.path(t, r), form); !slices.Contains(refusedKindly, got.status) {
				t.Errorf("%s %s by %s: %d", r.Method, r.Pattern, name, got.status)
			}
		}
	}
	after := w.counted(t)
	after["reports"], after["outcomes"] = before["reports"], before["outcomes"]     // analysts may make one at any time
	after["codes"], after["code_batches"] = before["codes"], before["code_batches"] // each path of a code has a new one
	if !maps.Equal(before, after) {
		t.Errorf("there was %v, and is now %v", before, after)
	}
}
