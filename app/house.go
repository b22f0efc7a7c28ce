package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/goccy/go-yaml"

	"sayso/content"
	"sayso/internal/admission"
	"sayso/internal/authoring"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
	"sayso/internal/fault"
	"sayso/internal/i18n"
	"sayso/internal/operation"
	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/store/mongo"
	"sayso/internal/store/sqlite"
	"sayso/internal/survey"
	"sayso/internal/theme"
	"sayso/internal/web"
	"sayso/locales"
)

// store is everything the rooms read and write.
type store interface {
	survey.Store
	people.StaffStore
	people.InvitationList
	people.SessionStore
	people.AuditStore
	people.Spendings
	report.Store
	report.Folds
	ballot.Store
	admission.Store
	CountDrafts(ctx context.Context) (int, error)
	Close() error
}

// house is all rooms, joined.
type house struct {
	config  *Config
	store   store
	secrets people.Secrets
	areas   exercise.Areas
	library *web.Library
	locales *i18n.Bundle
	books   map[string]*theme.Codebook
	surveys *survey.Service
	ballots *ballot.Service
	codes   *admission.Service
	keys    *people.Hasher
	audit   *people.Log
	staff   *people.Service
	limits  *people.Sharing
	reports *report.Service
	now     func() time.Time
	log     *slog.Logger

	metrics   *operation.Metrics
	readiness *operation.Readiness
	refreshed atomic.Pointer[time.Time] // when the surveys were last read
}

// furnish reads what is shipped as files: areas, pictures, languages, codebooks.
func furnish(c *Config) (*house, error) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return nil, err
	}
	h := &house{config: c, now: func() time.Time { return time.Now().In(london) }}
	if h.locales, err = i18n.Load(locales.FS); err != nil {
		return nil, err
	}
	if h.library, err = web.ReadLibrary(content.FS); err != nil {
		return nil, err
	}
	if h.areas, err = readAreas(c); err != nil {
		return nil, err
	}
	if h.books, err = readCodebooks(content.FS); err != nil {
		return nil, err
	}
	if _, ok := h.areas.Area(c.Home); !ok && c.Home != "" {
		return nil, fmt.Errorf("SAYSO_HOME is %q, but there is no such area; the areas are %s", c.Home, areaList(h.areas))
	}
	return h, nil
}

// open furnishes the house and opens its store and services.
func open(ctx context.Context, c *Config, options ...people.Option) (*house, error) {
	if err := errors.Join(c.readFiles(), c.check()); err != nil {
		return nil, err
	}
	h, err := furnish(c)
	if err != nil {
		return nil, err
	}
	if h.secrets, err = c.secrets(); err != nil {
		return nil, err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		return nil, err
	}
	h.log = slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	s, err := openStore(ctx, c)
	if err != nil {
		return nil, err
	}
	h.watch(s)
	if err := h.join(ctx, options...); err != nil {
		return nil, errors.Join(err, h.store.Close())
	}
	return h, nil
}

func openStore(ctx context.Context, c *Config) (store, error) {
	if c.MongoDB != "" {
		return mongo.Open(ctx, c.MongoDB, c.Database)
	}
	if err := c.makeData(); err != nil {
		return nil, err
	}
	return sqlite.Open(ctx, filepath.Join(c.Data, "sayso.db"))
}

