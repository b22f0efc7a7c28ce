package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"sayso/internal/ballot"
	"sayso/internal/demonstration"
	"sayso/internal/exercise"
	"sayso/internal/people"
)

// castVotes makes up ballots of the exercise.
func (w *world) castVotes(ctx context.Context, id string, n int) error {
	return w.castVotesOf(ctx, 7, id, n)
}

func (w *world) castVotesOf(ctx context.Context, seed uint64, id string, n int) error {
	e, err := w.ballots.Newest(id)
	if err != nil {
		return err
	}
	for v := range demonstration.Votes(seed, e, w.ballots.Today(), n) {
		if err := w.file.CreateBackground(ctx, v.Background); err != nil {
			return err
		}
		if err := w.file.CreateBallot(ctx, v.Ballot); err != nil {
			return err
		}
	}
	return nil
}

// votesIn begins a ballot and comes to it.
func (p *person) votesIn(budget, voice string) *person {
	p.t.Helper()
	p.opens("/b/" + budget).gets(http.StatusOK).continues().isAt("/b/" + budget + "/who")
	p.chooses(voice).continues().isAt("/b/" + budget + "/key").continues()
	if p.path == "/b/"+budget+"/way" {
		p.chooses("1").continues()
	}
	return p.isAt("/b/" + budget + "/vote")
}

// pressesOf presses the button of the project that asks for the act.
func (p *person) pressesOf(project, act string) *person {
	p.t.Helper()
	return p.presses("#p-" + project + " button[value=" + act + "]")
}

// hasIn wants exactly these projects in the vote, in the order of the page.
func (p *person) hasIn(projects ...string) *person {
	p.t.Helper()
	in := map[string]bool{}
	p.page.Find("li.s-project--in").Each(func(_ int, s *goquery.Selection) { in[strings.TrimPrefix(s.AttrOr("id", ""), "p-")] = true })
	for _, id := range projects {
		if !in[id] {
			p.t.Fatalf("%s is not in the vote: %v", id, in)
		}
	}
	if len(in) != len(projects) {
		p.t.Fatalf("in the vote are %v, want %v", in, projects)
	}
	return p
}

func TestWhatIsOnThePageIsTheVote(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).opens("/a/north-vale").clicks("main a[href='/b/early-help']").isAt("/b/early-help")
	p.sees("main", "£400,000").sees("main", "North Vale Children’s Board")
	p.votesIn("early-help", "self").hasIn().sees("#now", "Chosen: 0.")
	p.pressesOf("mentors", "add").isAt("/b/early-help/vote").hasIn("mentors").sees("#now", "£70,000")
	other := p.anotherWindow().opens("/b/early-help/vote")
	p.pressesOf("trees", "add").hasIn("mentors", "trees").sees("#now", "£160,000").sees("#now", "until 20 February")
	other.pressesOf("late-hall", "add").hasIn("mentors", "trees", "late-hall") // another window overwrites nothing
	p.opens("/b/early-help/vote").pressesOf("trees", "remove").hasIn("mentors", "late-hall")
	p.clicks("main .s-buttons a.nhsuk-button").isAt("/b/early-help/about/age").chooses("12-15").continues()
	p.isAt("/b/early-help/about/groups").chooses("in-care", "none").continues().gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "")
	p.choosesNothing().chooses("in-care").continues().isAt("/b/early-help/done").sees("main", "Mentors for children in care")
	key := p.key()
	m := w.soleBallot(t)
	if m.Voice != "self" || len(m.Wishes) != 2 || m.Day != "2026-11-22" {
		t.Errorf("kept %+v", m)
	}
	p.presses("form[action$=finish] button").isAt("/a/north-vale")
	p.opens("/b/early-help/vote").isAt("/b/early-help")
	p.opens("/key").types("words", key).continues().isAt("/b/early-help/mine").sees("main", "Mentors for children in care")
	p.clicks("main .s-buttons a").isAt("/b/early-help/vote").hasIn("mentors", "late-hall")
	p.opens("/b/early-help/take-back").presses("#take-back").gets(http.StatusOK)
	p.opens("/key").types("words", key).continues().gets(http.StatusUnprocessableEntity)
}

