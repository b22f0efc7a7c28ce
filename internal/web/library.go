package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"sayso/internal/exercise"
	"sayso/internal/i18n"
	"sayso/internal/people"
	"sayso/internal/web/view"
	"sayso/static"
)

// Library holds what people read that is not a survey: guides, help lines, pictures.
type Library struct {
	Guides    map[string]map[string]Guide // name → language → guide
	HelpLines []view.HelpLine
	Pictures  map[string]Picture // id → picture, those of surveys
	Keys      *people.Pictures   // those of keys
}

// Guide is a page about the service. HTML is clean and safe to show as it is.
type Guide struct {
	Title string
	HTML  string
}

// Picture is a drawing with its name in each language.
type Picture struct {
	ID    string        `json:"id"`
	File  string        `json:"file"` // below static/
	Names exercise.Text `json:"names"`
}

// ReadLibrary reads guides, help lines and pictures from the content folder.
func ReadLibrary(content fs.FS) (*Library, error) {
	l := &Library{Guides: map[string]map[string]Guide{}, Pictures: map[string]Picture{}}
	for _, read := range []func(fs.FS) error{l.readGuides, l.readHelpLines, l.readPictures} {
		if err := read(content); err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *Library) readGuides(content fs.FS) error {
	files, err := fs.Glob(content, "guides/*.md")
	if err != nil {
		return err
	}
	for _, file := range files {
		name, lang, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".md"), ".")
		data, err := fs.ReadFile(content, file)
		if err != nil {
			return err
		}
		guide, err := readGuide(data)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if l.Guides[name] == nil {
			l.Guides[name] = map[string]Guide{}
		}
		l.Guides[name][lang] = guide
	}
	return nil
}

// readGuide reads Markdown whose first line is the title. No script or style is left of what it says in HTML.
func readGuide(data []byte) (Guide, error) {
	title, body, _ := strings.Cut(string(data), "\n")
	var html bytes.Buffer
	if err := goldmark.Convert([]byte(body), &html); err != nil {
		return Guide{}, err
	}
	return Guide{Title: strings.TrimPrefix(title, "# "), HTML: bluemonday.UGCPolicy().Sanitize(html.String())}, nil
}

// Guide returns the guide in the language or, failing that, in English, with the language it is in.
func (l *Library) Guide(name, lang string) (g Guide, used string, ok bool) {
	all := l.Guides[name]
	for _, tag := range []string{lang, i18n.Source} {
		if g, ok = all[tag]; ok {
			return g, tag, true
		}
	}
	return Guide{}, "", false
}

func (l *Library) readHelpLines(content fs.FS) error {
	data, err := fs.ReadFile(content, "helplines/england.yaml")
	if err != nil {
		return err
	}
	var file struct {
		HelpLines []view.HelpLine `yaml:"helplines"`
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("helplines: %w", err)
	}
	l.HelpLines = file.HelpLines
	return nil
}

func (l *Library) readPictures(content fs.FS) error {
	data, err := fs.ReadFile(content, "pictures/survey.json")
	if err != nil {
		return err
	}
	var file struct{ Pictures []Picture }
	if err := json.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("pictures of surveys: %w", err)
	}
	for _, p := range file.Pictures {
		l.Pictures[p.ID] = p
	}
	data, err = fs.ReadFile(content, "pictures/key.json")
	if err != nil {
		return err
	}
	l.Keys, err = people.ParsePictures(data)
	return err
}

// picture finds the drawing of an id, with its name in the language.
func (l *Library) picture(id, lang string) (view.Picture, bool) {
	p, ok := l.Pictures[id]
	if !ok {
		return view.Picture{}, false
	}
	return view.Picture{ID: id, Src: static.Path(p.File), Name: p.Names.Words(lang)}, true
}

// named shows the pictures of a key with their names in the language.
func (l *Library) named(k people.Key, lang string) []view.Picture { return shown(l.Keys.Of(k), lang) }

// allNamed shows all pictures that keys are made of, in the order of their names in the language.
func (l *Library) allNamed(lang string) []view.Picture {
	all := shown(l.Keys.All(), lang)
	order := collate.New(language.Make(lang))
	slices.SortFunc(all, func(a, b view.Picture) int { return order.CompareString(a.Name, b.Name) })
	return all
}

func shown(pictures []people.Picture, lang string) []view.Picture {
	out := make([]view.Picture, len(pictures))
	for i, p := range pictures {
		out[i] = view.Picture{ID: p.ID, Src: static.Path(p.File), Name: p.Names.Words(lang)}
	}
	return out
}
