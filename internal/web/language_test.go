package web_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"sayso/internal/i18n"
	"sayso/internal/people"
	"sayso/internal/survey"
	"sayso/internal/web"
)

// rawKey is what a message key looks like when it is shown as it is.
var rawKey = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$`)

func TestEveryPageInEveryLanguage(t *testing.T) {
	w := newWalk(t)
	must(t, w.publishReport(t.Context(), "friends-and-family"))
	for _, l := range furnished().locales.Locales() {
		administrator := w.member(t, people.Administrator, "").begins("worries", "self").chooses("yes").continues().chooses("1").continues()
		for _, r := range web.Routes() {
			if r.Method != http.MethodGet || !isPage(r) {
				continue
			}
			t.Run(l.Tag+" "+r.Pattern, func(t *testing.T) {
				administrator.t = t
				administrator.cookies["language"] = l.Tag
				speaks(administrator.opens(w.path(t, r)), l)
			})
		}
	}
}

func isPage(r web.Route) bool {
	return !slices.Contains([]string{"/static/+", "/schemas/:name", "/robots.txt", "/staff/invite/:token/code.png",
		"/r/:survey/figures/:format", "/staff/surveys/:survey/answers/:format", "/b/:budget/votes", "/healthz", "/readyz"}, r.Pattern)
}

// speaks wants the page to be whole and in the language.
func speaks(p *person, l *i18n.Locale) {
	p.t.Helper()
	p.gets(http.StatusOK).sees("html[lang="+l.Tag+"][dir="+l.Dir+"]", "").sees("main h1", "")
	if sheet := p.page.Find("link[rel=stylesheet]").AttrOr("href", ""); strings.Contains(sheet, ".rtl.") != (l.Dir == "rtl") {
		p.t.Errorf("the style sheet is %s", sheet)
	}
	if n := p.page.Find("main h1").Length(); n != 1 {
		p.t.Errorf("%d main headings", n)
	}
	if title := p.page.Find("title").Text(); strings.HasPrefix(title, " -") || !strings.Contains(title, l.T("service")) {
		p.t.Errorf("the title is %q", title)
	}
	for _, never := range []string{"<no value>", "&lt;no value", "{{", "%!", "MISSING"} {
		if strings.Contains(p.body, never) {
			p.t.Errorf("the page holds %s", never)
		}
	}
	p.page.Find("script, style, code, .s-code").Remove()
	for n := range p.page.Nodes[0].Descendants() {
		if said := strings.TrimSpace(n.Data); n.Type == html.TextNode && rawKey.MatchString(said) {
			p.t.Errorf("looks like a key: %q", said)
		}
		for _, a := range n.Attr {
			if read := a.Key == "aria-label" || a.Key == "alt" || strings.HasPrefix(a.Key, "data-"); read && rawKey.MatchString(a.Val) {
				p.t.Errorf("looks like a key: %s=%q", a.Key, a.Val)
			}
		}
	}
}

func TestErrorsInEveryLanguage(t *testing.T) {
	w := sharedWorld(t)
	for _, l := range furnished().locales.Locales() {
		p := w.somebody(t)
		p.cookies["language"] = l.Tag
		p.opens("/nothing").gets(http.StatusNotFound).sees("html[lang="+l.Tag+"][dir="+l.Dir+"] h1", l.T("error_title.not_found"))
		p.opens("/key").types("words", "qwxzqwxz").continues().gets(http.StatusUnprocessableEntity).sees("html[lang="+l.Tag+"] #error", "qwxzqwxz")
		p.opens("/staff/sign-in").sees("main h1", l.T("sign_in.title"))
	}
}

func TestASurveyThatIsNotInTheLanguage(t *testing.T) {
	w := newWorld(t)
	w.publish(t, "worries", func(sv *survey.Survey) {
		sv.Languages = []survey.Language{{Tag: "en", CheckedBy: "the board"}, {Tag: "pl"}}
		for i := range sv.Questions {
			sv.Questions[i].Ask = map[string]string{"en": sv.Questions[i].Ask["en"]}
		}
		sv.Title = map[string]string{"en": sv.Title["en"]}
	})
	for _, tag := range []string{"ur", "pl", "ar"} { // pl: nobody checked it, nobody opened it
		l, _ := furnished().locales.Locale(tag)
		p := w.somebody(t).opens("/s/worries?lang="+tag).sees(".s-notice", l.Name).sees(".s-notice a[lang=en][dir=ltr]", "English").
			seesNo(".s-notice a[lang="+tag+"]").sees("h1 span[lang=en][dir=ltr]", "When I feel worried or sad")
		p.begins("worries", "self").sees("h1 span[lang=en][dir=ltr]", "Do you want to take part?")
	}
	w.somebody(t).opens("/s/worries").seesNo(".s-notice, h1 span[lang]")
	w.somebody(t).opens("/s/worries?lang=en-x-easy").seesNo("h1 span[lang]") // English in Easy Read needs no mark
}

func TestChoosingALanguage(t *testing.T) {
	w := sharedWorld(t)
	for accept, want := range map[string]string{"": "en", "ur": "ur", "pl-PL,pl;q=0.9,en;q=0.8": "pl", "ar-SY": "ar", "cy-GB": "cy", "fr": "en", "en-x-easy": "en",
		strings.Repeat("pl,", 100): "en", "*": "en", ";q=x": "en"} {
		p := w.somebody(t)
		p.headers["Accept-Language"] = accept
		p.opens("/help").sees("html[lang="+want+"]", "")
	}
	p := w.somebody(t)
	p.headers["Accept-Language"] = "pl"
	p.opens("/help?lang=cy").sees("html[lang=cy]", "").opens("/help").sees("html[lang=cy]", "")
	p.opens("/help?lang=xx").sees("html[lang=cy]", "").opens("/help?lang=<script>").sees("html[lang=cy]", "")
	for asked, want := range map[string]string{"UR": "ur", "ur-PK": "ur", "EN-X-EASY": "en-x-easy", "pl_PL": "pl", "ar-SY": "ar", "fr": "cy", strings.Repeat("pl-", 100): "cy"} {
		p.opens("/help?lang=cy").opens("/help?lang="+asked).sees("html[lang="+want+"]", "").opens("/help").sees("html[lang="+want+"]", "")
	}
	p.opens("/help?lang=cy")
	p.clicks(".s-lang__list a[lang=ar]").sees("html[lang=ar][dir=rtl]", "").sees(".s-lang__list a[lang=ar][aria-current]", "")
}

// TestBrowsersAreHeardAlike asks twice in each language, and with more made-up ones than are remembered.
func TestBrowsersAreHeardAlike(t *testing.T) {
	w := newWorld(t)
	lang := func(accepts string) string {
		_, after, _ := strings.Cut(w.somebody(t).sends(http.MethodGet, "/help", nil, "Accept-Language", accepts).body, `<html lang="`)
		tag, _, _ := strings.Cut(after, `"`)
		return tag
	}
	for range 2 {
		for accepts, want := range map[string]string{"ur-PK,ur;q=0.9,en;q=0.8": "ur", "cy": "cy", "en-GB,en;q=0.9": "en", "xx": "en", "": "en", ";;": "en"} {
			if got := lang(accepts); got != want {
				t.Errorf("%q is answered in %q", accepts, got)
			}
		}
		for i := range 600 {
			if got := lang(fmt.Sprintf("pl;q=0.%03d", 1+i)); got != "pl" {
				t.Fatalf("the %dth browser is answered in %q", i, got)
			}
		}
	}
}
