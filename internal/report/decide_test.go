package report_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sayso/internal/fault"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
)

func TestOneSnapshotWaitsAtMost(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(12, 400)...)
	w.make()
	second, _ := w.make()
	all, err := w.reports.List(w.ctx, "worries")
	w.must(err)
	if len(all) != 2 || all[0].State != report.Made || all[1].State != report.Refused {
		t.Errorf("snapshots = %+v", all)
	}
	_, err = w.reports.Approve(w.ctx, analyst, "worries", 1)
	wantFault(t, err, fault.Conflict)
	w.approve(second)
	_, err = w.reports.Approve(w.ctx, analyst, "worries", 2)
	wantFault(t, err, fault.Conflict)
	_, err = w.reports.Refuse(w.ctx, analyst, "worries", 2)
	wantFault(t, err, fault.Conflict)
}

func TestNothingIsPublicBeforeApproval(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(13, 400)...)
	w.make()
	_, err := w.reports.Latest(w.ctx, "worries")
	wantFault(t, err, fault.NotFound)
	_, err = w.reports.Refuse(w.ctx, analyst, "worries", 1)
	w.must(err)
	_, err = w.reports.Latest(w.ctx, "worries")
	wantFault(t, err, fault.NotFound)
}

func TestOnlyKeptQuotesArePublic(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(14, 800)...)
	r, body := w.make()
	if len(body.Quotes) < 4 {
		t.Fatalf("only %d quotes", len(body.Quotes))
	}
	kept, dropped, open := body.Quotes[0].ID, body.Quotes[1].ID, body.Quotes[2].ID
	w.decide(kept, report.Keep)
	w.decide(dropped, report.Drop)
	w.approve(r)
	latest, err := w.reports.Latest(w.ctx, "worries")
	w.must(err)
	if len(latest.Quotes) != 1 || latest.Quotes[0].ID != kept || latest.Decisions != nil {
		t.Errorf("public quotes = %+v", latest.Quotes)
	}
	record, err := w.reports.Record(w.ctx, "worries", 1)
	w.must(err)
	preview, err := record.Preview(true)
	w.must(err)
	if len(preview.Quotes) != len(body.Quotes) || preview.Decisions[dropped] != report.Drop || preview.Decisions[open] != "" {
		t.Errorf("staff see %d quotes, decisions %v", len(preview.Quotes), preview.Decisions)
	}
	seen, err := record.Preview(false)
	w.must(err)
	if len(seen.Quotes) != 1 || seen.Quotes[0].ID != kept || seen.Decisions != nil {
		t.Errorf("who decides nothing sees %+v", seen.Quotes)
	}
	_, err = w.reports.DecideQuote(w.ctx, analyst, "worries", 1, "nosuch", report.Keep)
	wantFault(t, err, fault.NotFound)
	_, err = w.reports.DecideQuote(w.ctx, analyst, "worries", 1, kept, report.TakenBack)
	wantFault(t, err, fault.Invalid)
}

func (w *world) decide(quote string, d report.Decision) {
	w.Helper()
	_, err := w.reports.DecideQuote(w.ctx, analyst, "worries", 1, quote, d)
	w.must(err)
}

func TestQuotesHoldNoPersonalDetails(t *testing.T) {
	w := newWorld(t, report.Worries())
	crowd := report.Crowd(15, 300)
	for i := range crowd {
		crowd[i].Language = "en"
		crowd[i].Answers = []survey.Answer{
			{Question: "improve", Words: fmt.Sprintf("the wait was long, call me on 07700 9%05d please number %c", i, 'a'+i%26)},
			{Question: "quote", Choices: []string{"yes"}},
		}
	}
	w.say(crowd...)
	_, body := w.make()
	if len(body.Quotes) == 0 {
		t.Fatal("no quotes")
	}
	for _, q := range body.Quotes {
		if strings.Contains(q.Text, "07700") || !strings.Contains(q.Text, "[en phone]") || !slices.Contains(q.Removed, "phone") {
			t.Errorf("quote = %+v", q)
		}
	}
}

func TestTakingBackWordsTakesTheirQuotes(t *testing.T) {
	w := newWorld(t, report.Worries())
	refs := w.say(report.Crowd(16, 800)...)
	r, body := w.make()
	quote := body.Quotes[0]
	w.decide(quote.ID, report.Keep)
	w.approve(r)
	for _, ref := range refs {
		w.must(w.reports.TakeBack(w.ctx, ref))
		latest, err := w.reports.Latest(w.ctx, "worries")
		w.must(err)
		if len(latest.Quotes) == 0 {
			break
		}
	}
	latest, err := w.reports.Latest(w.ctx, "worries")
	w.must(err)
	if len(latest.Quotes) != 0 {
		t.Fatal("the quote is still public though everybody took their words back")
	}
	_, err = w.reports.DecideQuote(w.ctx, analyst, "worries", 1, quote.ID, report.Keep)
	wantFault(t, err, fault.Conflict)
	record, err := w.reports.Record(w.ctx, "worries", 1)
	w.must(err)
	if _, kept := record.Words[quote.ID]; kept || bytes.Contains(record.Body, []byte(quote.Text)) {
		t.Error("the words are still kept")
	}
	preview, err := record.Preview(true)
	w.must(err)
	if slices.ContainsFunc(preview.Quotes, func(q report.Quote) bool { return q.ID == quote.ID }) {
		t.Error("staff still read the quote")
	}
}

