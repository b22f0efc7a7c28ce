package i18n

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"sayso/locales"
)

// checked are the catalogues that people wrote; the others are translations, drafts until a speaker reads them.
var checked = []string{Source, Easy}

// same are the phrases that may read as in English, by language.
var same = map[string][]string{
	"ur": {"service"},
	"pl": {"service", "role.administrator"},
	"ar": {"service"},
	"cy": {"service"},
}

// latin are the words that stay in their own letters in a language of another script.
var latin = regexp.MustCompile(`Sayso|authenticator`)

// longest is how many words a sentence may have.
var longest = map[string]int{Source: 20, Easy: 15}

// shipped loads the catalogues as they are shipped; a phrase that cannot be said fails the test.
func shipped(t *testing.T) *Bundle {
	t.Helper()
	b, err := Load(locales.FS)
	if err != nil {
		t.Fatal(err)
	}
	b.Missing = func(tag, key string, cause error) { t.Errorf("%s %s: %v", tag, key, cause) }
	return b
}

// forms lists the plural forms of a phrase, those that are written.
func forms(m *goi18n.Message) map[plural.Form]string {
	all := map[plural.Form]string{plural.Zero: m.Zero, plural.One: m.One, plural.Two: m.Two, plural.Few: m.Few,
		plural.Many: m.Many, plural.Other: m.Other}
	for form, s := range all {
		if s == "" {
			delete(all, form)
		}
	}
	return all
}

func counted(m *goi18n.Message) bool { return len(forms(m)) > 1 }

// eachPhrase calls see with every phrase of every catalogue, once a plural form.
func eachPhrase(t *testing.T, see func(t *testing.T, l *Locale, key, s string)) {
	t.Helper()
	for _, l := range shipped(t).Locales() {
		t.Run(l.Tag, func(t *testing.T) {
			for key, m := range l.messages {
				for _, s := range forms(m) {
					see(t, l, key, s)
				}
			}
		})
	}
}

func TestCataloguesHaveTheKeysOfEnglish(t *testing.T) {
	b := shipped(t)
	source := b.locales[Source].messages
	if len(source) == 0 {
		t.Fatal("the English catalogue is empty")
	}
	for _, l := range b.Locales() {
		for key := range source {
			if l.messages[key] == nil {
				t.Errorf("%s lacks %s", l.Tag, key)
			}
		}
		for key := range l.messages {
			if source[key] == nil {
				t.Errorf("%s has %s, which English has not", l.Tag, key)
			}
		}
	}
}

// wanted returns the plural forms of a language: those of whole numbers, and that of numbers with a fraction.
func wanted(tag language.Tag) map[plural.Form]bool {
	out := map[plural.Form]bool{plural.Other: true}
	for n := range 200 {
		out[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)] = true
	}
	out[plural.Cardinal.MatchPlural(tag, 1, 1, 1, 5, 5)] = true
	return out
}