// soleBallot is the one ballot there is.
func (w *world) soleBallot(t *testing.T) ballot.Ballot {
	t.Helper()
	var out []ballot.Ballot
	for b, err := range w.file.ScanBallots(t.Context(), "early-help") {
		must(t, err)
		out = append(out, b)
	}
	if len(out) != 1 {
		t.Fatalf("there are %d ballots", len(out))
	}
	return out[0]
}

// publishes puts an exercise of another kind beside the shipped ones.
func (w *world) publishes(t *testing.T, id string, change func(*ballot.Exercise)) {
	t.Helper()
	e, err := w.ballots.Newest("early-help")
	must(t, err)
	other := *e
	other.ID, other.Projects, other.Questions, other.For, other.Also = id, append([]ballot.Project(nil), e.Projects...), nil, nil, nil
	change(&other)
	_, _, err = w.ballots.Publish(t.Context(), other)
	must(t, err)
}

func TestOtherKindsOfBallots(t *testing.T) {
	w := newWorld(t)
	w.publishes(t, "purse", func(e *ballot.Exercise) { e.Ballot, e.Amount = ballot.Purse, 150_000_00 })
	p := w.somebody(t).votesIn("purse", "helped").pressesOf("mentors", "add").pressesOf("late-hall", "add").hasIn("mentors", "late-hall")
	p.pressesOf("trees", "add").gets(http.StatusUnprocessableEntity).hasIn("mentors", "late-hall").sees(".nhsuk-error-summary", "not enough money")
	p.sees("#p-trees .nhsuk-error-message", "not enough money").sees("#now", "£130,000")
	old := p.page
	p.presses(".s-undo button").hasIn("mentors")
	p.page = old
	p.presses(".s-undo button").hasIn("mentors") // pressed twice, or sent again, it takes away no other

	w.publishes(t, "order", func(e *ballot.Exercise) { e.Ballot, e.Most, e.Rule = ballot.Order, 3, "stv" })
	p = w.somebody(t).votesIn("order", "self").pressesOf("mentors", "add").pressesOf("trees", "add").pressesOf("late-hall", "add")
	p.hasIn("mentors", "trees", "late-hall").pressesOf("late-hall", "put")
	if first := p.page.Find("ol.s-projects li").Eq(1).AttrOr("id", ""); first != "p-late-hall" {
		t.Errorf("second is %s", first)
	}
	p.pressesOf("bike-lessons", "add").gets(http.StatusUnprocessableEntity)

	w.publishes(t, "points", func(e *ballot.Exercise) { e.Ballot, e.Most, e.Rule = ballot.Points, 2, "cstv" })
	p = w.somebody(t).votesIn("points", "self").pressesOf("mentors", "give").pressesOf("mentors", "give").sees("#p-mentors", "Points: 2")
	p.pressesOf("trees", "give").gets(http.StatusUnprocessableEntity).sees("#now", "2 of 2")
	p.presses("#p-mentors form:last-of-type button").sees("#p-mentors", "Points: 1")

	w.publishes(t, "thumbs", func(e *ballot.Exercise) {
		e.Ballot, e.Take, e.Amount, e.Rule = ballot.Thumbs, 2, 0, "greedy_votes"
		for i := range e.Projects {
			e.Projects[i].Cost, e.Projects[i].CostFrom = 0, 0
		}
	})
	p = w.somebody(t).votesIn("thumbs", "carer").pressesOf("mentors", "up").pressesOf("trees", "down").hasIn("mentors")
	p.sees("#p-trees .s-state", "Thumb down").pressesOf("trees", "remove").seesNo("#p-trees .s-state")
}

