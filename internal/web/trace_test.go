package web_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"sayso/internal/store/sqlite"
	"sayso/internal/web"
)

// What can be told of the person who leaves traces.
const (
	theirAddress = "198.51.100.77"
	theirBrowser = "Zebulon/7.7 (Marker; Device 4711)"
	theirName    = "Zebulon Q. Marker"
	theirPhone   = "07700 900471"
)

// leavesTraces takes part as somebody who can be told by everything, and returns all that the browser held.
func leavesTraces(t *testing.T, w *world) (held, key []string) {
	t.Helper()
	p := w.somebody(t)
	p.headers = map[string]string{"X-Forwarded-For": theirAddress, "User-Agent": theirBrowser, "Referer": "https://school.example/" + url.PathEscape(theirName),
		"X-Real-IP": theirAddress, "Forwarded": "for=" + theirAddress, "Accept-Language": "cy,en;q=0.5", "Cookie": "_ga=GA1.zebulon"}
	hold := func() {
		for _, value := range p.cookies {
			if !slices.Contains(held, value) && len(value) > 20 {
				held = append(held, value)
			}
		}
	}
	p.begins("worries", "self")
	hold()
	key = strings.Split(p.opens("/s/worries/key").key(), ", ")
	w.clock.passes(7 * time.Minute)
	p.opens("/s/worries/q/assent?lang=en&name=" + url.QueryEscape(theirName)).chooses("yes").continues().chooses("2").continues()
	p.opens("/s/worries/q/improve").says("My name is " + theirName + ", ring " + theirPhone).continues()
	hold()
	goesAstray(p, key)
	w.asks(t, "POST /key HTTP/1.1\r\nHost: "+host+"\r\nUser-Agent: "+theirBrowser+"\r\nContent-Type: multipart/form-data; boundary=Zebulon\r\nContent-Length: 7\r\n\r\nZebulon")
	w.asks(t, "GET /"+theirName+"\r\n\r\n")
	p.opens("/s/worries/check").continues().isAt("/s/worries/done")
	hold()
	p.opens("/s/worries/mine").gets(http.StatusOK)
	return held, key
}

// goesAstray makes every mistake that a page can answer, with the name in all of them.
func goesAstray(p *person, key []string) {
	p.t.Helper()
	name := url.PathEscape(theirName)
	for _, path := range []string{"/" + name, "/s/" + name, "/s/worries/q/" + name, "/a/" + name, "/r/" + name, "/about/" + name, "/schemas/" + name,
		"/static/" + name, "/staff/link/" + name, "/staff/invite/" + name, "/staff/surveys/" + name, "/help?lang=" + name, "/staff/sign-in?next=/staff/" + name} {
		p.sends(http.MethodGet, path, nil)
	}
	for path, form := range map[string]url.Values{
		"/s/worries/q/easy":    {"choice": {theirName}},
		"/s/worries/q/improve": {"words": {theirName + strings.Repeat(" x", 2000)}},
		"/s/worries/who":       {"voice": {theirName}},
		"/key":                 {"words": {theirName + " " + strings.Join(key, " ")}},
		"/staff/sign-in":       {"name": {theirName}, "passphrase": {theirName}},
		"/staff/link/" + name:  {"x": {theirName}},
		"/leave/" + name:       {"x": {theirName}},
	} {
		p.anotherBrowser().sends(http.MethodPost, path, form)
		if !strings.HasPrefix(path, "/s/worries/who") {
			p.sends(http.MethodPost, path, form)
		}
	}
	other := p.anotherBrowser()
	reversed := slices.Clone(key)
	slices.Reverse(reversed)
	other.sends(http.MethodPost, "/key", url.Values{"words": {strings.Join(reversed, " ")}})
	other.sends(http.MethodPost, "/key", url.Values{"words": {strings.Join(key, " ")}})
	other.sends(http.MethodPost, "/key", url.Values{"words": {theirName}}, "Content-Type", "application/json")
	other.sends(http.MethodPost, "/key", url.Values{"words": {theirName}}, "Content-Type", "text/"+name)
	other.sends(http.MethodPost, "/key", url.Values{"words": {theirName}}, "Sec-Fetch-Site", "cross-site")
}

// anotherBrowser sends the same headers, without the cookies.
func (p *person) anotherBrowser() *person {
	return &person{t: p.t, app: p.app, cookies: map[string]string{}, headers: p.headers}
}

func TestNoTraces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sayso.db")
	store, err := sqlite.Open(t.Context(), file)
	must(t, err)
	w := newWorld(t, func(m *making) { m.store, m.settings.Proxies = store, []string{"0.0.0.0"} })
	begun := w.clock.Now()
	held, key := leavesTraces(t, w)
	if len(held) < 3 {
		t.Fatalf("the browser held only %d cookies", len(held))
	}
	traces := append([]string{theirAddress, theirBrowser, "4711)", "school.example", "GA1.zebulon"}, held...)
	whole := contents(t, file, file+"-wal")
	if !bytes.Contains(whole, []byte("My name is "+theirName)) {
		t.Fatal("what was said is not in the files that are searched")
	}
	for _, trace := range append(traces, clocks(begun, w.clock.Now(), time.Now())...) {
		if i := bytes.Index(whole, []byte(trace)); i >= 0 {
			t.Errorf("the store holds %q: …%q…", trace, whole[max(0, i-60):min(len(whole), i+60)])
		}
	}
	for _, at := range []time.Time{begun, time.Now()} {
		if i := unixTime(whole, at); i >= 0 {
			t.Errorf("the store holds a time near %v at %d", at, i)
		}
	}
	must(t, store.Close())
	t.Run("rows", func(t *testing.T) { onlyWhatWasSaid(t, file) })
	log := w.log.String()
	for _, trace := range append(traces, theirName, "Zebulon", "zebulon", "Marker", theirPhone, "07700", "My name") {
		if strings.Contains(log, trace) {
			t.Errorf("the log tells %q", trace)
		}
	}
	namesNoPicture(t, log, key)
}

