package report_test

import (
	"fmt"
	"slices"
	"testing"

	"sayso/internal/exercise"
	"sayso/internal/report"
	"sayso/internal/survey"
	"sayso/internal/theme"
)

const twoTongues = `
id: book
version: "1"
name: {en: Book, ur: Book}
source: Written for the test.
languages: [en, ur]
themes:
  - id: delays
    name: {en: Delays, ur: Delays}
    definition: {en: Told in English alone.}
    outcome: be_healthy
    words: {en: [wait*], ur: [nothing*]}
  - id: waiting
    name: {en: Waiting, ur: Waiting}
    definition: {en: Told in Urdu alone.}
    outcome: be_healthy
    words: {en: [nothing*], ur: [wait*]}
`

// alike are n people of one language, voice and age band who may be quoted. No two say the same.
func alike(n int, lang string, voice exercise.Voice, age string) (out []survey.Response) {
	for i := range n {
		who := fmt.Sprint(lang, voice, age, i)
		out = append(out, survey.Response{Language: lang, Voice: voice,
			Answers: []survey.Answer{
				{Question: "improve", Words: fmt.Sprintf("wait a%s b%s c%s", who, who, who)},
				{Question: "quote", Choices: []string{"yes"}},
			},
			About: []survey.Answer{{Question: "age", Choices: []string{age}}}})
	}
	return out
}

// quotesOf returns the quotes of a report on all of them.
func quotesOf(t *testing.T, groups ...[]survey.Response) []report.Quote {
	t.Helper()
	sv := report.Worries()
	sv.Languages = append(sv.Languages, survey.Language{Tag: "en-x-easy", CheckedBy: "us"})
	w := newWorld(t, sv)
	book, err := theme.ParseCodebook("book.yaml", []byte(twoTongues))
	w.must(err)
	src := w.sources()
	src.Codebook = func(string) (*theme.Codebook, bool) { return book, true }
	w.reports = report.NewService(w.store, src, w.log(), w.clock)
	for _, g := range groups {
		w.say(g...)
	}
	_, body := w.make()
	if len(body.Quotes) == 0 {
		t.Fatal("nobody is quoted")
	}
	return body.Quotes
}

func TestQuotesNameNoGroupThatIsSmallInItsLanguage(t *testing.T) {
	for name, c := range map[string]struct {
		urdu [3]int // of 16 to 17, helped; of 12 to 15, helped; of 12 to 15, alone
		want []string
	}{
		"all alike":         {[3]int{12, 0, 0}, []string{"helped 16-17"}},
		"ages are few":      {[3]int{9, 9, 0}, []string{"helped "}},
		"voices are few":    {[3]int{1, 5, 8}, []string{" "}},
		"one of many alone": {[3]int{1, 0, 13}, []string{" ", "self 12-15"}},
	} {
		for _, q := range quotesOf(t, alike(30, "en", exercise.Helped, "16-17"), alike(30, "en", exercise.Helped, "12-15"), alike(30, "en", exercise.Self, "12-15"),
			alike(c.urdu[0], "ur", exercise.Helped, "16-17"), alike(c.urdu[1], "ur", exercise.Helped, "12-15"), alike(c.urdu[2], "ur", exercise.Self, "12-15")) {
			if told := string(q.Voice) + " " + q.Age; q.Lang == "ur" && !slices.Contains(c.want, told) {
				t.Errorf("%s: %q is told as %q, want one of %q", name, q.Text, told, c.want)
			}
		}
	}
}

func TestQuotesDoNotTellWhoReadsEasyRead(t *testing.T) {
	for _, q := range quotesOf(t, alike(30, "en-x-easy", exercise.Self, "12-15"), alike(20, "en", exercise.Self, "12-15")) {
		if q.Lang != "en" || q.Voice != exercise.Self || q.Age != "12-15" {
			t.Errorf("%q is told as %s, %s, %s", q.Text, q.Lang, q.Voice, q.Age)
		}
	}
}
