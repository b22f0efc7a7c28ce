package theme

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"sayso/internal/exercise"
)

var (
	idForm  = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)
	tagForm = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]+)*$`)
)

// checker collects what is wrong with a codebook, each with its line.
type checker struct {
	name   string
	file   *ast.File
	faults []error
}

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("%s:%d: %s", c.name, line(c.file, path), fmt.Sprintf(format, args...)))
}

func (c *checker) codebook(cb *Codebook) {
	c.id("$.id", cb.ID)
	if cb.Version == "" {
		c.fault("$.version", "the codebook has no version; add one, for example: version: \"1\"")
	}
	if len(cb.Languages) == 0 {
		c.fault("$.languages", "no languages are listed; add the languages that have words, for example: languages: [en]")
	}
	for i, lang := range cb.Languages {
		if !tagForm.MatchString(lang) {
			c.fault(fmt.Sprintf("$.languages[%d]", i), "%q is not a language tag; write a short tag such as en, pl or ur", lang)
		}
	}
	c.text("$.name", cb.Name, cb.Languages)
	c.lists("$.nothing", cb.Nothing, cb.Languages)
	if len(cb.Themes) == 0 {
		c.fault("$.themes", "there are no themes; add at least one under themes:")
	}
	for i := range cb.Themes {
		c.theme(cb, i)
	}
	c.frame(cb)
}

func (c *checker) theme(cb *Codebook, i int) {
	t, path := cb.Themes[i], fmt.Sprintf("$.themes[%d]", i)
	c.id(path+".id", t.ID)
	if cb.index(t.ID) < i {
		c.fault(path+".id", "the id %q is used twice; give each theme its own", t.ID)
	}
	c.place(cb, t, path)
	c.text(path+".name", t.Name, cb.Languages)
	if t.Definition["en"] == "" {
		c.fault(path+".definition", "theme %q has no definition in English; add definition: {en: ...}", t.ID)
	}
	for field, lists := range t.fields() {
		c.lists(path+"."+field, lists, cb.Languages)
	}
	for _, lang := range cb.Languages {
		if !t.hasWords(lang) && !cb.hasChildren(t.ID) {
			c.fault(path+".words", "theme %q has no words in %q; add some, or take %q out of languages", t.ID, lang, lang)
		}
	}
	if t.Measured && t.Column == "" {
		c.fault(path+".measured", "theme %q is measured but names no column; add column: with the heading of its column", t.ID)
	}
}

// place checks where a theme stands: under which other, and for which outcome.
func (c *checker) place(cb *Codebook, t Theme, path string) {
	if t.Parent != "" {
		switch j := cb.index(t.Parent); {
		case j < 0:
			c.fault(path+".parent", "theme %q is placed under %q, which does not exist; check the spelling", t.ID, t.Parent)
		case t.Parent == t.ID || cb.Themes[j].Parent != "":
			c.fault(path+".parent", "theme %q is placed under %q, which is not a main theme; there are two levels only", t.ID, t.Parent)
		}
	}
	if !slices.Contains(Outcomes(), t.Outcome) && (t.Outcome != "" || t.Parent == "") {
		c.fault(path+".outcome", "theme %q has the outcome %q; use one of %v", t.ID, t.Outcome, Outcomes())
	}
}

func (c *checker) id(path, id string) {
	if !idForm.MatchString(id) {
		c.fault(path, "%q is not an id; use small letters a to z, digits, _ and -, beginning with a letter", id)
	}
}

func (c *checker) text(path string, text exercise.Text, languages []string) {
	for _, lang := range append([]string{"en"}, languages...) {
		if !text.Has(lang) {
			c.fault(path, "the name is missing in %q; add it as %s: ...", lang, lang)
			return
		}
	}
}

func (c *checker) lists(path string, lists Lists, languages []string) {
	for _, lang := range slices.Sorted(maps.Keys(lists)) {
		if !slices.Contains(languages, lang) {
			c.fault(path+"."+lang, "there are words in %q, which is not under languages; add it there or remove the words", lang)
		}
		seen := map[string]bool{}
		for i, written := range lists[lang] {
			at := fmt.Sprintf("%s.%s[%d]", path, lang, i)
			p, err := parsePattern(written)
			if err != nil {
				c.fault(at, "%v", err)
			} else if seen[p.String()] {
				c.fault(at, "%q stands here twice (capitals and accents make no difference); remove one", written)
			}
			seen[p.String()] = true
		}
	}
}

func (c *checker) frame(cb *Codebook) {
	f := cb.Frame
	if f == nil {
		return
	}
	if strings.TrimSpace(f.Text) == "" || strings.TrimSpace(f.Question) == "" {
		c.fault("$.frame", "the frame must name the columns text: and question:")
	}
	if !cb.Covers(f.Language) {
		c.fault("$.frame.language", "the comments' language %q is not under languages; add language: en, for example", f.Language)
	}
	if f.MicroF1 < 0 || f.MicroF1 > 1 || f.MacroF1 < 0 || f.MacroF1 > 1 {
		c.fault("$.frame", "micro_f1 and macro_f1 are shares from 0 to 1")
	}
}

// fields gives a theme's lists by the name they have in the file.
func (t *Theme) fields() map[string]Lists {
	return map[string]Lists{"words": t.Words, "if_good": t.IfGood, "if_improve": t.IfImprove, "if_open": t.IfOpen, "not": t.Not}
}

func (t *Theme) hasWords(lang string) bool {
	return len(t.Words[lang])+len(t.IfGood[lang])+len(t.IfImprove[lang])+len(t.IfOpen[lang]) > 0
}

func (cb *Codebook) hasChildren(id string) bool {
	return slices.ContainsFunc(cb.Themes, func(t Theme) bool { return t.Parent == id })
}