func TestHoldingBackTakesAResponseOutOfEveryReport(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(16, 800)...)
	r, body := w.make()
	quote := body.Quotes[0].ID
	w.decide(quote, report.Keep)
	w.approve(r)
	w.must(w.reports.HoldBack(w.ctx, analyst, "worries", 1, quote, survey.HeldSafety))
	if latest, err := w.reports.Latest(w.ctx, "worries"); err != nil || len(latest.Quotes) != 0 {
		t.Errorf("%d quotes are public, %v", len(latest.Quotes), err)
	}
	_, err := w.reports.DecideQuote(w.ctx, analyst, "worries", 1, quote, report.Keep)
	wantFault(t, err, fault.Conflict)
	wantFault(t, w.reports.HoldBack(w.ctx, analyst, "worries", 1, quote, "dislike"), fault.Invalid)
	wantFault(t, w.reports.HoldBack(w.ctx, board, "worries", 1, quote, ""), fault.Forbidden)
	wantFault(t, w.reports.HoldBack(w.ctx, analyst, "worries", 1, "none", ""), fault.NotFound)
	w.must(w.reports.HoldBack(w.ctx, analyst, "worries", 1, quote, ""))
	w.decide(quote, report.Keep)
	if latest, err := w.reports.Latest(w.ctx, "worries"); err != nil || len(latest.Quotes) != 1 {
		t.Errorf("let go, %d quotes are public, %v", len(latest.Quotes), err)
	}
}

func TestHeldBackIsInTheLedgerWithItsReasons(t *testing.T) {
	w := newWorld(t, report.Worries())
	refs := w.say(report.Crowd(16, 800)...)
	for i, ref := range refs[:60] {
		w.must(w.store.Hold(w.ctx, ref, []survey.Hold{survey.HeldUnreal, survey.HeldPerson, survey.HeldPerson}[i%3]))
	}
	_, body := w.make()
	adds(t, "received", body.Responses)
	adds(t, "held", body.Held)
	if body.Everyone.N() != 740 || body.Held.Total.N() != 60 {
		t.Errorf("%v count and %v are held back, want 740 and 60", body.Everyone, body.Held.Total)
	}
	want := map[string]int{"held_back.unreal": 20, "held_back.person": 40, "held_back.safety": 0}
	for _, e := range body.Held.Entries {
		if e.Figure.N() != want[e.Parts[0]] {
			t.Errorf("%v: %v", e.Parts, e.Figure)
		}
	}
}

func TestFewHeldBackGiveNoReason(t *testing.T) {
	w := newWorld(t, report.Worries())
	refs := w.say(report.Crowd(16, 800)...)
	w.must(w.store.Hold(w.ctx, refs[0], survey.HeldSafety))
	r, body := w.make()
	if body.Held.Total.Shown() || len(body.Held.Entries) > 0 || bytes.Contains(r.Body, []byte("safety")) {
		t.Errorf("the reason of one person stands in the report: %+v", body.Held)
	}
}

// remorse is a log whose people take their words back when it was read.
type remorse struct {
	survey.Responses
	take func()
}

func (r remorse) Scan(ctx context.Context, rng survey.Range) iter.Seq2[*survey.Response, error] {
	return func(yield func(*survey.Response, error) bool) {
		r.Responses.Scan(ctx, rng)(yield)
		r.take()
	}
}

func TestTakingBackWordsWhileAReportIsMadeTakesTheirQuotes(t *testing.T) {
	w := newWorld(t, report.Worries())
	refs := w.say(report.Crowd(16, 800)...)
	once := sync.OnceFunc(func() {
		for _, ref := range refs {
			w.must(w.store.Withdraw(w.ctx, ref))
			w.must(w.reports.TakeBack(w.ctx, ref))
		}
	})
	from := w.sources()
	from.Responses = remorse{w.store, once}
	w.reports = report.NewService(w.store, from, people.NewLog(w.store, time.Now), time.Now)
	_, body := w.make()
	if len(body.Quotes) == 0 {
		t.Fatal("nobody was quoted: this shows nothing")
	}
	record, err := w.reports.Record(w.ctx, "worries", 1)
	w.must(err)
	if len(record.Words) != 0 {
		t.Errorf("%d of %d quotes are kept though everybody took their words back", len(record.Words), len(body.Quotes))
	}
}