// contents are the bytes of the files, one after the other; one that is not there has none.
func contents(t *testing.T, files ...string) []byte {
	t.Helper()
	var all []byte
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	if len(all) == 0 {
		t.Fatal("the store has no bytes")
	}
	return all
}

// clocks are times of day as they are written.
func clocks(times ...time.Time) []string {
	var out []string
	for _, at := range times {
		for _, zone := range []*time.Location{time.UTC, furnishedZone()} {
			out = append(out, at.In(zone).Format("T15:04"), at.In(zone).Format(" 15:04:"), at.In(zone).Format("2006-01-02T15"))
		}
		out = append(out, strconv.FormatInt(at.Unix(), 10)[:7]) // as all of that quarter of an hour write it
	}
	return out
}

// unixTime finds a binary number of seconds or milliseconds since 1970 within an hour of the time.
func unixTime(data []byte, at time.Time) int {
	for i := range len(data) - 8 {
		seconds := int64(binary.BigEndian.Uint32(data[i:]))
		millis := int64(binary.BigEndian.Uint64(data[i:]) >> 16) // six bytes, as SQLite writes them
		if near(seconds, at.Unix()) || near(millis/1000, at.Unix()) {
			return i
		}
	}
	return -1
}

func near(a, b int64) bool { return a > b-3600 && a < b+3600 }

// mayStand are the columns and the names in the bodies of what is kept of people who take part.
var mayStand = map[string]struct {
	columns []string
	names   []string
}{
	"responses":   {[]string{"area", "survey", "day", "id"}, []string{"version", "lang", "voice", "channel", "answers", "q", "c", "t", "s"}},
	"backgrounds": {[]string{"area", "survey", "day", "id"}, []string{"q", "c", "t", "s"}},
	"drafts":      {[]string{"id", "revision", "last_page"}, []string{"id", "revision", "area", "survey", "version", "lang", "voice", "last_page", "receipt", "answers", "q", "c", "t", "s"}},
	"receipts":    {[]string{"hash", "draft"}, []string{"hash", "draft", "survey", "area", "day"}},
}

// onlyWhatWasSaid wants each row about a person to hold nothing but what is listed, and no time finer than a day.
func onlyWhatWasSaid(t *testing.T, file string) {
	conn, err := driver.OpenConn(file, driver.OpenReadOnly)
	must(t, err)
	defer func() { must(t, conn.Close()) }()
	fine := regexp.MustCompile(`\d\d:\d\d|\d{10}`)
	rows := 0
	for table, may := range mayStand {
		err := sqlitex.Execute(conn, "SELECT * FROM "+table, &sqlitex.ExecOptions{ResultFunc: func(row *driver.Stmt) error {
			rows++
			for i := range row.ColumnCount() {
				name, text := row.ColumnName(i), row.ColumnText(i)
				if name == "body" {
					onlyNames(t, table, text, may.names)
				} else if !slices.Contains(may.columns, name) {
					t.Errorf("%s has a column %s", table, name)
				}
				ids := regexp.MustCompile(`[0-9a-f]{32,}`) // random
				if found := fine.FindString(ids.ReplaceAllString(strings.ReplaceAll(text, theirPhone, ""), "")); found != "" {
					t.Errorf("%s.%s holds what looks like a time: %s in %s", table, name, found, text)
				}
			}
			return nil
		}})
		must(t, err)
	}
	if rows < 3 {
		t.Errorf("only %d rows were looked at", rows)
	}
}

func onlyNames(t *testing.T, table, body string, names []string) {
	t.Helper()
	var v any
	must(t, json.Unmarshal([]byte(body), &v))
	var look func(v any)
	look = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				look(one)
			}
		case map[string]any:
			for name, one := range v {
				if !slices.Contains(names, name) {
					t.Errorf("a row of %s holds %s: %v", table, name, one)
				}
				look(one)
			}
		}
	}
	look(v)
}

// namesNoPicture wants none of the key's pictures in the log. Routes and the log's own words are left out: a picture
// may be called like one of them.
func namesNoPicture(t *testing.T, log string, key []string) {
	t.Helper()
	own := " request time level info error msg method get post route status ms fault kind cause not found invalid forbidden"
	for _, r := range web.Routes() {
		own += " " + r.Pattern
	}
	looked := 0
	for _, name := range key {
		word := regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(name) + `\b`)
		if word.MatchString(own) {
			continue
		}
		looked++
		if found := word.FindString(log); found != "" {
			t.Errorf("the log names the picture %q", found)
		}
	}
	if looked < 3 {
		t.Errorf("only %d pictures could be looked for", looked)
	}
}
