package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"

	"sayso/internal/people"
	"sayso/internal/web/view"
)

// person is somebody with a browser: it keeps cookies, follows where it is sent, and sends the forms it was shown.
type person struct {
	t       *testing.T
	app     *fiber.App
	secure  bool
	cookies map[string]string
	headers map[string]string // with every request

	path   string // of the page in front of them
	status int
	header http.Header
	body   string
	page   *goquery.Document
	form   url.Values // what they chose and typed on it
}

// somebody comes with a fresh browser.
func (w *world) somebody(t *testing.T) *person {
	return &person{t: t, app: w.app, secure: w.parts.Settings.Secure, cookies: map[string]string{}, headers: map[string]string{}}
}

// anotherWindow is the same browser with no page in front yet.
func (p *person) anotherWindow() *person {
	return &person{t: p.t, app: p.app, secure: p.secure, cookies: p.cookies, headers: p.headers}
}

// member signs in by a one-time link.
func (w *world) member(t *testing.T, role people.Role, area string) *person {
	t.Helper()
	token, err := w.staff.OneTimeLink(t.Context(), string(role)+"@"+area+".example", role, area)
	must(t, err)
	p := w.somebody(t)
	if got := p.sends(http.MethodPost, "/staff/link/"+token, url.Values{}); got.location() != "/staff" {
		t.Fatalf("the link does not sign in: %d", got.status)
	}
	return p
}

// answer is what the app sent to one request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) location() string { return a.header.Get("Location") }

// sends makes one request, keeps the cookies, and follows nothing.
func (p *person) sends(method, path string, form url.Values, headers ...string) answer {
	p.t.Helper()
	req := p.request(method, path, form)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := p.app.Test(req, -1)
	must(p.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(p.t, err)
	p.keeps(res.Cookies())
	return answer{res.StatusCode, res.Header, string(body)}
}

func (p *person) request(method, path string, form url.Values) *http.Request {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req := httptest.NewRequest(method, path, body)
	req.Host = host
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == http.MethodPost {
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range p.headers {
		req.Header.Set(name, value)
	}
	for name, value := range p.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	return req
}

func (p *person) keeps(cookies []*http.Cookie) {
	for _, c := range cookies {
		if c.MaxAge < 0 || !c.Expires.IsZero() && c.Expires.Unix() <= 0 {
			delete(p.cookies, c.Name)
			continue
		}
		p.cookies[c.Name] = c.Value
	}
}

// opens asks for a page and follows where it is sent.
func (p *person) opens(path string) *person {
	p.t.Helper()
	return p.follows(path, p.sends(http.MethodGet, path, nil))
}

// follows goes where the answer sends, until there is a page.
func (p *person) follows(path string, a answer) *person {
	p.t.Helper()
	for range 10 {
		if a.status != http.StatusSeeOther {
			return p.shows(path, a)
		}
		if path = a.location(); !strings.HasPrefix(path, "/") {
			p.path, p.status, p.header, p.body, p.page = path, a.status, a.header, a.body, nil
			return p
		}
		path, _, _ = strings.Cut(path, "#")
		a = p.sends(http.MethodGet, path, nil)
	}
	p.t.Fatalf("sent on and on, the last time to %s", path)
	return p
}

func (p *person) shows(path string, a answer) *person {
	p.t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	must(p.t, err)
	p.path, p.status, p.header, p.body, p.page, p.form = path, a.status, a.header, a.body, page, url.Values{}
	return p
}

// chooses ticks what has the value, by the name of its field: the page must offer it. A skip among options is named as
// one beside them.
func (p *person) chooses(values ...string) *person {
	p.t.Helper()
	for _, value := range values {
		field := p.page.Find("main input[type=radio], main input[type=checkbox]").FilterFunction(func(_ int, s *goquery.Selection) bool {
			return strings.TrimPrefix(s.AttrOr("value", ""), view.SkipMark) == value
		})
		if field.Length() != 1 {
			p.t.Fatalf("%s offers %q %d times", p.path, value, field.Length())
		}
		if field.AttrOr("type", "") == "radio" {
			p.page.Find("main input[type=radio][name=" + field.AttrOr("name", "") + "]").RemoveAttr("checked")
		}
		field.SetAttr("checked", "")
	}
	return p
}

// choosesNothing takes every tick away.
func (p *person) choosesNothing() *person {
	p.page.Find("main input").RemoveAttr("checked")
	return p
}

// types writes into the field of the id.
func (p *person) types(id, text string) *person {
	p.t.Helper()
	field := p.page.Find("main input#" + id + ", main textarea#" + id)
	if field.Length() != 1 {
		p.t.Fatalf("%s has no field %q", p.path, id)
	}
	p.form.Set(field.AttrOr("name", ""), text)
	return p
}

// says types the answer to a question.
func (p *person) says(text string) *person { p.t.Helper(); return p.types("words", text) }

// picks chooses from the list of the id.
func (p *person) picks(id, value string) *person {
	p.t.Helper()
	list := p.page.Find("main select#" + id)
	option := list.Find("option").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.AttrOr("value", "") == value })
	if option.Length() != 1 {
		p.t.Fatalf("the list %s of %s has no %q", id, p.path, value)
	}
	list.Find("option").RemoveAttr("selected")
	option.SetAttr("selected", "")
	return p
}

