package web_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp/fasthttputil"

	"sayso/internal/admission"
	"sayso/internal/people"
	"sayso/internal/web"
	"sayso/static"
)

// places are pages of every sort: kept, rendered, staff, errors, redirects, files.
var places = []string{"/", "/help", "/s/worries", "/s/worries/who", "/s/worries/check", "/key", "/r/worries", "/staff", "/staff/sign-in",
	"/nothing", "/robots.txt", static.Path("css/sayso.css"), static.Path("js/sayso.js"), static.Path("js/shared.js")}

func TestHeaders(t *testing.T) {
	w := sharedWorld(t)
	want := map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "", "Access-Control-Allow-Origin": "", "Server": "",
		"X-Powered-By": "",
	}
	for _, path := range places {
		got := w.somebody(t).sends(http.MethodGet, path, nil)
		for name, value := range want {
			if got.header.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got.header.Get(name), value)
			}
		}
		if got.header.Get("Permissions-Policy") == "" || len(got.header.Get("X-Request-ID")) != 16 {
			t.Errorf("%s: %v", path, got.header)
		}
		strict(t, path, got.header.Get("Content-Security-Policy"))
	}
}

// strict wants a content security policy that allows only what comes from here.
func strict(t *testing.T, path, policy string) {
	t.Helper()
	directives := map[string]string{}
	for _, d := range strings.Split(policy, "; ") {
		name, value, _ := strings.Cut(d, " ")
		directives[name] = value
	}
	for name, want := range map[string]string{"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
		"base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self' https://www.example.org", "object-src": ""} {
		if directives[name] != want {
			t.Errorf("%s: %s is %q, want %q", path, name, directives[name], want)
		}
	}
	for _, loose := range []string{"unsafe", "*", "data:", "blob:", "http:"} {
		if strings.Contains(policy, loose) {
			t.Errorf("%s: the policy holds %s: %s", path, loose, policy)
		}
	}
}

func TestPagesFitTheirPolicy(t *testing.T) {
	w := sharedWorld(t)
	analyst := w.member(t, people.Analyst, "north-vale")
	for _, path := range append([]string{"/pictures", "/key/pictures", "/about/privacy", "/staff/surveys/worries/reports/1"}, places...) {
		p := analyst.opens(path)
		p.seesNo("[style], style, script:not([src]), [onclick], [onload], [onsubmit], iframe, object, embed, base")
		for _, name := range []string{"src", "href", "action"} {
			for _, s := range p.page.Find("[" + name + "]").EachIter() {
				to := s.AttrOr(name, "")
				elsewhere := !strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "#") && !strings.HasPrefix(to, "?")
				if link := name == "href" && s.Is("a"); elsewhere && !link || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "javascript:") {
					t.Errorf("%s reaches for %s", path, to)
				}
			}
		}
	}
}

func TestNothingPersonalIsCached(t *testing.T) {
	w := newWorld(t)
	p := w.somebody(t).begins("worries", "self").chooses("yes").continues()
	for _, path := range []string{"/s/worries/q/assent", "/s/worries/q/easy", "/s/worries/check", "/s/worries/key", "/s/worries/mine", "/s/worries/take-back", "/s/worries/who", "/s/worries/nothing"} {
		if got := p.opens(path).header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control is %q", path, got)
		}
	}
	w.publishClosed(t)
	staff := w.member(t, people.Analyst, "north-vale")
	for _, path := range []string{"/staff", "/staff/surveys/worries", "/staff/surveys/worries/answers/csv", "/staff/surveys/worries/answers/xlsx",
		"/staff/surveys/worries/answers/nothing", "/staff/audit", "/staff/people", "/staff/nothing"} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if got := staff.sends(method, path, nil).header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("%s %s: Cache-Control is %q", method, path, got)
			}
		}
	}
	sheets := w.makes(t, admission.Survey(closedID), 3)
	form := url.Values{"_csrf": {w.token(t, staff)}, "act": {"csv"}}
	got := staff.sends(http.MethodPost, "/staff/surveys/"+closedID+"/codes/"+sheets.ID, form)
	if !strings.HasPrefix(got.body, "code,link") || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a file of codes: %d, Cache-Control is %q", got.status, got.header.Get("Cache-Control"))
	}
	if got := p.opens(static.Path("css/sayso.css")).header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("a file whose name holds its hash: %q", got)
	}
}