func TestTwoWaysToVote(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).opens("/b/early-help").sees(".s-facts", "For 8 to 11").sees(".s-facts", "One coin stands for £5,000")
	p.continues().chooses("self").continues().continues().isAt("/b/early-help/way").sees("main", "Both ways count the same")
	p.opens("/b/early-help/vote").isAt("/b/early-help/way") // nobody votes without having chosen
	p.continues().gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "")
	p.chooses("1").continues().isAt("/b/early-help/vote").sees(".s-lead", "Choose everything").seesNo(".s-coins")
	for _, project := range []string{"mentors", "trees", "late-hall", "bike-lessons", "quiet-rooms", "carers-break"} {
		p.pressesOf(project, "add")
	}
	p.sees("#now", "£465,000").clicks("main a[href$=way]").hasChosen("1")
	p.choosesNothing().chooses("2").continues().gets(http.StatusOK).sees("main h1", "do not fit").sees("main ul", "A break for young carers")
	p.clicks("main .s-buttons a").isAt("/b/early-help/vote").hasIn("mentors", "trees", "late-hall", "bike-lessons", "quiet-rooms").sees(".s-lead", "Fill the purse")
	p.sees("#total", "Coins used: 77 of 80. Coins left: 3.")
	if used, all := p.page.Find(".s-coin--used").Length(), p.page.Find(".s-coin").Length(); used != 77 || all != 80 {
		t.Errorf("%d coins of %d are drawn as used", used, all)
	}
	p.pressesOf("carers-break", "add").gets(http.StatusUnprocessableEntity).sees(".nhsuk-error-summary", "not enough money")
	p.presses(".s-undo button").hasIn("mentors", "trees", "late-hall", "bike-lessons").sees("#now", "53 of 80")
	p.opens("/b/early-help/compare?way=2").sees("main table", "9 coins (£45,000)")
	p.opens("/b/early-help/compare").sees("main table", "£45,000").seesNo("main td:contains(coins)")
	p.opens("/b/early-help/done").sees("main", "For 8 to 11").sees("main", "53 of 80")
	p.opens("/b/early-help/mine").sees("main", "For 8 to 11")
	p.opens("/b/early-help/rules").sees("main", "Two ways to vote").sees("main", "Fill the purse")
	if b := w.soleBallot(t); b.Way != ballot.Second || len(b.Wishes) != 4 {
		t.Errorf("kept %+v", b)
	}
	w.clock.passes(100 * day)
	p.anotherWindow().opens("/b/early-help/way").isAt("/b/early-help/mine")
	late := p.sends(http.MethodPost, "/b/early-help/way", url.Values{"way": {"1"}})
	if late.status != http.StatusForbidden {
		t.Errorf("after closing the way changes: %d", late.status)
	}
}

func TestVotesBeforeAndAfter(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).votesIn("early-help", "self")
	w.clock.passes(100 * day) // 2027-03-02
	p.pressesOf("mentors", "add").gets(http.StatusForbidden).sees("main", "closed on 20 February 2027")
	p.opens("/b/early-help/vote").isAt("/b/early-help/mine").sees("main", "empty").seesNo("main .s-buttons a")
	w.somebody(t).opens("/b/early-help").sees(".s-notice", "closed").seesNo("main .s-buttons")
	w.clock.passes(-150 * day)
	w.somebody(t).opens("/b/early-help").sees(".s-notice", "opens on 1 November 2026").seesNo("main .s-buttons")
	w.somebody(t).opens("/a/north-vale").sees("main", "Opening soon")
}

