// Package i18n speaks to people in their language: catalogues, the choice of a language, its direction,
// numbers and dates.
package i18n

import (
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Source is the language in which phrases are first written; the others are translations of it.
const Source = "en"

// Easy is Easy Read English: separately written, never chosen for a person by their browser's settings.
const Easy = "en-x-easy"

// Bundle holds the catalogues of all shipped languages.
type Bundle struct {
	locales map[string]*Locale
	order   []*Locale
	match   language.Matcher
	matched []*Locale // by the matcher's index

	// Missing is told once of each phrase that could not be said properly: tests fail there.
	Missing func(tag, key string, cause error)
	told    sync.Map
}

// Load reads languages.toml and active.<tag>.toml of each language from the folder.
func Load(fsys fs.FS) (*Bundle, error) {
	var list struct {
		Language []struct{ Tag, Name string }
	}
	if _, err := toml.DecodeFS(fsys, "languages.toml", &list); err != nil {
		return nil, fmt.Errorf("read the list of languages: %w", err)
	}
	b := &Bundle{locales: map[string]*Locale{}, Missing: logMissing}
	for _, l := range list.Language {
		loc, err := loadLocale(fsys, l.Tag, l.Name)
		if err != nil {
			return nil, err
		}
		loc.bundle = b
		b.locales[l.Tag] = loc
		b.order = append(b.order, loc)
	}
	if b.locales[Source] == nil {
		return nil, fmt.Errorf("the list of languages lacks %s", Source)
	}
	b.prepareMatcher()
	return b, nil
}

func loadLocale(fsys fs.FS, tag, name string) (*Locale, error) {
	t, err := language.Parse(tag)
	if err != nil {
		return nil, fmt.Errorf("language %q: %w", tag, err)
	}
	file := "active." + tag + ".toml"
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	// One go-i18n bundle a language: no fallback behind our back, and Easy Read is matched exactly.
	base, _ := t.Base()
	plain := language.Make(base.String())
	bundle := goi18n.NewBundle(plain)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	parsed, err := bundle.ParseMessageFileBytes(data, "active."+plain.String()+".toml")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	// Digits are 0 to 9 in every language, as in the surveys and on every telephone in England.
	digits := language.Make(plain.String() + "-u-nu-latn")
	loc := &Locale{Tag: tag, Name: name, Dir: direction(t), language: t,
		localizer: goi18n.NewLocalizer(bundle, plain.String()), printer: message.NewPrinter(digits),
		messages: map[string]*goi18n.Message{}}
	for _, m := range parsed.Messages {
		loc.messages[m.ID] = m
	}
	return loc, nil
}

func direction(t language.Tag) string {
	script, _ := t.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

func (b *Bundle) prepareMatcher() {
	var tags []language.Tag
	for _, l := range b.order {
		if l.Tag != Easy {
			tags = append(tags, l.language)
			b.matched = append(b.matched, l)
		}
	}
	b.match = language.NewMatcher(tags)
}

// Locales returns the shipped languages in the order in which they are offered.
func (b *Bundle) Locales() []*Locale { return b.order }

// Locale returns the language of the tag.
func (b *Bundle) Locale(tag string) (*Locale, bool) {
	l, ok := b.locales[tag]
	return l, ok
}

// Spelled returns the language that the tag means, however it is written and whatever country it names: "UR", "ur-PK".
func (b *Bundle) Spelled(tag string) (*Locale, bool) {
	for _, l := range b.order {
		if strings.EqualFold(l.Tag, tag) {
			return l, true
		}
	}
	wanted, err := language.Parse(tag)
	if err != nil || len(tag) > mostTag {
		return nil, false
	}
	_, i, confidence := b.match.Match(wanted)
	return b.matched[i], confidence >= language.High
}

// mostTag is the length of the longest tag that is read.
const mostTag = 35

// Choose returns the language for a person: what they asked for now, what they chose before, what their browser
// says, English. Each may be empty or nonsense.
func (b *Bundle) Choose(asked, chosen, acceptLanguage string) *Locale {
	for _, tag := range [...]string{asked, chosen} {
		if l, ok := b.locales[tag]; ok {
			return l
		}
	}
	if len(acceptLanguage) <= 200 {
		if wanted, _, err := language.ParseAcceptLanguage(acceptLanguage); err == nil && len(wanted) > 0 {
			if _, i, confidence := b.match.Match(wanted...); confidence >= language.High {
				return b.matched[i]
			}
		}
	}
	return b.locales[Source]
}

func (b *Bundle) missing(tag, key string, cause error) {
	if _, before := b.told.LoadOrStore(tag+" "+key, true); !before {
		b.Missing(tag, key, cause)
	}
}

func logMissing(tag, key string, cause error) {
	slog.Error("a phrase is missing", "language", tag, "key", key, "cause", cause)
}
