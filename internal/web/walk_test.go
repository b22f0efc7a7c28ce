package web_test

import (
	"crypto/rand"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sayso/content"
	"sayso/internal/admission"
	"sayso/internal/ballot"
	"sayso/internal/people"
	"sayso/internal/preview"
	"sayso/internal/web"
	"sayso/static"
)

// visitor is somebody who tries every route: nobody in particular, or staff of a role and area.
type visitor struct {
	role people.Role
	area string
}

func (v visitor) String() string {
	if v.role == "" {
		return "nobody"
	}
	return string(v.role) + " of " + v.area
}

var visitors = []visitor{
	{}, {people.Administrator, "north-vale"}, {people.Author, "north-vale"}, {people.Analyst, "north-vale"}, {people.Board, "north-vale"},
	{people.Analyst, "harbour-coast"}, {people.Administrator, "harbour-coast"},
}

// walk is a world in which every route leads somewhere.
type walk struct {
	*world
	next  int
	code  people.Code // of a paper ballot that nobody has typed in
	known map[visitor]*person
}

func newWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{world: newWorld(t), known: map[visitor]*person{}}
	must(t, w.fill(t.Context(), 150, "getting-there"))
	_, err := w.reports.Make(t.Context(), people.CommandLine(), "worries")
	must(t, err)
	w.countVotes(t)
	w.publishClosed(t)
	w.code = w.sheet(t)
	return w
}

// countVotes makes the outcome of one budget exercise public, and has a count of another wait.
func (w *walk) countVotes(t *testing.T) {
	t.Helper()
	summer, err := w.ballots.Newest("summer")
	must(t, err)
	waiting := *summer
	waiting.ID = "winter"
	_, _, err = w.ballots.Publish(t.Context(), waiting)
	must(t, err)
	for _, id := range []string{"summer", "winter"} {
		must(t, w.castVotes(t.Context(), id, 60))
		_, err := w.ballots.Count(t.Context(), people.CommandLine(), id)
		must(t, err)
	}
	_, err = w.ballots.Approve(t.Context(), people.CommandLine(), "summer", 1)
	must(t, err)
	w.publishes(t, "standing", func(e *ballot.Exercise) {
		e.Results, e.Round, e.Place, e.VoteIn = ballot.WhileOpen, "spring", "hillbeck", ballot.InAll
	})
	must(t, w.castVotes(t.Context(), "standing", 60))
	_, err = w.ballots.CountEarly(t.Context(), people.CommandLine(), "standing")
	must(t, err)
}

// comes is the visitor with a browser in which a survey was begun. For what may end a session or a draft it is a fresh
// one.
func (w *walk) comes(t *testing.T, v visitor, r web.Route) *person {
	t.Helper()
	lasts := r.Method == http.MethodGet || r.Guard.Staff && r.Pattern != "/staff/sign-out"
	if p := w.known[v]; p != nil && lasts {
		p.t = t
		return p
	}
	p := w.somebody(t)
	if v.role != "" {
		p = w.member(t, v.role, v.area)
	}
	if lasts || strings.HasPrefix(r.Pattern, "/s/") {
		p.begins("worries", "self")
	}
	if lasts || strings.HasPrefix(r.Pattern, "/b/") {
		p.votesIn("early-help", "self")
	}
	if lasts {
		w.known[v] = p
	}
	return p
}

// path fills the parameters of the route with what there is; a parameter it does not know fails the test, so that
// every new route is walked.
func (w *walk) path(t *testing.T, r web.Route) string {
	t.Helper()
	return parameters.ReplaceAllStringFunc(r.Pattern, func(name string) string {
		switch {
		case name == ":survey" && strings.HasPrefix(r.Pattern, "/r/"):
			return "getting-there" // whose report is public
		case strings.Contains(r.Pattern, "/codes") && (name == ":survey" || name == ":budget"):
			return closedID
		}
		return w.parameter(t, r.Pattern, name)
	})
}

var parameters = regexp.MustCompile(`:[a-z_]+|\+|\*`)

func (w *walk) parameter(t *testing.T, pattern, name string) string {
	t.Helper()
	switch name {
	case ":area":
		return "north-vale"
	case ":survey":
		return "worries"
	case ":budget":
		return budgetFor(pattern)
	case ":round":
		return "spring"
	case ":about":
		return "age"
	case ":sheet":
		return w.code.String()
	case ":question":
		return "easy"
	case ":guide":
		return "privacy"
	case ":number":
		return "1"
	case ":id", ":token":
		return w.fresh(t, pattern)
	case ":name":
		return schema(t)
	case ":code":
		return string(w.handsOut(t, admission.Survey(closedID), 1)[0])
	case ":batch":
		of := admission.Survey(closedID)
		if strings.Contains(pattern, ":budget") {
			of = admission.Budget(closedID)
		}
		return w.makes(t, of, 3).ID
	case ":format":
		return "csv"
	case "+":
		return strings.TrimPrefix(static.Path("css/sayso.css"), "/static/")
	}
	t.Fatalf("%s: the test knows nothing to put for %s", pattern, name)
	return ""
}

