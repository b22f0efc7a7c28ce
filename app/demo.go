package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net"
	"os"

	"github.com/goccy/go-yaml"

	"sayso/content"
	"sayso/internal/demonstration"
	"sayso/internal/exercise"
	"sayso/internal/intake"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/survey"
	"sayso/internal/web"
)

type demoCommand struct {
	Answers int    `default:"4000" help:"How many fictional answers to make up, from 1 to 1000000."`
	Seed    uint64 `default:"2026" help:"The same seed makes the same answers."`
	JSON    bool   `help:"Print one line of JSON when ready, for tests."`
}

// mostAnswers is how many answers a demonstration makes up at most.
const mostAnswers = 1_000_000

// demoStaff are the members of staff of the demonstration: what they are called, their role and area.
var demoStaff = []struct {
	Key, Name string
	Role      people.Role
	Area      string
}{
	{"administrator", "administrator@demo", people.Administrator, ""},
	{"author", "author@north-vale", people.Author, "north-vale"},
	{"analyst", "analyst@north-vale", people.Analyst, "north-vale"},
	{"board", "board@north-vale", people.Board, "north-vale"},
	{"other-analyst", "analyst@harbour-coast", people.Analyst, "harbour-coast"},
}

// Run fills a store in a temporary folder with a demonstration that looks alive, and serves it.
func (k demoCommand) Run(ctx context.Context, c *Config, out io.Writer) (err error) {
	if k.Answers < 1 || k.Answers > mostAnswers {
		return fmt.Errorf("the demonstration makes up 1 to %d answers, not %d", mostAnswers, k.Answers)
	}
	folder, err := os.MkdirTemp("", "sayso-demo-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	c.Data, c.MongoDB, c.Secret, c.Log = folder, "", "", "warn"
	c.MongoDBFile, c.SecretFile, c.Drain = "", "", 0
	h, err := open(ctx, c, people.WithOneTimeLinks())
	if err != nil {
		return err
	}
	listener, err := listenSomewhere(c.Addr)
	if err != nil {
		return errors.Join(err, h.store.Close())
	}
	tell := out
	if k.JSON {
		tell = io.Discard
	}
	links, err := k.fill(ctx, h, tell)
	var codes []people.Code
	if err == nil {
		codes, err = h.demoCodes(ctx)
	}
	if err != nil {
		return errors.Join(h.sentence(err), listener.Close(), h.store.Close())
	}
	if err := k.welcome(out, h, "http://"+listener.Addr().String(), links, codes); err != nil {
		return errors.Join(err, listener.Close(), h.store.Close())
	}
	return h.serve(ctx, listener, web.New(h.parts(true)))
}

// listenSomewhere listens on the address or, when it is taken, on a free port beside it.
func listenSomewhere(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, nil
	}
	host, _, _ := net.SplitHostPort(addr)
	l, again := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if again != nil {
		return nil, fmt.Errorf("listen: %w", errors.Join(err, again))
	}
	return l, nil
}

// fill publishes the surveys, makes up answers, and lets a report become public. It returns a one-time token for each
// member of staff.
func (k demoCommand) fill(ctx context.Context, h *house, out io.Writer) (map[string]string, error) {
	say := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	if err := h.publishShipped(ctx, say); err != nil {
		return nil, err
	}
	if err := k.answer(ctx, h, out); err != nil {
		return nil, err
	}
	if err := k.vote(ctx, h, out, say); err != nil {
		return nil, err
	}
	say("Making reports …")
	if err := h.demoReports(ctx); err != nil {
		return nil, h.sentence(err)
	}
	links := map[string]string{}
	for _, m := range demoStaff {
		link, err := h.staff.OneTimeLink(ctx, m.Name, m.Role, m.Area)
		if err != nil {
			return nil, h.sentence(err)
		}
		links[m.Key] = link
	}
	return links, nil
}

// publishShipped publishes the surveys that ship, open today.
func (h *house) publishShipped(ctx context.Context, tell func(format string, args ...any)) error {
	files, err := fs.Sub(content.FS, "surveys")
	if err != nil {
		return err
	}
	surveys, err := h.readSurveys(files)
	if err != nil {
		return err
	}
	for i := range surveys {
		reopen(&surveys[i].survey, h.surveys.Today())
	}
	return h.publishAll(ctx, surveys, tell)
}

// reopen moves the dates of a survey that is not open on the day, so that it has been open for some weeks.
func reopen(sv *survey.Survey, today exercise.Day) {
	if sv.OpenOn(today) && sv.OpenOn(today.Add(7)) {
		return
	}
	const openFor = 7 * 7
	days := int(today.Add(-openFor).Time().Sub(sv.Opens.Time()).Hours() / 24)
	sv.Opens, sv.Closes, sv.Decision.On = sv.Opens.Add(days), sv.Closes.Add(days), sv.Decision.On.Add(days)
}

func (k demoCommand) answer(ctx context.Context, h *house, out io.Writer) error {
	number := map[string]int{}
	for _, sv := range h.surveys.All() {
		number[sv.ID] = k.Answers / len(h.surveys.All())
	}
	made, err := h.madeUp(k.Seed, number)
	if err != nil {
		return err
	}
	bar := newBar(out, "Making up answers")
	var regrets []survey.Ref
	_, err = intake.Fill(ctx, h.store, watched(made, &regrets), func(done int) { bar.show(int64(done), int64(k.Answers)) })
	bar.end()
	for _, ref := range regrets {
		err = errors.Join(err, h.store.Withdraw(ctx, ref))
	}
	return err
}

