package content_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sayso/content"
	"sayso/internal/survey"
)

// guides are the pages that people may open in every language.
var guides = []string{"about", "privacy", "accessibility", "pictures", "reports", "shared"}

var (
	link     = regexp.MustCompile(`\]\(([^)]*)\)`)
	markup   = regexp.MustCompile(`(?m)^(#+|-|\d+\.) |\*\*`)
	headings = regexp.MustCompile(`(?m)^#+ `)
)

func TestGuidesAreWrittenInEveryLanguage(t *testing.T) {
	for _, name := range guides {
		shape := len(headings.FindAllString(guide(t, name, "en"), -1))
		for _, lang := range languages {
			text, at := guide(t, name, lang), name+"."+lang+".md"
			if !strings.HasPrefix(text, "# ") {
				t.Errorf("%s does not start with its title", at)
			}
			if n := len(headings.FindAllString(text, -1)); n != shape && lang != "en-x-easy" {
				t.Errorf("%s has %d headings, the English %d", at, n, shape)
			}
			checkOwnLetters(t, at, lang, text)
			checkLength(t, at, lang, markup.ReplaceAllString(text, ""))
			checkLinks(t, at, text)
		}
	}
}

func guide(t *testing.T, name, lang string) string {
	t.Helper()
	raw, err := fs.ReadFile(content.FS, "guides/"+name+"."+lang+".md")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// checkLinks says whether every link leads to a page of this site: help, the pictures, shared devices, or another guide.
func checkLinks(t *testing.T, at, text string) {
	t.Helper()
	for _, m := range link.FindAllStringSubmatch(text, -1) {
		name, isGuide := strings.CutPrefix(m[1], "/about/")
		if m[1] != "/help" && m[1] != "/pictures" && m[1] != "/k" && !(isGuide && slices.Contains(guides, name)) {
			t.Errorf("%s links to %s", at, m[1])
		}
	}
}

func TestPrivacySaysWhereHelpIs(t *testing.T) {
	for _, lang := range languages {
		text := guide(t, "privacy", lang)
		if !strings.Contains(text, "(/help)") || !strings.Contains(text, "30") {
			t.Errorf("privacy.%s.md names neither help nor the times of keeping", lang)
		}
	}
}

var fence = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// exampleForAuthors is the survey in the guide for authors.
func exampleForAuthors(t *testing.T) string {
	t.Helper()
	example := fence.FindStringSubmatch(guide(t, "surveys", "en"))
	if example == nil {
		t.Fatal("there is no example")
	}
	return example[1]
}

func TestTheExampleForAuthorsCanBePublished(t *testing.T) {
	_, problems := survey.ReadFile([]byte(exampleForAuthors(t)), known(t))
	for _, p := range problems {
		t.Errorf("the example:%v", p)
	}
}