// join makes the services over the store.
func (h *house) join(ctx context.Context, options ...people.Option) error {
	var err error
	h.surveys = survey.NewService(h.store, h.now)
	h.audit = people.NewLog(h.store, h.now)
	h.ballots = ballot.NewService(h.store, h.audit, h.now)
	h.codes = admission.NewService(h.store, h.secrets, h.audit, h.now)
	if err := h.refresh(ctx); err != nil {
		return err
	}
	if h.keys, err = people.NewHasher(h.secrets, h.library.Keys); err != nil {
		return err
	}
	var breached *people.Breached
	if h.config.Breached != "" {
		if breached, err = people.OpenBreached(h.config.Breached); err != nil {
			return fmt.Errorf("SAYSO_BREACHED_PASSWORDS: %w", err)
		}
	}
	h.staff, err = people.NewService(people.Config{Staff: h.store, Sessions: h.store, Log: h.audit, Areas: h.areas,
		Secrets: h.secrets, Issuer: "Sayso", Now: h.now, Breached: breached}, options...)
	if err != nil {
		return err
	}
	h.limits = people.NewSharing(h.store, h.secrets, h.now, h.log)
	h.reports = report.NewService(h.store, report.Sources{Surveys: h.surveys, Responses: h.store, Folds: h.store,
		Program: programSum, Codebook: h.codebook, Areas: h.areas, Label: h.detailLabel}, h.audit, h.now)
	return nil
}

// programSum is a hash of this program: another one may find other themes in the same words.
var programSum = sync.OnceValues(func() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find this program: %w", err)
	}
	const running = "/proc/self/exe" // also when another one was put in its place since
	if _, err := os.Stat(running); err == nil {
		path = running
	}
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read this program: %w", err)
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", fmt.Errorf("read this program: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
})

func (h *house) codebook(id string) (*theme.Codebook, bool) {
	b, ok := h.books[id]
	return b, ok
}

// detailLabel words the kind of a personal detail that was taken out of a quote.
func (h *house) detailLabel(lang, kind string) string {
	return h.locales.Choose(lang, "", "").T("detail." + kind)
}

// known is what a survey file may name.
func (h *house) known() survey.Known {
	return survey.Known{
		Areas:    h.areas,
		Picture:  func(id string) bool { _, ok := h.library.Pictures[id]; return ok },
		Codebook: func(id string) bool { _, ok := h.books[id]; return ok },
		Language: func(tag string) bool { _, ok := h.locales.Locale(tag); return ok },
	}
}

func (h *house) settings(demo bool) web.Settings {
	return web.Settings{Secure: h.config.secure(), Host: h.config.host(), Home: h.config.Home, Leave: h.config.Leave,
		Proxies: h.config.Proxies, Demo: demo}
}

func (h *house) parts(demo bool) web.Parts {
	return web.Parts{Settings: h.settings(demo), Locales: h.locales, Areas: h.areas, Library: h.library, Surveys: h.surveys, Ballots: h.ballots, Codes: h.codes,
		Secrets: h.secrets, Keys: h.keys, Staff: h.staff, Audit: h.audit, Limits: h.limits, Entries: h.store, Reports: h.reports, Health: h.health(), Log: h.log, Now: h.now}
}

// areaList names the areas for whoever has to choose one.
func areaList(areas exercise.Areas) string {
	var ids []string
	for _, a := range areas.All() {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, ", ")
}

// publishFolder publishes the survey files of a folder on disk.
func (h *house) publishFolder(ctx context.Context, folder string, tell func(format string, args ...any)) error {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("SAYSO_SURVEYS is %q, but there is no such folder", folder)
	}
	files := os.DirFS(folder)
	if paths, err := fs.Glob(files, "*.yaml"); err != nil || len(paths) == 0 {
		return errors.Join(err, fmt.Errorf("SAYSO_SURVEYS is %q, but there is no survey file (.yaml) in that folder", folder))
	}
	return h.publish(ctx, files, tell)
}

// publish publishes the survey files that changed, and says which. If one of them cannot be read, none is published.
func (h *house) publish(ctx context.Context, files fs.FS, tell func(format string, args ...any)) error {
	surveys, err := h.readSurveys(files)
	if err != nil {
		return err
	}
	return h.publishAll(ctx, surveys, tell)
}

// surveyFile is a survey with the name of its file.
type surveyFile struct {
	path   string
	survey survey.Survey
}