func TestCountedPhrasesHaveThePluralFormsOfTheLanguage(t *testing.T) {
	b := shipped(t)
	source := b.locales[Source].messages
	for _, l := range b.Locales() {
		want := wanted(l.language)
		for key, m := range l.messages {
			if source[key] == nil {
				continue // said elsewhere
			}
			if !counted(source[key]) {
				if counted(m) || m.Other == "" {
					t.Errorf("%s %s: one form is wanted, the one named other", l.Tag, key)
				}
				continue
			}
			for form := plural.Other; form <= plural.Many; form++ {
				if _, has := forms(m)[form]; has != want[form] {
					t.Errorf("%s %s: plural form %d is there: %t, wanted: %t", l.Tag, key, form, has, want[form])
				}
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

func placeholders(s string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// exact are the plural forms that stand for one number only, so that a word may say it: "سؤالان" is two questions.
var exact = map[plural.Form]bool{plural.Zero: true, plural.One: true, plural.Two: true}

func TestPhrasesHaveThePlaceholdersOfEnglish(t *testing.T) {
	b := shipped(t)
	for key, source := range b.locales[Source].messages {
		want := placeholders(source.Other)
		if !counted(source) && slices.Contains(want, "Count") {
			t.Errorf("en %s has the placeholder Count, but one form only: no other would be found for it", key)
		}
		for _, l := range b.Locales() {
			m := l.messages[key]
			if m == nil {
				continue // said elsewhere
			}
			for form, s := range forms(m) {
				got := placeholders(s)
				if exact[form] && slices.Contains(want, "Count") && !slices.Contains(got, "Count") {
					got = append(got, "Count")
					slices.Sort(got)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s %s: placeholders %v, wanted %v: %s", l.Tag, key, got, want, s)
				}
			}
		}
	}
}

// A phrase whose key ends in _js gets its number in the browser, in place of %d.
func TestPhrasesAreWellFormed(t *testing.T) {
	verb := regexp.MustCompile(`%\w`)
	markup := regexp.MustCompile(`<|>|&\w+;|\*\*|__|\]\(|` + "`")
	eachPhrase(t, func(t *testing.T, l *Locale, key, s string) {
		bare := placeholder.ReplaceAllString(s, "")
		if strings.ContainsAny(bare, "{}") {
			t.Errorf("%s: a placeholder is broken: %s", key, s)
		}
		if got, want := len(verb.FindAllString(s, -1)), strings.HasSuffix(key, "_js"); (got == 1) != want ||
			strings.Count(s, "%d") != got {
			t.Errorf("%s: %%d stands in it %d times: %s", key, got, s)
		}
		if markup.MatchString(s) {
			t.Errorf("%s: markup: %s", key, s)
		}
		if (strings.TrimSpace(s) != s && key != "list.comma") || strings.Contains(s, "  ") {
			t.Errorf("%s: spaces at an end, or two together: %q", key, s)
		}
		if strings.ContainsAny(s, "\"'\n\t") || strings.Contains(s, "...") {
			t.Errorf("%s: typewriter quotes, dots or breaks: %q", key, s)
		}
	})
}

// ending is the mark at the end of a phrase, the same for all scripts.
func ending(s string) string {
	for mark, ends := range map[string]string{".": ".۔", "?": "?؟", ":": ":", ",": ",،"} {
		if last := []rune(s); strings.ContainsRune(ends, last[len(last)-1]) {
			return mark
		}
	}
	return ""
}

func TestTranslationsTranslate(t *testing.T) {
	source := shipped(t).locales[Source].messages
	eachPhrase(t, func(t *testing.T, l *Locale, key, s string) {
		if slices.Contains(checked, l.Tag) || source[key] == nil {
			return
		}
		english := source[key].Other
		letters := strings.ContainsFunc(placeholder.ReplaceAllString(english, ""), unicode.IsLetter)
		if letters && s == english && !slices.Contains(same[l.Tag], key) {
			t.Errorf("%s reads as in English: %s", key, s)
		}
		if key != "list.comma" && ending(s) != ending(english) {
			t.Errorf("%s ends otherwise than in English: %s", key, s)
		}
	})
}

// Letters and marks by which two languages of one script are told apart.
const (
	notUrdu   = "يكهةى,;?" // Arabic forms of letters that Urdu writes ی ک ہ, and marks of English
	notArabic = "ٹڈڑںےہھگپچکیژ۔,;?"
)

func TestScripts(t *testing.T) {
	script := map[string]*unicode.RangeTable{"ur": unicode.Arabic, "ar": unicode.Arabic}
	foreign := map[string]string{"ur": notUrdu, "ar": notArabic}
	eachPhrase(t, func(t *testing.T, l *Locale, key, s string) {
		want := script[l.Tag]
		bare := placeholder.ReplaceAllString(s, "")
		if want == nil {
			want = unicode.Latin
		} else {
			bare = strings.ReplaceAll(latin.ReplaceAllString(bare, ""), "%d", "")
		}
		for _, r := range bare {
			if unicode.IsLetter(r) && !unicode.Is(want, r) {
				t.Errorf("%s: %q is a letter of another script: %s", key, r, s)
				break
			}
		}
		if i := strings.IndexAny(s, foreign[l.Tag]); i >= 0 {
			t.Errorf("%s has a letter or mark of another language at byte %d: %s", key, i, s)
		}
		if l.Tag == "ur" && strings.Contains(bare, ".") && !regexp.MustCompile(`\d\. `).MatchString(bare) {
			t.Errorf("%s ends a sentence as English does: %s", key, s)
		}
	})
}

var sentenceEnd = regexp.MustCompile(`[.?!:](\s|$)`)

func TestEnglishIsShortAndCalm(t *testing.T) {
	loud := regexp.MustCompile(`(?i)!|please note|\boops\b|\bsimply click\b`)
	eachPhrase(t, func(t *testing.T, l *Locale, key, s string) {
		most, bounded := longest[l.Tag]
		if !bounded {
			return
		}
		for _, sentence := range sentenceEnd.Split(s, -1) {
			if n := len(strings.Fields(sentence)); n > most {
				t.Errorf("%s: a sentence of %d words, at most %d: %s", key, n, most, sentence)
			}
		}
		if loud.MatchString(s) {
			t.Errorf("%s is loud: %s", key, s)
		}
	})
}

func TestDraftsAreMarked(t *testing.T) {
	for _, l := range shipped(t).Locales() {
		for key, m := range l.messages {
			if m.Description != "" && (m.Description != Draft || slices.Contains(checked, l.Tag)) {
				t.Errorf("%s %s: described as %q", l.Tag, key, m.Description)
			}
		}
	}
}

func TestPhrasesSaySomething(t *testing.T) {
	eachPhrase(t, func(t *testing.T, l *Locale, key, s string) {
		bare := placeholder.ReplaceAllString(s, "")
		if !strings.ContainsFunc(bare, unicode.IsLetter) && placeholders(s) == nil && key != "list.comma" &&
			!strings.HasPrefix(key, "age_band.") {
			t.Errorf("%s says nothing: %q", key, s)
		}
	})
}
