package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/gofiber/fiber/v2"

	"sayso/content"
	"sayso/internal/admission"
	"sayso/internal/authoring"
	"sayso/internal/ballot"
	"sayso/internal/demonstration"
	"sayso/internal/exercise"
	"sayso/internal/i18n"
	"sayso/internal/intake"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
	"sayso/internal/theme"
	"sayso/internal/web"
	"sayso/locales"
)

// host is where the app of the tests is reached.
const host = "say.example.org"

// furniture is what is read from files and the same for every world.
type furniture struct {
	locales *i18n.Bundle
	library *web.Library
	areas   exercise.Areas
	books   map[string]*theme.Codebook
	surveys []survey.Survey
	budgets []ballot.Exercise
	phrases demonstration.Phrases
	missing *record // phrases that could not be said
}

var furnished = sync.OnceValue(func() *furniture {
	f, err := furnish()
	if err != nil {
		panic(err) // the files are part of the program
	}
	return f
})

func furnish() (*furniture, error) {
	f := &furniture{books: map[string]*theme.Codebook{}, missing: &record{}}
	var err error
	if f.locales, err = i18n.Load(locales.FS); err != nil {
		return nil, err
	}
	f.locales.Missing = func(tag, key string, cause error) { f.missing.note(fmt.Sprintf("%s: %s: %v", tag, key, cause)) }
	if f.library, err = web.ReadLibrary(content.FS); err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(content.FS, "areas/demonstration.yaml")
	if err != nil {
		return nil, err
	}
	var file struct{ Areas []exercise.Area }
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if f.areas, err = exercise.NewAreas(file.Areas); err != nil {
		return nil, err
	}
	data, err = fs.ReadFile(content.FS, "demo/phrases.yaml")
	if err != nil {
		return nil, err
	}
	if f.phrases, err = demonstration.ParsePhrases(data); err != nil {
		return nil, err
	}
	return f, errors.Join(f.readBooks(), f.readSurveys(), f.readBudgets())
}

func (f *furniture) readBooks() error {
	return each("codebooks", func(path string, data []byte) error {
		b, err := theme.ParseCodebook(path, data)
		if err == nil {
			f.books[b.ID] = b
		}
		return err
	})
}

func (f *furniture) readSurveys() error {
	known := survey.Known{Areas: f.areas,
		Picture:  func(id string) bool { _, ok := f.library.Pictures[id]; return ok },
		Codebook: func(id string) bool { _, ok := f.books[id]; return ok },
		Language: func(tag string) bool { _, ok := f.locales.Locale(tag); return ok },
	}
	return each("surveys", func(path string, data []byte) error {
		sv, problems := survey.ReadFile(data, known)
		if len(problems) > 0 {
			return fmt.Errorf("%s: %v", path, problems)
		}
		f.surveys = append(f.surveys, sv)
		return nil
	})
}

func (f *furniture) readBudgets() error {
	known := authoring.Known{Areas: f.areas,
		Picture:  func(id string) bool { _, ok := f.library.Pictures[id]; return ok },
		Language: func(tag string) bool { _, ok := f.locales.Locale(tag); return ok },
	}
	return each("budgets", func(path string, data []byte) error {
		e, problems := ballot.ReadFile(data, known)
		if len(problems) > 0 {
			return fmt.Errorf("%s: %v", path, problems)
		}
		f.budgets = append(f.budgets, e)
		return nil
	})
}

func each(folder string, do func(path string, data []byte) error) error {
	paths, err := fs.Glob(content.FS, folder+"/*.yaml")
	if err != nil {
		return err
	}
	for _, path := range paths {
		data, err := fs.ReadFile(content.FS, path)
		if err != nil {
			return err
		}
		if err := do(path, data); err != nil {
			return err
		}
	}
	return nil
}

// clock is the time as a test sets it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 11, 22, 13, 47, 29, 0, furnishedZone())}
}