func TestRepliesCarryOver(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(17, 400)...)
	first, _ := w.make()
	_, err := w.reports.Reply(w.ctx, board, "worries", 1, "waiting", report.Reply{Kind: report.WeDid, Text: "Done."})
	wantFault(t, err, fault.NotFound) // nothing is approved yet
	w.approve(first)
	_, err = w.reports.Reply(w.ctx, board, "worries", 1, "waiting", report.Reply{Kind: report.WeWill, Text: " More nurses. ", Lang: "en", By: "2026-09-01"})
	w.must(err)
	w.say(report.Crowd(18, 600)...)
	second, _ := w.make()
	w.approve(second)
	latest, err := w.reports.Latest(w.ctx, "worries")
	w.must(err)
	want := map[string]report.Reply{"waiting": {Kind: report.WeWill, Text: "More nurses.", Lang: "en", By: "2026-09-01", On: "2026-06-01"}}
	if diff := cmp.Diff(want, latest.Replies); latest.Number != 2 || diff != "" {
		t.Errorf("snapshot %d: %s", latest.Number, diff)
	}
	_, err = w.reports.Reply(w.ctx, board, "worries", 1, "waiting", report.Reply{Kind: report.WeDid, Text: "Done."})
	wantFault(t, err, fault.Conflict)
	for _, areas := range [][]string{nil, {"vale"}, {"east"}} {
		public, err := w.reports.Public(w.ctx, areas...)
		w.must(err)
		if want := len(areas) == 0 || areas[0] == "vale"; (len(public) == 1) != want {
			t.Errorf("public in %v: %d reports", areas, len(public))
		}
	}
}

func TestRepliesAreChecked(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(17, 400)...)
	r, _ := w.make()
	w.approve(r)
	for name, reply := range map[string]report.Reply{
		"no kind":  {Text: "Yes"},
		"no text":  {Kind: report.WeDid, Text: " "},
		"too long": {Kind: report.WeDid, Text: strings.Repeat("ż", 1001)},
		"no date":  {Kind: report.WeWill, Text: "Yes"},
		"past":     {Kind: report.WeWill, Text: "Yes", By: "2026-05-31"},
		"bad date": {Kind: report.WeWill, Text: "Yes", By: "soon"},
	} {
		_, err := w.reports.Reply(w.ctx, board, "worries", 1, "waiting", reply)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := w.reports.Reply(w.ctx, board, "worries", 1, "nosuch", report.Reply{Kind: report.WeDid, Text: "Yes"})
	wantFault(t, err, fault.NotFound)
	_, err = w.reports.Reply(w.ctx, board, "worries", 1, "waiting", report.Reply{Kind: report.WeWont, Text: strings.Repeat("ż", 1000)})
	w.must(err)
}

func TestRolesAreKept(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(19, 100)...)
	w.make()
	for _, by := range []people.Staff{author, board} {
		_, err := w.reports.Make(w.ctx, by, "worries")
		wantFault(t, err, fault.Forbidden)
		_, err = w.reports.DecideQuote(w.ctx, by, "worries", 1, "q", report.Keep)
		wantFault(t, err, fault.Forbidden)
		_, err = w.reports.Approve(w.ctx, by, "worries", 1)
		wantFault(t, err, fault.Forbidden)
		_, err = w.reports.Refuse(w.ctx, by, "worries", 1)
		wantFault(t, err, fault.Forbidden)
	}
	_, err := w.reports.Reply(w.ctx, author, "worries", 1, "waiting", report.Reply{Kind: report.WeDid, Text: "Done."})
	wantFault(t, err, fault.Forbidden)
	_, err = w.reports.Approve(w.ctx, people.Staff{ID: "root", Role: people.Administrator}, "worries", 1)
	w.must(err)
}

func TestEveryActIsRecorded(t *testing.T) {
	w := newWorld(t, report.Worries())
	w.say(report.Crowd(20, 800)...)
	w.make()
	r, body := w.make()
	for i, d := range []report.Decision{report.Keep, report.Drop} {
		_, err := w.reports.DecideQuote(w.ctx, analyst, "worries", 2, body.Quotes[i].ID, d)
		w.must(err)
	}
	w.approve(r)
	_, err := w.reports.Reply(w.ctx, board, "worries", 2, "waiting", report.Reply{Kind: report.WeDid, Text: "Done."})
	w.must(err)
	want := []string{people.ActReportMade, people.ActReportRefused, people.ActReportMade, people.ActQuoteKept,
		people.ActQuoteDropped, people.ActReportApproved, people.ActThemeAnswered}
	var got []string
	for e, err := range w.store.Entries(w.ctx, 1) {
		w.must(err)
		got = append(got, e.Act)
		if e.Area != "vale" || !strings.HasPrefix(e.Subject, "report/worries/") {
			t.Errorf("entry %+v", e)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