func TestOutcomeIsCountedReadAndApproved(t *testing.T) {
	w := newWorld(t)
	must(t, w.castVotes(t.Context(), "summer", 400))
	w.somebody(t).opens("/b/summer/outcome").gets(http.StatusNotFound)
	board := w.member(t, people.Board, "north-vale")
	board.opens("/staff/budgets").sees("main", "What to do in summer").clicks("main table a[href$=summer]").seesNo("main form[action$=counts]")
	p := w.member(t, people.Analyst, "north-vale").opens("/staff/budgets/summer").presses("form[action$=counts] button")
	p.isAt("/staff/budgets/summer/counts/1").sees("main h1", "What to do in summer")
	w.somebody(t).opens("/b/summer/outcome").gets(http.StatusNotFound)
	p.presses("button[value=approve]").isAt("/staff/budgets/summer/counts/1").sees("main", "Public")
	anyone := w.somebody(t).opens("/a/north-vale").clicks("main a[href='/b/summer/outcome']").gets(http.StatusOK)
	anyone.sees("main", "people voted").sees(".s-state--done", "Funded").sees("code", "sayso budget count summer.pb --rule")
	anyone.clicks("main a[href$=steps]").sees("main", "Chosen:").clicks("main .s-buttons a").gets(http.StatusOK)
	file := anyone.sends(http.MethodGet, "/b/summer/votes", nil)
	if file.status != http.StatusOK || !strings.HasPrefix(file.body, "META\n") || strings.Contains(file.body, "self") {
		t.Errorf("the file begins %.80q, %d", file.body, file.status)
	}
	board.opens("/staff/budgets/summer/counts/1").choosesNothing().chooses("wheels").presses("form[action$=board] button").gets(http.StatusUnprocessableEntity)
	board.hasChosen("wheels").types("why", "There is a gift for the rest.").presses("form[action$=board] button").gets(http.StatusOK)
	anyone.opens("/b/summer/outcome").sees("section.s-came", "There is a gift for the rest.").sees("section.s-came", "differs from the count")
	anyone.sees("section.s-came", "The decision costs")
	e, err := w.ballots.Newest("summer")
	must(t, err)
	board.opens("/staff/budgets/summer/counts/1").choosesNothing().chooses(idsOf(e)...).types("why", "There is more money.").presses("form[action$=board] button").gets(http.StatusOK)
	board.sees("section.s-came", "more than there is.")
	anyone.opens("/b/summer/outcome").sees("section.s-came", "more than there is.")
}

func idsOf(e *ballot.Exercise) (ids []string) {
	for _, p := range e.Projects {
		ids = append(ids, p.ID)
	}
	return ids
}

func TestWhatNobodyChoseIsPaidFromWhatIsLeft(t *testing.T) {
	w := newWorld(t)
	w.publishes(t, "lonely", func(e *ballot.Exercise) { e.Rule, e.Amount = "greedy_votes", 410_000_00 })
	e, err := w.ballots.Newest("lonely")
	must(t, err)
	for v := range demonstration.Votes(7, e, w.ballots.Today(), 200) {
		v.Ballot.Wishes = slices.DeleteFunc(v.Ballot.Wishes, func(wish ballot.Wish) bool { return wish.Project == "bike-lessons" })
		must(t, w.file.CreateBackground(t.Context(), v.Background))
		must(t, w.file.CreateBallot(t.Context(), v.Ballot))
	}
	w.clock.passes(100 * day)
	o, err := w.ballots.Count(t.Context(), people.CommandLine(), "lonely")
	must(t, err)
	_, err = w.ballots.Approve(t.Context(), people.CommandLine(), "lonely", o.Number)
	must(t, err)
	w.somebody(t).opens("/b/lonely/outcome").sees("main", "Nobody chose it. It was paid from what was left in the end.")
}

// counts makes the outcome of the exercise public, after it has closed.
func (w *world) counts(t *testing.T, id string) {
	t.Helper()
	w.clock.passes(100 * day)
	o, err := w.ballots.Count(t.Context(), people.CommandLine(), id)
	must(t, err)
	_, err = w.ballots.Approve(t.Context(), people.CommandLine(), id, o.Number)
	must(t, err)
}

// cast casts ballots that wish for one project each.
func (w *world) cast(t *testing.T, id string, n int, projects ...string) {
	t.Helper()
	for i := range n {
		b, err := w.ballots.Begin(t.Context(), id, "self", "en", fmt.Sprint(id, i), nil)
		must(t, err)
		_, err = w.ballots.Press(t.Context(), b.ID, "en", ballot.Press{Project: projects[i%len(projects)], Act: ballot.Up})
		must(t, err)
	}
}

func priorities(e *ballot.Exercise) {
	e.Ballot, e.Take, e.Amount, e.Rule, e.Title = ballot.Thumbs, 2, 0, "greedy_votes", exercise.Text{"en": "What comes first"}
	for i := range e.Projects {
		e.Projects[i].Cost, e.Projects[i].CostFrom = 0, 0
	}
}