// madeUp makes up so many responses to each survey that is named.
func (h *house) madeUp(seed uint64, number map[string]int) (iter.Seq[survey.Response], error) {
	data, err := fs.ReadFile(content.FS, "demo/phrases.yaml")
	if err != nil {
		return nil, err
	}
	phrases, err := demonstration.ParsePhrases(data)
	if err != nil {
		return nil, err
	}
	var surveys []survey.Survey
	for _, sv := range h.surveys.All() {
		if number[sv.ID] > 0 {
			surveys = append(surveys, *sv)
		}
	}
	return demonstration.Generate(seed, surveys, h.areas, phrases, h.surveys.Today(), number), nil
}

// watched passes the responses on and notes one in fifty, whose author will take it back.
func watched(all iter.Seq[survey.Response], regrets *[]survey.Ref) iter.Seq[survey.Response] {
	return func(yield func(survey.Response) bool) {
		n := 0
		for r := range all {
			if n++; n%50 == 0 {
				*regrets = append(*regrets, r.Ref)
			}
			if !yield(r) {
				return
			}
		}
	}
}

// reported are the surveys with a report that is public, and those with one that waits for somebody to read it.
var reported, waiting = []string{"worries", "getting-there"}, []string{"speech-therapy"}

func (h *house) demoReports(ctx context.Context) error {
	by := people.CommandLine()
	for _, id := range append(reported, waiting...) {
		r, err := h.reports.Make(ctx, by, id)
		if err != nil {
			return err
		}
		if err := h.keepQuotes(ctx, r); err != nil {
			return err
		}
	}
	for _, id := range reported {
		r, err := h.reports.Approve(ctx, by, id, 1)
		if err != nil {
			return err
		}
		if err := h.demoReplies(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// keepQuotes keeps two of three quotes, so that there is something left to decide.
func (h *house) keepQuotes(ctx context.Context, r report.Record) error {
	p, err := r.Preview(true)
	if err != nil {
		return err
	}
	for i, q := range p.Quotes {
		if i%3 == 2 {
			continue
		}
		if _, err := h.reports.DecideQuote(ctx, people.CommandLine(), r.Survey, r.Number, q.ID, report.Keep); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) demoReplies(ctx context.Context, r report.Record) error {
	data, err := fs.ReadFile(content.FS, "demo/replies.yaml")
	if err != nil {
		return err
	}
	var file struct {
		Replies map[string][]struct {
			Theme string
			Kind  report.ReplyKind
			Days  int
			Text  string
		}
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("replies of the demonstration: %w", err)
	}
	for _, reply := range file.Replies[r.Survey] {
		answer := report.Reply{Kind: reply.Kind, Text: reply.Text, Lang: "en"}
		if reply.Kind == report.WeWill {
			answer.By = h.surveys.Today().Add(reply.Days)
		}
		if _, err := h.reports.Reply(ctx, people.CommandLine(), r.Survey, r.Number, reply.Theme, answer); err != nil {
			return fmt.Errorf("reply to %s of %s: %w", reply.Theme, r.Survey, err)
		}
	}
	return nil
}

// welcome says where everything is.
func (k demoCommand) welcome(out io.Writer, h *house, url string, links map[string]string, codes []people.Code) error {
	var ids []string
	for _, sv := range h.surveys.All() {
		if sv.OpenOn(h.surveys.Today()) {
			ids = append(ids, sv.ID)
		}
	}
	var budgets []string
	for _, e := range h.ballots.All() {
		budgets = append(budgets, e.ID)
	}
	if k.JSON {
		full := map[string]string{}
		for key, token := range links {
			full[key] = url + "/staff/link/" + token
		}
		return json.NewEncoder(out).Encode(map[string]any{"url": url, "links": full, "surveys": ids, "budgets": budgets, "codes": codes})
	}
	fmt.Fprintf(out, "\nThe demonstration is ready. Everything in it is made up, and gone when you press Ctrl-C.\n\n")
	fmt.Fprintf(out, "  Front page        %s/\n", url)
	for _, id := range ids {
		fmt.Fprintf(out, "  Survey            %s/s/%s\n", url, id)
	}
	for _, id := range budgets {
		fmt.Fprintf(out, "  Budget            %s/b/%s\n", url, id)
	}
	fmt.Fprintf(out, "  Round of votes    %s/b/round/%s\n", url, demoRound)
	fmt.Fprintf(out, "  How a vote stands %s/b/%s/interim\n", url, demoEarly)
	fmt.Fprintf(out, "  Outcome           %s/b/%s/outcome\n", url, demoClosed)
	for _, id := range reported {
		fmt.Fprintf(out, "  Report            %s/r/%s\n", url, id)
	}
	fmt.Fprintf(out, "  In Urdu           %s/?lang=ur\n", url)
	for _, code := range codes {
		fmt.Fprintf(out, "  Invitation, once  %s/i/%s\n", url, string(code))
	}
	fmt.Fprintf(out, "\nSign in as (each link works once):\n\n")
	for _, m := range demoStaff {
		fmt.Fprintf(out, "  %-17s %s/staff/link/%s\n", m.Key, url, links[m.Key])
	}
	fmt.Fprintln(out)
	return nil
}
