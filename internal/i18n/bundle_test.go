package i18n

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/text/feature/plural"
)

// small makes a bundle of two languages whose catalogues are given; its faults are kept, not told.
func small(t *testing.T, english, polish string) (b *Bundle, faults *[]string) {
	t.Helper()
	b, err := Load(fstest.MapFS{
		"languages.toml": {Data: []byte("[[language]]\ntag = \"en\"\nname = \"English\"\n[[language]]\ntag = \"pl\"\nname = \"Polski\"\n")},
		"active.en.toml": {Data: []byte(english)},
		"active.pl.toml": {Data: []byte(polish)},
	})
	if err != nil {
		t.Fatal(err)
	}
	faults = new([]string)
	b.Missing = func(tag, key string, cause error) { *faults = append(*faults, tag+" "+key) }
	return b, faults
}

func locale(t *testing.T, b *Bundle, tag string) *Locale {
	t.Helper()
	l, ok := b.Locale(tag)
	if !ok {
		t.Fatalf("there is no language %s", tag)
	}
	return l
}

func TestChoose(t *testing.T) {
	b := shipped(t)
	for _, c := range []struct{ name, asked, chosen, browser, want string }{
		{"nothing is known", "", "", "", "en"},
		{"the one asked for now wins", "ur", "pl", "cy", "ur"},
		{"the one chosen before beats the browser", "", "pl", "cy", "pl"},
		{"nonsense asked for", "../etc", "pl", "cy", "pl"},
		{"a language that is not shipped", "fr", "", "cy", "cy"},
		{"nonsense everywhere", "x", "\x00", ";;q=,", "en"},
		{"Easy Read when asked for", "en-x-easy", "", "pl", "en-x-easy"},
		{"Easy Read chosen before", "", "en-x-easy", "pl", "en-x-easy"},
		{"Easy Read is never the browser's choice", "", "", "en-x-easy", "en"},
		{"nor beside another language", "", "", "en-x-easy, pl;q=0.1", "en"},
		{"a tag is taken as it is written", "UR", "", "", "en"},
		{"British English", "", "", "en-GB,en;q=0.9,pl;q=0.8", "en"},
		{"American English", "", "", "en-US", "en"},
		{"Urdu of Pakistan", "", "", "ur-PK,ur;q=0.9,en;q=0.8", "ur"},
		{"Urdu of India", "", "", "ur-IN", "ur"},
		{"Arabic of Egypt", "", "", "ar-EG", "ar"},
		{"Polish", "", "", "pl-PL", "pl"},
		{"Welsh before English", "", "", "cy-GB,cy;q=0.9,en-GB;q=0.8", "cy"},
		{"the order of liking, not of writing", "", "", "pl;q=0.2, ar;q=0.9", "ar"},
		{"the first that is shipped", "", "", "fr, pl;q=0.5", "pl"},
		{"none that is shipped", "", "", "fr, de;q=0.5", "en"},
		{"any language", "", "", "*", "en"},
		{"a header too long to look at", "", "", "pl," + strings.Repeat("fr;q=0.1,", 30), "en"},
	} {
		if got := b.Choose(c.asked, c.chosen, c.browser).Tag; got != c.want {
			t.Errorf("%s: Choose(%q, %q, %q) = %s, want %s", c.name, c.asked, c.chosen, c.browser, got, c.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	list := func(tag string) []byte { return []byte("[[language]]\ntag = \"" + tag + "\"\nname = \"a\"\n") }
	file := func(data string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(data)} }
	for name, fsys := range map[string]fstest.MapFS{
		"no list":            {},
		"a broken list":      {"languages.toml": file("[[")},
		"a tag that is none": {"languages.toml": {Data: list("!")}},
		"no catalogue":       {"languages.toml": {Data: list("en")}},
		"a broken catalogue": {"languages.toml": {Data: list("en")}, "active.en.toml": file(`"a" = `)},
		"no English":         {"languages.toml": {Data: list("pl")}, "active.pl.toml": file(`"a" = "b"`)},
	} {
		if b, err := Load(fsys); err == nil || b != nil {
			t.Errorf("%s: Load gave %v and the error %v", name, b, err)
		}
	}
}

func TestT(t *testing.T) {
	const english = `
"plain" = "Hello"
"name" = "Hello {{.Name}}"
"english_only" = "Only {{.Count}} here"
`
	const polish = `
"plain" = "Witaj"
"name" = "Witaj, {{.Nam}}"
`
	for _, c := range []struct {
		name, key string
		args      []any
		want      string
		faults    []string
	}{
		{"said", "plain", nil, "Witaj", nil},
		{"in English only", "english_only", []any{"Count", 1840}, "Only 1,840 here", []string{"pl english_only"}},
		{"nowhere", "none", nil, "none", []string{"pl none"}},
		{"a placeholder of another name", "name", []any{"Name", "Ola"}, "Hello Ola", []string{"pl name"}},
		{"a placeholder not filled in either", "name", nil, "name", []string{"pl name"}},
		{"no pairs", "plain", []any{"Name"}, "plain", []string{"pl plain"}},
		{"a name that is no word", "plain", []any{1, 2}, "plain", []string{"pl plain"}},
	} {
		b, faults := small(t, english, polish)
		l := locale(t, b, "pl")
		for range 2 { // the second time nothing is told
			if got := l.T(c.key, c.args...); got != c.want {
				t.Errorf("%s: T(%q, %v) = %q, want %q", c.name, c.key, c.args, got, c.want)
			}
		}
		if !slices.Equal(*faults, c.faults) {
			t.Errorf("%s: told of %v, want %v", c.name, *faults, c.faults)
		}
	}
}

func TestTTellsOncePerLanguage(t *testing.T) {
	b, faults := small(t, ``, ``)
	for _, tag := range []string{"en", "pl", "en", "pl"} {
		locale(t, b, tag).T("none")
	}
	if want := []string{"en none", "pl none"}; !slices.Equal(*faults, want) {
		t.Errorf("told of %v, want %v", *faults, want)
	}
}

func TestHas(t *testing.T) {
	b, _ := small(t, `"a" = "A"`, `"b" = "B"`)
	l := locale(t, b, "pl")
	for key, want := range map[string]bool{"a": true, "b": true, "c": false} {
		if l.Has(key) != want {
			t.Errorf("Has(%q) = %t", key, !want)
		}
	}
}

// The plural form that is chosen is told by the words of that form in the shipped catalogue.
func TestPluralForms(t *testing.T) {
	b := shipped(t)
	numbers := []int{0, 1, 2, 3, 5, 6, 11, 21, 22, 100, 101}
	for tag, want := range map[string][]plural.Form{
		"en": {plural.Other, plural.One, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other},
		"ur": {plural.Other, plural.One, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other},
		"pl": {plural.Many, plural.One, plural.Few, plural.Few, plural.Many, plural.Many, plural.Many, plural.Many, plural.Few, plural.Many, plural.Many},
		"ar": {plural.Zero, plural.One, plural.Two, plural.Few, plural.Few, plural.Few, plural.Many, plural.Many, plural.Many, plural.Other, plural.Other},
		"cy": {plural.Zero, plural.One, plural.Two, plural.Few, plural.Other, plural.Many, plural.Other, plural.Other, plural.Other, plural.Other, plural.Other},
	} {
		l := locale(t, b, tag)
		for key, m := range l.messages {
			if !counted(m) {
				continue
			}
			for i, n := range numbers {
				form := strings.NewReplacer("{{.Count}}", l.Number(int64(n)), "{{.Most}}", "9", "{{.Words}}", "w").
					Replace(forms(m)[want[i]])
				if got := l.T(key, "Count", n, "Most", "9", "Words", "w"); got != form {
					t.Errorf("%s %s of %d: %q, want %q", tag, key, n, got, form)
				}
			}
		}
	}
}

func TestNumbersAndDates(t *testing.T) {
	b := shipped(t)
	day := time.Date(2027, time.January, 31, 0, 0, 0, 0, time.UTC)
	for tag, want := range map[string]struct{ number, decimal, date, short string }{
		"en":        {"1,840", "0.5", "31 January 2027", "31 January"},
		"en-x-easy": {"1,840", "0.5", "31 January 2027", "31 January"},
		"cy":        {"1,840", "0.5", "31 Ionawr 2027", "31 Ionawr"},
		"pl":        {"1\u00a0840", "0,5", "31 stycznia 2027", "31 stycznia"},
		"ur":        {"1,840", "0.5", "31 جنوری 2027", "31 جنوری"},
		"ar":        {"1,840", "0.5", "31 يناير 2027", "31 يناير"},
	} {
		l := locale(t, b, tag)
		for what, pair := range map[string][2]string{
			"Number":   {l.Number(1840), want.number},
			"Decimal":  {l.Decimal(0.5, 1), want.decimal},
			"Date":     {l.Date(day), want.date},
			"DayMonth": {l.DayMonth(day), want.short},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s %s: %q, want %q", tag, what, pair[0], pair[1])
			}
		}
		if got := l.T("mine.sent", "Day", day); !strings.Contains(got, want.date) {
			t.Errorf("%s: a day in a phrase is not written as a date: %q", tag, got)
		}
	}
}

func TestMonths(t *testing.T) {
	for _, l := range shipped(t).Locales() {
		seen := map[string]bool{}
		for m := time.January; m <= time.December; m++ {
			seen[l.DayMonth(time.Date(2027, m, 1, 0, 0, 0, 0, time.UTC))] = true
		}
		if len(seen) != 12 {
			t.Errorf("%s has %d months", l.Tag, len(seen))
		}
	}
}

func TestDirection(t *testing.T) {
	b := shipped(t)
	for tag, want := range map[string]string{"en": "ltr", "en-x-easy": "ltr", "cy": "ltr", "pl": "ltr", "ur": "rtl", "ar": "rtl"} {
		if l := locale(t, b, tag); l.Dir != want {
			t.Errorf("%s runs %s, want %s", tag, l.Dir, want)
		}
	}
}

func TestList(t *testing.T) {
	b := shipped(t)
	for _, c := range []struct {
		tag, want string
		words     []string
	}{
		{"en", "", nil},
		{"en", "a", []string{"a"}},
		{"en", "a and b", []string{"a", "b"}},
		{"en", "a, b and c", []string{"a", "b", "c"}},
		{"pl", "a, b i c", []string{"a", "b", "c"}},
		{"cy", "a, b, c", []string{"a", "b", "c"}}, // "a" or "ac" would depend on the word behind it
		{"ur", "الف، ب اور ج", []string{"الف", "ب", "ج"}},
		{"ar", "أ، ب وج", []string{"أ", "ب", "ج"}},
	} {
		if got := locale(t, b, c.tag).List(c.words); got != c.want {
			t.Errorf("%s: List(%q) = %q, want %q", c.tag, c.words, got, c.want)
		}
	}
}

func TestCoverage(t *testing.T) {
	b, _ := small(t, `
"a" = "A"
"b" = "B"
"c" = "C"
`, `
"a" = "a"
"b" = { description = "draft", other = "b" }
"extra" = "not counted"
`)
	for tag, want := range map[string]Coverage{"en": {3, 3, 3}, "pl": {3, 2, 1}} {
		if got := locale(t, b, tag).Coverage(); got != want {
			t.Errorf("%s: %+v, want %+v", tag, got, want)
		}
	}
	for _, l := range shipped(t).Locales() {
		if c := l.Coverage(); c.Said != c.Phrases || (slices.Contains(checked, l.Tag) && c.Checked != c.Phrases) {
			t.Errorf("%s: %+v", l.Tag, c)
		}
	}
}

func TestLocales(t *testing.T) {
	b := shipped(t)
	var tags []string
	for _, l := range b.Locales() {
		tags = append(tags, l.Tag)
		if l.Name == "" {
			t.Errorf("%s has no name of its own", l.Tag)
		}
	}
	if want := []string{"en", "en-x-easy", "cy", "pl", "ur", "ar"}; !slices.Equal(tags, want) {
		t.Errorf("offered in the order %v, want %v", tags, want)
	}
	if l, ok := b.Locale("fr"); ok {
		t.Errorf("there is a language fr: %v", l)
	}
}