// budgetFor is an exercise with what the route shows: an outcome, a count that waits, or a vote that is open.
func budgetFor(pattern string) string {
	switch {
	case strings.HasSuffix(pattern, "/interim"):
		return "standing"
	case strings.Contains(pattern, "/paper") && !strings.HasSuffix(pattern, "/leave-out"):
		return "early-help"
	case strings.HasPrefix(pattern, "/staff"):
		return "winter"
	case strings.HasSuffix(pattern, "/outcome"), strings.HasSuffix(pattern, "/steps"), strings.HasSuffix(pattern, "/votes"):
		return "summer"
	}
	return "early-help"
}

// sheet prints a paper ballot.
func (w *world) sheet(t *testing.T) people.Code {
	t.Helper()
	code, err := people.NewCode(rand.Reader)
	must(t, err)
	hash := w.parts.Secrets.HashCode(ballot.SheetPurpose("early-help"), code)
	must(t, w.ballots.MakeSheets(t.Context(), people.CommandLine(), "early-help", ballot.Set{Language: "en", Way: ballot.First}, []string{hash}))
	return code
}

// fresh makes a member of staff, an invitation or a one-time link, each new: they work once.
func (w *walk) fresh(t *testing.T, pattern string) string {
	t.Helper()
	if strings.HasPrefix(pattern, "/preview/") {
		return w.previewToken(t, preview.Sheet{Survey: "worries"})
	}
	w.next++
	name := fmt.Sprintf("new-%d@example", w.next)
	var token string
	var err error
	if strings.HasPrefix(pattern, "/staff/invite/") {
		token, err = w.staff.Invite(t.Context(), people.CommandLine(), name, people.Author, "north-vale")
	} else {
		token, err = w.staff.OneTimeLink(t.Context(), name, people.Author, "north-vale")
	}
	must(t, err)
	if !strings.HasSuffix(pattern, ":id") {
		return token
	}
	list, err := w.staff.Members(t.Context(), people.CommandLine(), "", 1000)
	must(t, err)
	i := slices.IndexFunc(list, func(m people.Staff) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("%s is not among staff", name)
	}
	return list[i].ID
}

// schema is the name of a schema that is shipped.
func schema(t *testing.T) string {
	t.Helper()
	shipped, err := fs.Glob(content.FS, "schemas/*")
	must(t, err)
	if len(shipped) == 0 {
		t.Fatal("no schema is shipped")
	}
	return strings.TrimPrefix(shipped[0], "schemas/")
}

// token is what the forms of the visitor's session carry.
func (w *world) token(t *testing.T, p *person) string {
	t.Helper()
	_, session, err := w.staff.Session(t.Context(), p.cookies["staff"])
	must(t, err)
	return session.CSRF
}

func TestEveryRouteHasAGuard(t *testing.T) {
	for _, r := range web.Routes() {
		g := r.Guard
		switch {
		case g.Public == g.Staff:
			t.Errorf("%s %s is for everybody or for staff, and says neither or both", r.Method, r.Pattern)
		case g.Public && (len(g.Roles) > 0 || g.InArea):
			t.Errorf("%s %s is for everybody and for some", r.Method, r.Pattern)
		case g.Staff && !strings.HasPrefix(r.Pattern, "/staff"):
			t.Errorf("%s %s is for staff, outside /staff", r.Method, r.Pattern)
		case g.Staff && !g.InArea && (strings.Contains(r.Pattern, ":survey") || strings.Contains(r.Pattern, ":budget")):
			t.Errorf("%s %s shows staff surveys or budgets of every area", r.Method, r.Pattern)
		}
	}
}

// refused is the status with which the guard of the route keeps the visitor out; 0 lets them in.
func refused(r web.Route, v visitor) int {
	member := people.Staff{Role: v.role}
	switch g := r.Guard; {
	case g.Public:
		return 0
	case v.role == "" && r.Method == http.MethodGet:
		return http.StatusSeeOther
	case v.role == "" || !member.Is(g.Roles...):
		return http.StatusForbidden
	case g.InArea && v.area != "north-vale":
		return http.StatusNotFound
	}
	return 0
}

var served = []int{http.StatusOK, http.StatusSeeOther, http.StatusUnprocessableEntity}

func TestWalk(t *testing.T) {
	w := newWalk(t)
	t.Run("tokens", w.tokens)
	t.Run("other sites", w.otherSites)
	for _, v := range visitors {
		for _, r := range web.Routes() {
			t.Run(fmt.Sprintf("%s/%s %s", v, r.Method, r.Pattern), func(t *testing.T) { w.step(t, v, r) })
		}
	}
}