var furnishedZone = sync.OnceValue(func() *time.Location {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	return london
})

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) passes(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

const day = 24 * time.Hour

// record is lines that several goroutines write.
type record struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

func (r *record) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines.Write(b)
}

func (r *record) note(line string) { fmt.Fprintln(r, line) }

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lines.String()
}

// world is the whole app over a store of its own.
type world struct {
	app     *fiber.App
	file    *sqlite.Store
	store   survey.Store // the same, or what a test put before it
	surveys *survey.Service
	ballots *ballot.Service
	codes   *admission.Service
	staff   *people.Service
	reports *report.Service
	clock   *clock
	log     *record
	parts   web.Parts
}

// setting changes how a world is made.
type setting func(*making)

type making struct {
	settings web.Settings
	secrets  people.Secrets
	store    *sqlite.Store
	surveys  func(survey.Store) survey.Store // what stands before the store of the surveys
}

func with(change func(*web.Settings)) setting { return func(m *making) { change(&m.settings) } }

// newWorld is a world that a test has for itself, with the shipped surveys published.
func newWorld(t *testing.T, settings ...setting) *world {
	t.Helper()
	m := making{settings: web.Settings{Leave: "https://www.example.org/weather"}}
	for _, set := range settings {
		set(&m)
	}
	if m.store == nil {
		var err error
		m.store, err = sqlite.OpenTemporary(t.Context())
		must(t, err)
		t.Cleanup(func() { must(t, m.store.Close()) })
	}
	w, err := join(t.Context(), m)
	must(t, err)
	t.Cleanup(w.codes.Close)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// join makes the services and the app over the store.
func join(ctx context.Context, m making) (*world, error) {
	f := furnished()
	w := &world{clock: newClock(), log: &record{}, file: m.store, store: m.store}
	if m.surveys != nil {
		w.store = m.surveys(m.store)
	}
	if m.secrets.Empty() {
		m.secrets = people.NewSecrets()
	}
	keys, err := people.NewHasher(m.secrets, f.library.Keys)
	if err != nil {
		return nil, err
	}
	w.surveys = survey.NewService(w.store, w.clock.Now)
	audit := people.NewLog(m.store, w.clock.Now)
	w.ballots = ballot.NewService(m.store, audit, w.clock.Now)
	w.codes = admission.NewService(m.store, m.secrets, audit, w.clock.Now)
	w.staff, err = people.NewService(people.Config{Staff: m.store, Sessions: m.store, Log: audit, Areas: f.areas,
		Secrets: m.secrets, Issuer: "Sayso", Now: w.clock.Now}, people.WithOneTimeLinks())
	if err != nil {
		return nil, err
	}
	book := func(id string) (*theme.Codebook, bool) { b, ok := f.books[id]; return b, ok }
	label := func(lang, kind string) string { return f.locales.Choose(lang, "", "").T("detail." + kind) }
	w.reports = report.NewService(m.store, report.Sources{Surveys: w.surveys, Responses: m.store, Codebook: book, Areas: f.areas,
		Label: label}, audit, w.clock.Now)
	w.parts = web.Parts{Settings: m.settings, Locales: f.locales, Areas: f.areas, Library: f.library, Surveys: w.surveys, Ballots: w.ballots, Codes: w.codes,
		Secrets: m.secrets, Keys: keys, Staff: w.staff, Audit: audit, Entries: m.store, Reports: w.reports,
		Log: slog.New(slog.NewJSONHandler(w.log, nil)), Now: w.clock.Now}
	w.parts.Limits = people.NewSharing(m.store, m.secrets, w.clock.Now, w.parts.Log)
	w.app = web.New(w.parts)
	for _, sv := range f.surveys {
		if _, _, err := w.surveys.Publish(ctx, sv); err != nil {
			return nil, err
		}
	}
	for _, e := range f.budgets {
		if _, _, err := w.ballots.Publish(ctx, e); err != nil {
			return nil, err
		}
	}
	return w, errors.Join(w.surveys.Refresh(ctx), w.ballots.Refresh(ctx))
}

// lively is a world with made-up answers, and reports that are public and answered. Everybody shares it: tests read it
// only.
var lively = sync.OnceValues(func() (*world, error) {
	ctx := context.Background()
	store, err := sqlite.OpenTemporary(ctx)
	if err != nil {
		return nil, err
	}
	w, err := join(ctx, making{store: store, settings: web.Settings{Leave: "https://www.example.org/weather", Demo: true}})
	if err != nil {
		return nil, err
	}
	closeLively = store.Close
	return w, w.fill(ctx, 150, "worries", "getting-there")
})

var closeLively = func() error { return nil }

func sharedWorld(t *testing.T) *world {
	t.Helper()
	w, err := lively()
	must(t, err)
	return w
}

// fill makes up answers to each survey, and makes, approves and answers a report of the named ones.
func (w *world) fill(ctx context.Context, answers int, reported ...string) error {
	if _, err := intake.Fill(ctx, w.store, w.madeUp(answers), nil); err != nil {
		return err
	}
	for _, id := range reported {
		if err := w.publishReport(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// madeUp are n made-up responses to each survey.
func (w *world) madeUp(n int) iter.Seq[survey.Response] {
	f := furnished()
	number := map[string]int{}
	for _, sv := range f.surveys {
		number[sv.ID] = n
	}
	return demonstration.Generate(7, f.surveys, f.areas, f.phrases, w.surveys.Today(), number)
}

func (w *world) publishReport(ctx context.Context, id string) error {
	by := people.CommandLine()
	r, err := w.reports.Make(ctx, by, id)
	if err != nil {
		return err
	}
	p, err := r.Preview(true)
	if err != nil {
		return err
	}
	for _, q := range p.Quotes[:min(len(p.Quotes), 3)] {
		if _, err := w.reports.DecideQuote(ctx, by, id, r.Number, q.ID, report.Keep); err != nil {
			return err
		}
	}
	if _, err := w.reports.Approve(ctx, by, id, r.Number); err != nil {
		return err
	}
	for i, t := range p.Themes[:min(len(p.Themes), len(report.ReplyKinds))] {
		reply := report.Reply{Kind: report.ReplyKinds[i], Text: "We read it.", Lang: "en", By: w.surveys.Today().Add(30)}
		if _, err := w.reports.Reply(ctx, by, id, r.Number, t.ID, reply); err != nil {
			return err
		}
	}
	return nil
}

// responses are all responses to the survey in the log.
func (w *world) responses(t *testing.T, id string) []survey.Response {
	t.Helper()
	sv, err := w.surveys.Newest(id)
	must(t, err)
	var all []survey.Response
	for r, err := range w.store.Scan(t.Context(), survey.Range{Area: sv.Area, Survey: sv.ID}) {
		must(t, err)
		one := *r
		one.Answers, one.About = cloned(r.Answers), cloned(r.About)
		all = append(all, one)
	}
	return all
}

func cloned(answers []survey.Answer) []survey.Answer {
	out := slices.Clone(answers)
	for i := range out {
		out[i].Choices = slices.Clone(out[i].Choices)
	}
	return out
}

// publish publishes the survey as it is after the change.
func (w *world) publish(t *testing.T, id string, change func(*survey.Survey)) {
	t.Helper()
	newest, err := w.surveys.Newest(id)
	must(t, err)
	sv := *newest
	sv.Title, sv.Questions = maps.Clone(sv.Title), slices.Clone(sv.Questions)
	change(&sv)
	_, fresh, err := w.surveys.Publish(t.Context(), sv)
	must(t, err)
	if !fresh {
		t.Fatal("nothing new was published")
	}
}

// TestMain fails when any page of any test lacked a phrase.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := closeLively(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if missing := furnished().missing.String(); missing != "" {
		fmt.Fprintf(os.Stderr, "phrases that could not be said:\n%s", missing)
		code = 1
	}
	os.Exit(code)
}
