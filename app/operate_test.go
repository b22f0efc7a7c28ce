package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sayso/internal/fault"
	"sayso/internal/operation"
	"sayso/internal/store/sqlite"
	"sayso/internal/web"
)

// program is the real command "serve", running.
type program struct {
	data, url, metrics string
	signal             context.CancelFunc // what SIGTERM does
	ended              chan error
}

// serveLunch starts the program with one survey, in a folder of its own.
func serveLunch(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	p := &program{data: t.TempDir(), signal: cancel, ended: make(chan error, 1)}
	said, out := io.Pipe()
	go func() {
		p.ended <- run(ctx, append([]string{"serve", "--addr=127.0.0.1:0", "--operation-addr=127.0.0.1:0", "--data=" + p.data,
			"--surveys=testdata/surveys", "--log=error"}, args...), out, io.Discard)
		_ = out.Close()
	}()
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), "Metrics are at "); ok {
			p.metrics = address
		}
		if address, ok := strings.CutPrefix(lines.Text(), "Sayso listens on "); ok {
			p.url = address
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return p
		}
	}
	t.Fatal(<-p.ended)
	return nil
}

// visitor is somebody with a browser that keeps cookies but no connections.
func visitor(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 30 * time.Second}
}

// fetch returns status, head and body of what the address answers.
func fetch(t *testing.T, client *http.Client, address string) (int, http.Header, string) {
	t.Helper()
	answer, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(body)
}

// end waits for the program to have ended well.
func (p *program) end(t *testing.T) {
	t.Helper()
	p.signal()
	if err := <-p.ended; err != nil {
		t.Errorf("the program ended with %v", err)
	}
}

func TestProbes(t *testing.T) {
	p, client := serveLunch(t, "--drain=0s", "--url=https://say.example.org"), visitor(t)
	for path, wanted := range map[string]string{"/healthz": "alive\n", "/readyz": "ready\n"} {
		status, head, body := fetch(t, client, p.url+path)
		if status != http.StatusOK || body != wanted {
			t.Errorf("%s by the bare address answers %d %q", path, status, body)
		}
		if head.Get("Cache-Control") != "no-store" || head.Get("Set-Cookie") != "" {
			t.Errorf("%s may be kept, or sets a cookie: %v", path, head)
		}
	}
	if status, _, _ := fetch(t, client, p.url+"/"); status != http.StatusNotFound {
		t.Errorf("a page by the bare address answers %d, although we have a name", status)
	}
	for _, path := range []string{"/metrics", "/debug/pprof/"} {
		if status, _, _ := fetch(t, client, p.url+path); status != http.StatusNotFound {
			t.Errorf("%s on the public address answers %d", path, status)
		}
	}
	p.end(t)
}

func TestHealthCommand(t *testing.T) {
	p := serveLunch(t, "--drain=0s")
	var out strings.Builder
	address := "--addr=" + strings.TrimPrefix(p.url, "http://")
	if err := run(t.Context(), []string{"health", address}, &out, io.Discard); err != nil || out.String() != "ready\n" {
		t.Errorf("a server that runs: %v, %q", err, &out)
	}
	p.end(t)
	if err := run(t.Context(), []string{"health", address}, io.Discard, io.Discard); err == nil {
		t.Error("a server that has ended is ready")
	}
}

func TestNotReady(t *testing.T) {
	h, err := open(t.Context(), &Config{Addr: "127.0.0.1:0", Data: t.TempDir(), Log: "error"})
	if err != nil {
		t.Fatal(err)
	}
	answers := func() (int, http.Header) {
		answer, err := web.New(h.parts(false)).Test(httptest.NewRequest(http.MethodGet, "/readyz", nil), -1)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode, answer.Header
	}
	if status, _ := answers(); status != http.StatusOK {
		t.Errorf("with everything well: %d", status)
	}
	fresh := h.refreshed.Load()
	old := fresh.Add(-2 * staleAfter)
	h.refreshed.Store(&old)
	if status, _ := answers(); status != http.StatusServiceUnavailable {
		t.Errorf("with old surveys: %d", status)
	}
	h.refreshed.Store(fresh)
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	if status, head := answers(); status != http.StatusServiceUnavailable || head.Get("Retry-After") == "" {
		t.Errorf("with the store closed: %d, %v", status, head)
	}
}

// slowly begins to send the form and returns what sends the rest and reads the answer.
func slowly(t *testing.T, address, path, form string) (finish func() *http.Response) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	send := func(s string) {
		if _, err := io.WriteString(conn, s); err != nil {
			t.Fatal(err)
		}
	}
	send(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: say\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		path, len(form), form[:3]))
	return func() *http.Response {
		send(form[3:])
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("no answer to what was in hand: %v", err)
		}
		return answer
	}
}

// until asks again and again until it is so, for at most 10 s.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !so(); {
		if time.Now().After(end) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