func TestCookies(t *testing.T) {
	for _, secure := range []bool{false, true} {
		w := newWorld(t, with(func(s *web.Settings) { s.Secure = secure }))
		p := w.somebody(t)
		cookies := cookiesOf(p.sends(http.MethodGet, "/?lang=ur", nil))
		cookies = append(cookies, cookiesOf(p.sends(http.MethodPost, "/s/worries/who", url.Values{"voice": {"self"}}))...)
		token, err := w.staff.OneTimeLink(t.Context(), "a@example", people.Analyst, "north-vale")
		must(t, err)
		cookies = append(cookies, cookiesOf(p.sends(http.MethodPost, "/staff/link/"+token, url.Values{}))...)
		if len(cookies) != 4 { // language, ticket, session, and the half session that goes
			t.Fatalf("%d cookies: %v", len(cookies), cookies)
		}
		for _, c := range cookies {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Path != "/" || c.Domain != "" {
				t.Errorf("secure %t: %s", secure, c.Raw)
			}
			if strings.HasPrefix(c.Name, "__Host-") != secure {
				t.Errorf("secure %t: the name %s", secure, c.Name)
			}
			if long := c.MaxAge > 2*24*3600; long && !strings.HasSuffix(c.Name, "language") {
				t.Errorf("%s stays for %d s", c.Name, c.MaxAge)
			}
		}
		sts := p.sends(http.MethodGet, "/help", nil).header.Get("Strict-Transport-Security")
		if (sts != "") != secure {
			t.Errorf("secure %t: Strict-Transport-Security is %q", secure, sts)
		}
	}
}

func cookiesOf(a answer) []*http.Cookie { return (&http.Response{Header: a.header}).Cookies() }

func TestOnlyOurHost(t *testing.T) {
	w := newWorld(t, with(func(s *web.Settings) { s.Host = host }))
	w.somebody(t).opens("/help").gets(http.StatusOK)
	for _, other := range []string{"evil.example", host + ".evil.example", host + ":8080", "127.0.0.1", "x" + host} {
		if got := w.asks(t, "GET /help HTTP/1.1\r\nHost: "+other+"\r\nX-Forwarded-Host: "+host+"\r\n\r\n"); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s gets %d", other, got.StatusCode)
		}
	}
}

// asks sends the bytes to the app over a connection, since clients refuse to send what is tried here.
func (w *world) asks(t *testing.T, request string) *http.Response {
	t.Helper()
	listener := fasthttputil.NewInmemoryListener()
	app := web.New(w.parts)
	ended := make(chan error, 1)
	go func() { ended <- app.Listener(listener) }()
	conn, err := listener.Dial()
	must(t, err)
	sent := make(chan struct{})
	go func() { defer close(sent); _, _ = io.Copy(conn, strings.NewReader(request)) }() // the app may hang up before the end
	res, err := readResponse(conn)
	must(t, err)
	must(t, conn.Close())
	<-sent
	must(t, app.Shutdown())
	must(t, <-ended)
	return res
}

func TestNextStaysHere(t *testing.T) {
	w := sharedWorld(t)
	for _, next := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "/staff\\@evil.example", "/staff%0d%0aSet-Cookie:x=1",
		"/staff\r\nSet-Cookie: x=1", "javascript:alert(1)", "evil", "", "/s/worries", "///staff", "/staff/\\\\evil.example"} {
		p := w.somebody(t).opens("/staff/sign-in?next=" + url.QueryEscape(next)).gets(http.StatusOK)
		got := p.page.Find("input[name=next]").AttrOr("value", "")
		if got != "/staff" && got != "/staff%0d%0aSet-Cookie:x=1" {
			t.Errorf("after signing in, %q leads to %q", next, got)
		}
		if u, err := url.Parse(got); err != nil || u.Host != "" || u.Scheme != "" {
			t.Errorf("%q leads to another host: %q (%v)", next, got, err)
		}
	}
	w.somebody(t).opens("/staff/sign-in?next=/staff/surveys/worries").sees("title", "")
	p := w.somebody(t).opens("/staff/surveys/worries").isAt("/staff/sign-in?next=%2Fstaff%2Fsurveys%2Fworries")
	if got := p.page.Find("input[name=next]").AttrOr("value", ""); got != "/staff/surveys/worries" {
		t.Errorf("next is %q", got)
	}
}