func (w *walk) step(t *testing.T, v visitor, r web.Route) {
	p := w.comes(t, v, r)
	form := url.Values{}
	if v.role != "" && r.Guard.Staff {
		form.Set("_csrf", w.token(t, p))
	}
	path := w.path(t, r)
	if r.Method == http.MethodGet {
		form = nil
	}
	got := p.sends(r.Method, path, form)
	signIn := got.status == http.StatusSeeOther && strings.HasPrefix(got.location(), "/staff/sign-in")
	switch want := refused(r, v); {
	case want == 0 && !slices.Contains(served, got.status):
		t.Errorf("got %d, want one of %v", got.status, served)
	case want == 0 && r.Guard.Staff && signIn && r.Pattern != "/staff/sign-out":
		t.Error("asked to sign in, being signed in")
	case want == http.StatusSeeOther && got.location() != "/staff/sign-in?next="+url.QueryEscape(path):
		t.Errorf("got %d to %q, want to be asked to sign in first", got.status, got.location())
	case want != 0 && got.status != want:
		t.Errorf("got %d, want %d", got.status, want)
	}
	if r.Method == http.MethodGet {
		if head := p.sends(http.MethodHead, path, nil); head.status != got.status || head.body != "" {
			t.Errorf("HEAD gets %d and %d bytes, GET %d", head.status, len(head.body), got.status)
		}
	}
}

// tokens tries the forms of staff without the token of their session.
func (w *walk) tokens(t *testing.T) {
	p := w.member(t, people.Administrator, "north-vale")
	other := w.token(t, w.member(t, people.Analyst, "north-vale"))
	for _, r := range web.Routes() {
		if r.Method != http.MethodPost || r.Guard.Public {
			continue
		}
		path := w.path(t, r)
		for name, form := range map[string]url.Values{"none": {}, "empty": {"_csrf": {""}}, "wrong": {"_csrf": {"x"}}, "another's": {"_csrf": {other}}} {
			if got := p.sends(r.Method, path, form); got.status != http.StatusForbidden {
				t.Errorf("%s with the token %s: %d", path, name, got.status)
			}
		}
	}
	p.opens("/staff").isAt("/staff").gets(http.StatusOK)
}

// otherSites sends every form from another site.
func (w *walk) otherSites(t *testing.T) {
	for _, r := range web.Routes() {
		if r.Method != http.MethodPost {
			continue
		}
		p := w.comes(t, visitor{people.Administrator, "north-vale"}, r)
		path, form := w.path(t, r), url.Values{"_csrf": {w.token(t, p)}}
		for _, from := range [][]string{
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Site", "cross-site", "Origin", "http://" + host},
			{"Sec-Fetch-Site", "", "Origin", "https://evil.example"}, {"Sec-Fetch-Site", "", "Origin", "null"},
			{"Sec-Fetch-Site", "", "Origin", "https://" + host + ".evil.example"}, {"Sec-Fetch-Site", "", "Origin", "https://" + host + ":8443"},
		} {
			if got := p.sends(r.Method, path, form, from...); got.status != http.StatusForbidden {
				t.Errorf("%s from %v: %d", path, from, got.status)
			}
		}
		if got := p.sends(r.Method, path, form, "Sec-Fetch-Site", "", "Origin", "http://"+host); !slices.Contains(served, got.status) {
			t.Errorf("%s from our own page: %d", path, got.status)
		}
	}
}

func TestPathsThatLeadNowhere(t *testing.T) {
	w := sharedWorld(t)
	for _, path := range []string{
		"/nothing", "/s", "/s/unknown", "/s/unknown/who", "/s/worries/unknown", "/s/worries/q/unknown", "/s/worries/q", "/a/unknown", "/a",
		"/r/unknown", "/r/speech-therapy", "/about/unknown", "/about/privacy.en", "/key/unknown", "/static/css/sayso.css", "/static",
		"/staff/invite/unknown", "/staff/invite/unknown/code.png", "/schemas/unknown", "/favicon.ico", "/.git/config", "/s/worries/mine",
		"/s/worries/take-back", "/S/%00", "/%ff",
		"/b", "/b/unknown", "/b/unknown/vote", "/b/early-help/unknown", "/b/early-help/outcome", "/b/early-help/votes",
	} {
		p := w.somebody(t).opens(path).gets(http.StatusNotFound)
		if p.page.Find("main h1").Length() != 1 || !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s is no page", path)
		}
	}
	analyst := w.member(t, people.Analyst, "north-vale")
	for _, path := range []string{"/staff/unknown", "/staff/surveys/unknown", "/staff/surveys/worries/reports/9", "/staff/surveys/worries/reports/x",
		"/staff/surveys/getting-there", "/staff/surveys/getting-there/reports/1",
		"/staff/budgets/unknown", "/staff/budgets/summer/counts/1", "/staff/budgets/summer/counts/x"} {
		analyst.opens(path).gets(http.StatusNotFound)
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodPost} {
		if got := w.somebody(t).sends(method, "/help", nil, "Sec-Fetch-Site", "same-origin"); got.status != http.StatusNotFound {
			t.Errorf("%s gets %d", method, got.status)
		}
	}
}