func TestStopsGracefully(t *testing.T) {
	p, client := serveLunch(t, "--drain=1s"), visitor(t)
	finish := slowly(t, p.url, "/s/lunch/who", "voice=self")
	fetch(t, client, p.url+"/healthz") // whoever came before was let in before
	begun := time.Now()
	p.signal()

	until(t, "the server says it is going", func() bool {
		status, _, _ := fetch(t, client, p.url+"/readyz")
		return status == http.StatusServiceUnavailable
	})
	keeping := &http.Client{Transport: &http.Transport{}}
	late, err := keeping.Get(p.url + "/help")
	if err != nil {
		t.Fatal(err)
	}
	defer late.Body.Close()
	if late.StatusCode != http.StatusOK || !late.Close {
		t.Errorf("somebody who comes while it says so: %s, connection closed: %v", late.Status, late.Close)
	}
	until(t, "the door is shut", func() bool {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(p.url, "http://"), time.Second)
		if err == nil {
			conn.Close()
		}
		return err != nil
	})

	answer := finish()
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		t.Errorf("the request in hand is answered with %s", answer.Status)
	}
	if err := <-p.ended; err != nil {
		t.Errorf("the program ended with %v", err)
	}
	if took := time.Since(begun); took > farewell {
		t.Errorf("the program took %v to end", took)
	}
	if n := draftsIn(t, p.data); n != 1 {
		t.Errorf("%d drafts were kept of the one that was acknowledged", n)
	}
}

func draftsIn(t *testing.T, data string) int {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(data, "sayso.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	n, err := s.CountDrafts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var series = regexp.MustCompile(`(?m)^(sayso_\w+)\{(.*)\} `)

// TestLabelsAreNeverOfPeople lets people come who type all sorts of things; none of it is found in the metrics.
func TestLabelsAreNeverOfPeople(t *testing.T) {
	p, client := serveLunch(t, "--drain=0s"), visitor(t)
	if answer, err := client.PostForm(p.url+"/s/lunch/who", url.Values{"voice": {"self"}}); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	for _, path := range []string{"/s/my-name", "/my-name", "/about/my-name?lang=ur", "/r/my-name", "/s/lunch/q/my-name"} {
		fetch(t, client, p.url+path)
	}
	if _, err := client.PostForm(p.url+"/s/lunch/q/eat", url.Values{"answer": {"my-name"}}); err != nil {
		t.Fatal(err)
	}
	_, _, shown := fetch(t, client, p.metrics)
	if strings.Contains(shown, "my-name") {
		t.Error("what somebody typed stands in the metrics")
	}
	allowed := closedSets()
	seen := map[string]bool{}
	for _, line := range series.FindAllStringSubmatch(shown, -1) {
		for _, pair := range strings.Split(line[2], ",") {
			label, value, _ := strings.Cut(pair, "=")
			seen[label] = true
			if value = strings.Trim(value, `"`); !slices.Contains(allowed[label], value) {
				t.Errorf("%s has the label %s=%q", line[1], label, value)
			}
		}
	}
	if len(seen) != len(allowed)-1 { // no store failed here, so that there is no kind
		t.Errorf("only the labels %v were seen", seen)
	}
	for _, line := range []string{`sayso_saves_total{result="acknowledged",step="begin"} 1`, "sayso_ready 1", "sayso_drafts 1",
		`sayso_requests_total{method="POST",route="/s/:survey/who",status="303"} 1`, "sayso_write_queue_length 0"} {
		if !strings.Contains(shown, "\n"+line+"\n") {
			t.Errorf("there is no line %s", line)
		}
	}
	p.end(t)
}

// closedSets are all values that each label may have.
func closedSets() map[string][]string {
	var kinds, routes, statuses, buckets []string
	for _, k := range []fault.Kind{fault.Invalid, fault.NotFound, fault.Forbidden, fault.Conflict, fault.TooMany, fault.Unavailable, fault.Internal} {
		kinds = append(kinds, string(k))
	}
	for _, r := range web.Routes() {
		routes = append(routes, r.Pattern)
	}
	for status := 100; status < 600; status++ {
		statuses = append(statuses, fmt.Sprint(status))
	}
	for _, b := range []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10} {
		buckets = append(buckets, fmt.Sprint(b))
	}
	return map[string][]string{
		"method":    {"GET", "HEAD", "POST", operation.Other},
		"route":     append(routes, operation.Other),
		"status":    append(statuses, operation.Other),
		"result":    append(kinds, operation.Acknowledged),
		"kind":      kinds,
		"step":      {string(operation.Begin), string(operation.Page), string(operation.Submit)},
		"operation": operationsOf(reflect.TypeFor[store]()),
		"le":        append(buckets, "+Inf"),
	}
}

func operationsOf(t reflect.Type) (names []string) {
	for i := range t.NumMethod() {
		names = append(names, t.Method(i).Name)
	}
	return names
}

// TestEveryOperationIsTimed calls each method of the store on nothing: those that are timed are seen all the same.
func TestEveryOperationIsTimed(t *testing.T) {
	untimed := []string{"Surveys", "Scan", "Entries", "Folds", "CountDrafts", "Close", "Exercises", "ScanBallots", "ScanBackgrounds", "ScanSheets"}
	metrics := operation.New(operation.Sources{})
	on, methods := reflect.ValueOf(timed{nil, metrics}), reflect.TypeFor[store]()
	for _, name := range operationsOf(methods) {
		callOnNothing(on.MethodByName(name))
	}
	shown := httptest.NewRecorder()
	metrics.Server().Handler.ServeHTTP(shown, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, name := range operationsOf(methods) {
		is := strings.Contains(shown.Body.String(), fmt.Sprintf(`duration_seconds_count{operation=%q} 1`, name))
		if is == slices.Contains(untimed, name) {
			t.Errorf("%s is timed: %v; see timed.go", name, is)
		}
	}
}

func callOnNothing(method reflect.Value) {
	defer func() { _ = recover() }()
	args := make([]reflect.Value, method.Type().NumIn())
	for i := range args {
		args[i] = reflect.Zero(method.Type().In(i))
	}
	if method.Type().IsVariadic() {
		method.CallSlice(args)
		return
	}
	method.Call(args)
}