func TestPathsOutOfTheFolder(t *testing.T) {
	w := sharedWorld(t)
	for _, folder := range []string{"/static/", "/schemas/", "/static/css/"} {
		for _, path := range []string{"../go.mod", "..%2fgo.mod", "..%2f..%2fgo.mod", "%2e%2e/go.mod", "....//go.mod", "..%5cgo.mod", "%2fetc%2fpasswd", ".", "..",
			"embed.go", "../embed.go", "%00", "..%2fsurveys%2fworries.yaml"} {
			got := w.asks(t, "GET "+folder+path+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n")
			if got.StatusCode < 400 {
				t.Errorf("%s%s gets %d", folder, path, got.StatusCode)
			}
		}
	}
}

func TestTooMuch(t *testing.T) {
	w := sharedWorld(t)
	huge := "words=" + strings.Repeat("x", 70<<10)
	body := w.asks(t, "POST /key HTTP/1.1\r\nHost: "+host+"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 71686\r\n\r\n"+huge)
	if body.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 70 KiB: %d", body.StatusCode)
	}
	chunked := w.asks(t, "POST /key HTTP/1.1\r\nHost: "+host+"\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n11806\r\n"+huge+"\r\n0\r\n\r\n")
	if chunked.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 70 KiB in chunks: %d", chunked.StatusCode)
	}
	headers := w.asks(t, "GET /help HTTP/1.1\r\nHost: "+host+"\r\nX-Marker: zebulon "+strings.Repeat("x", 20<<10)+"\r\n\r\n")
	if headers.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("headers of 20 KiB: %d", headers.StatusCode)
	}
	garbled := w.asks(t, "zebulon-marker\r\n\r\n")
	if garbled.StatusCode != http.StatusBadRequest {
		t.Errorf("a garbled request: %d", garbled.StatusCode)
	}
	for _, got := range []*http.Response{body, chunked, headers, garbled} {
		if got.Header.Get("Content-Security-Policy") == "" || got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%d goes out bare: %v", got.StatusCode, got.Header)
		}
	}
	if strings.Contains(w.log.String(), "zebulon") {
		t.Error("the log tells what was sent")
	}
}

// halfway is a page that fails after its first bytes.
func halfway(err error) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		if _, werr := io.WriteString(w, "<!DOCTYPE html><p>half"); werr != nil {
			return werr
		}
		return err
	})
}

func TestPagesThatFailHalfway(t *testing.T) {
	w := newWorld(t)
	secret := errors.New("zebulon: the cause")
	for name, page := range map[string]templ.Component{
		"error": halfway(secret),
		"panic": templ.ComponentFunc(func(context.Context, io.Writer) error { panic(secret) }),
	} {
		w.app = web.NewWith(w.parts, page)
		for _, path := range []string{"/test", "/test/kept", "/test/kept"} {
			p := w.somebody(t).opens(path+"?lang=ur").gets(http.StatusInternalServerError).sees("html[lang=ur][dir=rtl] h1", "")
			if strings.Contains(p.body, "half") || strings.Contains(p.body, "zebulon") {
				t.Errorf("%s: the page tells too much", name)
			}
			if p.header.Get("Content-Security-Policy") == "" || p.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %v", name, p.header)
			}
		}
		w.somebody(t).opens("/help").gets(http.StatusOK)
	}
	if n := strings.Count(w.log.String(), "zebulon"); n != 6 {
		t.Errorf("the log tells the cause %d times, want one a page", n)
	}
}

func TestContentIsTyped(t *testing.T) {
	w := sharedWorld(t)
	for path, want := range map[string]string{"/": fiber.MIMETextHTMLCharsetUTF8, "/r/worries": fiber.MIMETextHTMLCharsetUTF8, "/nothing": fiber.MIMETextHTMLCharsetUTF8,
		static.Path("css/sayso.css"): "text/css; charset=utf-8", static.Path("js/sayso.js"): "text/javascript; charset=utf-8", static.Path("icons/mark.svg"): "image/svg+xml",
		"/robots.txt": "text/plain; charset=utf-8"} {
		if got := w.somebody(t).sends(http.MethodGet, path, nil).header.Get("Content-Type"); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func TestFilesAreSentAsTheyAre(t *testing.T) {
	w := sharedWorld(t)
	for _, name := range []string{"css/sayso.css", "css/sayso.rtl.css", "js/sayso.js", "js/shared.js", "icons/mark.svg"} {
		f, ok := static.Find(static.Path(name))
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		for _, accepts := range []string{"", "gzip", "br, gzip"} {
			got := w.somebody(t).sends(http.MethodGet, static.Path(name), nil, "Accept-Encoding", accepts)
			plain := unpacked(t, got)
			if !bytes.Equal(plain, f.Content) {
				t.Errorf("%s for %q is not as it was written", name, accepts)
			}
			if enc := got.header.Get("Content-Encoding"); enc != "" && !slices.Contains(strings.Split(accepts, ", "), enc) {
				t.Errorf("%s for %q is sent as %s", name, accepts, enc)
			}
		}
	}
}
