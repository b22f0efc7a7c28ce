package web_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"sayso/internal/people"
	"sayso/internal/survey"
)

// readResponse reads one answer with its whole body.
func readResponse(conn net.Conn) (*http.Response, error) {
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, err
}

// unpacked is the body as it was before it was compressed.
func unpacked(t *testing.T, a answer) []byte {
	t.Helper()
	var from io.Reader = strings.NewReader(a.body)
	switch a.header.Get("Content-Encoding") {
	case "br":
		from = brotli.NewReader(from)
	case "gzip":
		var err error
		from, err = gzip.NewReader(from)
		must(t, err)
	case "":
	default:
		t.Fatalf("compressed as %q", a.header.Get("Content-Encoding"))
	}
	plain, err := io.ReadAll(from)
	must(t, err)
	return plain
}

// keptPaths are the pages that are the same for everyone.
var keptPaths = []string{"/", "/help", "/languages", "/about/privacy", "/pictures", "/key", "/key/pictures", "/s/worries", "/s/worries/q/improve",
	"/s/worries/q/easy", "/s/worries/q/groups"}

func TestKeptPagesAreTheSameForEveryone(t *testing.T) {
	w := newWorld(t)
	one := w.somebody(t).begins("worries", "self").chooses("yes").continues()
	key := one.opens("/s/worries/key").key()
	two := w.somebody(t).begins("worries", "worker").begins("speech-therapy", "carer")
	staff := w.member(t, people.Administrator, "north-vale").begins("worries", "helped")
	for _, path := range keptPaths {
		first := one.sends(http.MethodGet, path, nil)
		for _, other := range []*person{two, staff, one} {
			if got := other.sends(http.MethodGet, path, nil); got.body != first.body || got.status != http.StatusOK {
				t.Errorf("%s differs between people (%d)", path, got.status)
			}
		}
		for _, personal := range append(secretsOf(one), secretsOf(staff)...) {
			if strings.Contains(first.body, personal) {
				t.Errorf("%s holds %q", path, personal)
			}
		}
		if path != "/pictures" && path != "/key/pictures" && strings.Contains(first.body, key) {
			t.Errorf("%s holds a key", path)
		}
	}
}

// secretsOf are what the browser of the person holds that nobody else may see.
func secretsOf(p *person) []string {
	var out []string
	for name, value := range p.cookies {
		if name != "language" {
			out = append(out, value)
		}
	}
	return append(out, "_csrf", "administrator@")
}

func TestCompressedPagesAreTheSame(t *testing.T) {
	w := sharedWorld(t)
	p := w.somebody(t)
	for _, path := range keptPaths[:8] {
		plain := p.sends(http.MethodGet, path, nil)
		for accepts, want := range map[string]string{"gzip, deflate, br": "br", "gzip": "gzip", "br": "br", "deflate": "", "identity": ""} {
			got := p.sends(http.MethodGet, path, nil, "Accept-Encoding", accepts)
			if enc := got.header.Get("Content-Encoding"); enc != want {
				t.Errorf("%s for %q is sent as %q", path, accepts, enc)
			}
			if string(unpacked(t, got)) != plain.body {
				t.Errorf("%s as %s says something else", path, accepts)
			}
			if !strings.Contains(got.header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s does not say that it varies", path)
			}
		}
	}
}

func TestLanguagesAreKeptApart(t *testing.T) {
	w := sharedWorld(t)
	seen := map[string]string{}
	for _, l := range furnished().locales.Locales() {
		p := w.somebody(t).opens("/help?lang=" + l.Tag)
		if other := seen[p.body]; other != "" {
			t.Errorf("the page is the same in %s and %s", l.Tag, other)
		}
		seen[p.body] = l.Tag
	}
}

func TestANewVersionIsShownAtOnce(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).opens("/s/worries").begins("worries", "self").opens("/s/worries/q/improve")
	before := p.page.Find("h1").Text()
	w.publish(t, "worries", func(sv *survey.Survey) {
		sv.Title["en"] = "When I am worried or sad"
		_, at, _ := sv.Question("improve")
		ask := map[string]string{}
		for lang, words := range sv.Questions[at].Ask {
			ask[lang] = words
		}
		ask["en"] = "What should change?"
		sv.Questions[at].Ask = ask
	})
	p.opens("/s/worries").sees("h1", "When I am worried or sad").opens("/s/worries/q/improve").sees("h1", "What should change?")
	w.somebody(t).opens("/s/worries").sees("h1", "When I am worried or sad")
	if strings.TrimSpace(before) == "What should change?" {
		t.Error("nothing was changed")
	}
}

func TestTheStartPageClosesWithItsSurvey(t *testing.T) {
	w := newWorld(t)
	w.somebody(t).opens("/s/worries").sees("a[href='/s/worries/who']", "")
	w.clock.passes(71 * day)
	w.somebody(t).opens("/s/worries").seesNo("a[href='/s/worries/who']")
}