// A vote without money does not speak of any.
func TestPrioritiesSpeakOfNoMoney(t *testing.T) {
	w := newWorld(t)
	w.publishes(t, "thumbs", priorities)
	w.cast(t, "thumbs", 60, "mentors", "trees", "late-hall", "mentors", "trees", "late-hall", "bike-lessons")
	w.counts(t, "thumbs")
	p := w.somebody(t)
	for _, path := range []string{"/outcome", "/rules", "/steps", "/steps?step=2", "/steps?step=3", "/steps?step=4"} {
		main := strings.ToLower(p.opens("/b/thumbs" + path).gets(http.StatusOK).page.Find("main").Text())
		for _, word := range []string{"money", "fund", "£"} {
			if at := strings.Index(main, word); at >= 0 {
				t.Errorf("%s speaks of it: …%s", path, main[max(0, at-80):at+20])
			}
		}
	}
	p.opens("/b/thumbs/outcome").sees("main", "the lot decided").sees("main", "Others had more.").sees("main", "What other rules would take forward")
}

func TestNobodyVoted(t *testing.T) {
	w := newWorld(t)
	w.publishes(t, "thumbs", priorities)
	w.publishes(t, "money", func(e *ballot.Exercise) { e.Rule = "greedy_votes" })
	for _, id := range []string{"thumbs", "money"} {
		w.counts(t, id)
		p := w.somebody(t).opens("/b/"+id+"/outcome").sees("main", "Nobody voted, so no idea is chosen.").seesNo("main .s-state--done")
		p.opens("/b/"+id+"/steps").sees("main", "Nobody voted, so no idea is chosen.")
	}
}

func TestVotePagesInEveryLanguage(t *testing.T) {
	w := newWorld(t)
	must(t, w.castVotes(t.Context(), "summer", 40))
	o, err := w.ballots.Count(t.Context(), people.CommandLine(), "summer")
	must(t, err)
	_, err = w.ballots.Approve(t.Context(), people.CommandLine(), "summer", o.Number)
	must(t, err)
	p := w.somebody(t).votesIn("early-help", "self").pressesOf("mentors", "add")
	analyst := w.member(t, people.Analyst, "north-vale")
	for _, l := range furnished().locales.Locales() {
		for _, path := range []string{"", "/compare", "/rules", "/who", "/key", "/way", "/vote", "/about/age", "/about/groups", "/done", "/mine", "/take-back"} {
			p.opens("/b/early-help"+path+"?lang="+l.Tag).gets(http.StatusOK).sees("main h1", "")
		}
		for _, path := range []string{"", "/outcome", "/steps", "/rules", "/compare"} {
			p.opens("/b/summer"+path+"?lang="+l.Tag).gets(http.StatusOK).sees("main h1", "")
		}
		for _, path := range []string{"/staff/budgets", "/staff/budgets/summer", "/staff/budgets/summer/counts/1"} {
			analyst.opens(path+"?lang="+l.Tag).gets(http.StatusOK).sees("main h1", "")
		}
	}
	if s := furnished().missing.String(); s != "" {
		t.Errorf("phrases could not be said:\n%s", s)
	}
	if got := p.sends(http.MethodPost, "/b/early-help/vote", url.Values{"project": {"moon"}, "act": {"add"}}); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown project: %d", got.status)
	}
}

// TestBegunToVoteOnThisDevice is for the next child at the same tablet.
func TestBegunToVoteOnThisDevice(t *testing.T) {
	w := newWorld(t)
	path, form := w.somebody(t).opens("/b/early-help/who").chooses("helped").filled("main button")
	p := w.somebody(t).votesIn("early-help", "self").pressesOf("mentors", "add")
	if got := p.sends(http.MethodPost, path, form); got.location() != "/b/early-help/who" {
		t.Errorf("a form of nobody in particular gets %d to %s", got.status, got.location())
	}
	p.opens("/b/early-help/who").seesNo("main form").clicks("main a[href='/b/early-help/vote']").hasIn("mentors")
	p.clicks("main .s-buttons a[href='/b/early-help/who?change=1']").hasChosen("self").chooses("helped").continues().isAt("/b/early-help/vote")
	if b := w.soleBallot(t); b.Voice != "helped" {
		t.Errorf("changed to %s", b.Voice)
	}
	p.opens("/b/early-help/who").clicks("main a[href='/b/early-help/who?new=1']").hasChosen().chooses("self").continues().
		isAt("/b/early-help/key").opens("/b/early-help/vote").hasIn()
}