func (h *house) readSurveys(files fs.FS) ([]surveyFile, error) {
	paths, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	surveys, ids := make([]surveyFile, len(paths)), idFiles{}
	for i, path := range paths {
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		sv, problems := survey.ReadFile(data, h.known())
		problems = append(ids.twice(sv.ID, checked{name: path, data: data}), problems...)
		if len(problems) > 0 {
			return nil, fmt.Errorf("%s:%s (%d to mend; sayso check lists them)", path, problems[0], len(problems))
		}
		surveys[i] = surveyFile{path, sv}
	}
	return surveys, nil
}

func (h *house) publishAll(ctx context.Context, surveys []surveyFile, tell func(format string, args ...any)) error {
	for _, f := range surveys {
		if err := h.publishOne(ctx, f.survey, tell); err != nil {
			return fmt.Errorf("publish %s: %w", f.path, h.sentence(err))
		}
	}
	return nil
}

func (h *house) publishOne(ctx context.Context, sv survey.Survey, tell func(format string, args ...any)) error {
	version, fresh, err := h.surveys.Publish(ctx, sv)
	if fault.Is(err, fault.Conflict) { // another server published it at this moment
		version, fresh, err = h.surveys.Publish(ctx, sv)
	}
	if err != nil || !fresh {
		return err
	}
	if err := h.audit.Record(ctx, people.CommandLine(), people.ActSurveyPublished, "survey/"+sv.ID, sv.Area,
		map[string]string{"version": fmt.Sprint(version)}); err != nil {
		return err
	}
	tell("Published %s, version %d.", sv.ID, version)
	return nil
}

// survey returns the survey a command is about.
func (h *house) survey(id string) (*survey.Survey, error) {
	sv, err := h.surveys.Newest(id)
	if err == nil {
		return sv, nil
	}
	var ids []string
	for _, sv := range h.surveys.All() {
		ids = append(ids, sv.ID)
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("there is no survey %q, nor any other; publish surveys with SAYSO_SURVEYS=FOLDER sayso serve", id)
	}
	return nil, fmt.Errorf("there is no survey %q; there are %s", id, strings.Join(ids, ", "))
}

func readAreas(c *Config) (exercise.Areas, error) {
	files, err := fs.Sub(content.FS, "areas")
	if err != nil {
		return exercise.Areas{}, err
	}
	if c.Areas != "" {
		files = os.DirFS(c.Areas)
	}
	paths, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return exercise.Areas{}, err
	}
	if len(paths) == 0 {
		return exercise.Areas{}, fmt.Errorf("SAYSO_AREAS is %q, but there is no area file (.yaml) in such a folder", c.Areas)
	}
	var systems []exercise.Area
	for _, path := range paths {
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return exercise.Areas{}, err
		}
		var file struct {
			Areas []exercise.Area `yaml:"areas"`
		}
		if err := authoring.Decode(data, &file); err != nil && !errors.Is(err, io.EOF) {
			return exercise.Areas{}, fmt.Errorf("SAYSO_AREAS: %s:%w", path, plainYAML(err))
		}
		if len(file.Areas) == 0 {
			return exercise.Areas{}, fmt.Errorf("SAYSO_AREAS: %s:1: there is no area in it; write a list of areas", path)
		}
		systems = append(systems, file.Areas...)
	}
	return exercise.NewAreas(systems)
}

// plainYAML says in a line, which begins with its number, what the library shows as a picture of the file.
func plainYAML(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return errors.New("1: this cannot be read as YAML")
	}
	at, sentence := e.GetToken(), e.GetMessage()
	if _, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		sentence = fmt.Sprintf("there is no field called %q here; look for a slip of the pen, or whether it is indented too far", at.Value)
	}
	return fmt.Errorf("%d: %s", at.Position.Line, sentence)
}

func readCodebooks(files fs.FS) (map[string]*theme.Codebook, error) {
	paths, err := fs.Glob(files, "codebooks/*.yaml")
	if err != nil {
		return nil, err
	}
	books := map[string]*theme.Codebook{}
	for _, path := range paths {
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		b, err := theme.ParseCodebook(path, data)
		if err != nil {
			return nil, err
		}
		books[b.ID] = b
	}
	return books, nil
}
