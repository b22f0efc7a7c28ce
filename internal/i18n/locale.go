package i18n

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Locale is one language that people are spoken to in.
type Locale struct {
	Tag  string // BCP 47, as in lang=""
	Name string // its own name for itself
	Dir  string // "ltr" or "rtl"

	bundle    *Bundle
	language  language.Tag
	localizer *goi18n.Localizer
	printer   *message.Printer
	messages  map[string]*goi18n.Message
}

// T says the phrase of the key. args are pairs of a placeholder's name and its value; whole numbers are written
// as the language writes them, and the one named "Count" chooses the plural form. A phrase that the language lacks
// is said in English and reported; a key that is nowhere is returned itself.
func (l *Locale) T(key string, args ...any) string {
	s, err := l.say(key, args)
	if err == nil {
		return s
	}
	l.bundle.missing(l.Tag, key, err)
	if source := l.bundle.locales[Source]; l != source {
		if s, err := source.say(key, args); err == nil {
			return s
		}
	}
	return key
}

// Has says whether the phrase is there, in the language or in English.
func (l *Locale) Has(key string) bool {
	return l.messages[key] != nil || l.bundle.locales[Source].messages[key] != nil
}

func (l *Locale) say(key string, args []any) (string, error) {
	if l.messages[key] == nil {
		return "", errors.New("not in the catalogue")
	}
	config := goi18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		data, count, err := l.placeholders(args)
		if err != nil {
			return "", err
		}
		config.TemplateData, config.PluralCount = data, count
	}
	s, err := l.localizer.Localize(&config)
	if err != nil {
		return "", err
	}
	if strings.Contains(s, "<no value>") {
		return "", fmt.Errorf("a placeholder was not filled: %q", s)
	}
	return s, nil
}

func (l *Locale) placeholders(args []any) (data map[string]any, count any, err error) {
	if len(args)%2 != 0 {
		return nil, nil, errors.New("placeholders come in pairs")
	}
	data = make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			return nil, nil, fmt.Errorf("%v is no placeholder's name", args[i])
		}
		if name == "Count" {
			count = args[i+1]
		}
		data[name] = l.written(args[i+1])
	}
	return data, count, nil
}

func (l *Locale) written(v any) any {
	switch n := v.(type) {
	case int:
		return l.Number(int64(n))
	case int64:
		return l.Number(n)
	case time.Time:
		return l.Date(n)
	}
	return v
}

// Number writes a whole number as the language does: 1,840.
func (l *Locale) Number(n int64) string { return l.printer.Sprint(number.Decimal(n)) }

// Decimal writes a number with the given digits after the point.
func (l *Locale) Decimal(f float64, digits int) string {
	return l.printer.Sprint(number.Decimal(f, number.Scale(digits)))
}

// Date writes a day with its year: 31 January 2027.
func (l *Locale) Date(t time.Time) string {
	return l.T("date.full", "Day", l.digits(t.Day()), "Month", l.month(t), "Year", l.digits(t.Year()))
}

// DayMonth writes a day of this or the next year: 31 January.
func (l *Locale) DayMonth(t time.Time) string {
	return l.T("date.short", "Day", l.digits(t.Day()), "Month", l.month(t))
}

func (l *Locale) month(t time.Time) string { return l.T("month." + strconv.Itoa(int(t.Month()))) }

// digits writes a number without separators, for days and years.
func (l *Locale) digits(n int) string {
	return l.printer.Sprint(number.Decimal(n, number.NoSeparator()))
}

// List joins words as the language does: a, b and c.
func (l *Locale) List(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	comma := l.T("list.comma")
	return l.T("list.and", "Start", strings.Join(words[:len(words)-1], comma), "End", words[len(words)-1])
}

// Coverage says how complete and how checked a catalogue is.
type Coverage struct {
	Phrases, Said, Checked int
}

// Coverage counts the source's phrases, those said in the language, and those a person has checked.
func (l *Locale) Coverage() Coverage {
	source := l.bundle.locales[Source]
	c := Coverage{Phrases: len(source.messages)}
	for id := range source.messages {
		m := l.messages[id]
		if m == nil {
			continue
		}
		c.Said++
		if m.Description != Draft {
			c.Checked++
		}
	}
	return c
}

// Draft is the description of a message that a machine translated and no speaker has checked.
const Draft = "draft"