// presses sends the form of the button as a browser does.
func (p *person) presses(button string) *person {
	p.t.Helper()
	path, form := p.filled(button)
	return p.follows(path, p.sends(http.MethodPost, path, form))
}

// filled is where the form of the button goes, and what is in it.
func (p *person) filled(button string) (path string, values url.Values) {
	p.t.Helper()
	b := p.page.Find(button).First()
	form := b.Closest("form")
	if form.Length() != 1 || form.AttrOr("method", "") != "post" {
		p.t.Fatalf("%s (%d) has no form with %s:\n%s", p.path, p.status, button, p.main())
	}
	values = url.Values{}
	form.Find("input, textarea, select").Each(func(_ int, field *goquery.Selection) {
		name := field.AttrOr("name", "")
		kind := field.AttrOr("type", "")
		_, checked := field.Attr("checked")
		switch {
		case p.form.Has(name):
			values[name] = p.form[name]
		case goquery.NodeName(field) == "textarea":
			values.Add(name, field.Text())
		case goquery.NodeName(field) == "select":
			values.Add(name, field.Find("option[selected]").AttrOr("value", field.Find("option").First().AttrOr("value", "")))
		case kind == "radio" || kind == "checkbox":
			if checked {
				values.Add(name, field.AttrOr("value", ""))
			}
		default:
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	if name, ok := b.Attr("name"); ok {
		values.Set(name, b.AttrOr("value", ""))
	}
	return form.AttrOr("action", p.path), values
}

// continues presses the first button of the page, or follows its first link that looks like one.
func (p *person) continues() *person {
	p.t.Helper()
	if p.page.Find("main form .s-buttons button[type=submit]").Length() > 0 {
		return p.presses("main form .s-buttons button[type=submit]")
	}
	return p.clicks("main .s-buttons a.nhsuk-button")
}

// goesBack presses the button that goes back.
func (p *person) goesBack() *person { p.t.Helper(); return p.presses("main button[value=back]") }

// clicks follows the link.
func (p *person) clicks(link string) *person {
	p.t.Helper()
	to, ok := p.page.Find(link).First().Attr("href")
	if !ok {
		p.t.Fatalf("%s (%d) has no link %s:\n%s", p.path, p.status, link, p.main())
	}
	if strings.HasPrefix(to, "?") {
		path, _, _ := strings.Cut(p.path, "?")
		to = path + to
	}
	return p.opens(to)
}

// sees wants the text somewhere in what the selector finds.
func (p *person) sees(selector, text string) *person {
	p.t.Helper()
	found := p.page.Find(selector)
	if found.Length() == 0 {
		p.t.Fatalf("%s (%d) has no %s:\n%s", p.path, p.status, selector, p.main())
	}
	if got := found.Text(); !strings.Contains(got, text) {
		p.t.Fatalf("%s (%d) has %q for %s, want %q", p.path, p.status, strings.TrimSpace(got), selector, text)
	}
	return p
}

// seesNo wants nothing that the selector finds.
func (p *person) seesNo(selector string) *person {
	p.t.Helper()
	if found := p.page.Find(selector); found.Length() > 0 {
		p.t.Fatalf("%s has %s: %q", p.path, selector, found.Text())
	}
	return p
}

// hasTyped wants the text in the field, as a browser would show it.
func (p *person) hasTyped(id, text string) *person {
	p.t.Helper()
	field := p.page.Find("main #" + id)
	got := field.AttrOr("value", field.Text())
	if got != text {
		p.t.Fatalf("%s has %q in %s, want %q", p.path, got, id, text)
	}
	return p
}

// hasChosen wants exactly these choices ticked.
func (p *person) hasChosen(values ...string) *person {
	p.t.Helper()
	var got []string
	p.page.Find("main input[checked]").Each(func(_ int, s *goquery.Selection) { got = append(got, s.AttrOr("value", "")) })
	if !slices.Equal(got, values) {
		p.t.Fatalf("%s has %v ticked, want %v", p.path, got, values)
	}
	return p
}

// isAt wants the page of the path in front.
func (p *person) isAt(path string) *person {
	p.t.Helper()
	if p.path != path {
		p.t.Fatalf("at %s (%d), want %s:\n%s", p.path, p.status, path, p.main())
	}
	return p
}

// gets wants the status.
func (p *person) gets(status int) *person {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s has the status %d, want %d:\n%s", p.path, p.status, status, p.main())
	}
	return p
}

// main is the text of the page, for what a failing test says.
func (p *person) main() string {
	if p.page == nil {
		return "(no page)"
	}
	return strings.Join(strings.Fields(p.page.Find("main").Text()), " ")
}

// key reads the six pictures from the page, by their names.
func (p *person) key() string {
	p.t.Helper()
	var names []string
	p.page.Find("main ol.s-key .s-key__name").Each(func(_ int, s *goquery.Selection) { names = append(names, s.Text()) })
	if len(names) != 6 {
		p.t.Fatalf("%s shows %d pictures of a key", p.path, len(names))
	}
	return strings.Join(names, ", ")
}
