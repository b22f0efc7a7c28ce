package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// server is a command that goes on until it is told to stop.
type server struct {
	t     *testing.T
	stop  context.CancelFunc
	lines *bufio.Scanner
	done  chan error
}

// started starts a command that serves.
func started(t *testing.T, args ...string) *server {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	s := &server{t: t, stop: stop, lines: bufio.NewScanner(out), done: make(chan error, 1)}
	go func() {
		err := run(ctx, args, in, io.Discard)
		_ = in.Close()
		s.done <- err
	}()
	t.Cleanup(stop)
	return s
}

// line returns the first line from here on that holds the text.
func (s *server) line(holds string) string {
	s.t.Helper()
	var before []string
	for s.lines.Scan() {
		if strings.Contains(s.lines.Text(), holds) {
			return s.lines.Text()
		}
		before = append(before, s.lines.Text())
	}
	s.t.Fatalf("it never said %q, but\n%s\nand then %v", holds, strings.Join(before, "\n"), <-s.done)
	return ""
}

// listens waits until the command listens, and returns its address.
func (s *server) listens() string {
	s.t.Helper()
	return strings.TrimPrefix(s.line("Sayso listens on "), "Sayso listens on ")
}

// ends tells the command to stop, waits for it, and returns what it still said.
func (s *server) ends() string {
	s.t.Helper()
	s.stop()
	return s.ended()
}

func (s *server) ended() string {
	s.t.Helper()
	var rest []string
	for s.lines.Scan() {
		rest = append(rest, s.lines.Text())
	}
	if err := <-s.done; err != nil {
		s.t.Fatalf("it ended with %v", err)
	}
	return strings.Join(rest, "\n")
}

// page asks for a page, or sends a form where there is one, and returns where the visitor ended up.
func page(t *testing.T, c *http.Client, address string, form url.Values) (at, body string) {
	t.Helper()
	var r *http.Response
	var err error
	if form == nil {
		r, err = c.Get(address)
	} else {
		r, err = c.PostForm(address, form)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s", address, r.Status)
	}
	return r.Request.URL.Path, string(data)
}

func TestServe(t *testing.T) {
	data := filepath.Join(t.TempDir(), "new", "data")
	serve := []string{"serve", "--addr=127.0.0.1:0", "--drain=0s", "--log=error", "--surveys=testdata/meals", "--data=" + data}
	first := started(t, serve...)
	first.line("Published meals, version 1.")
	base := first.listens()

	person := visitor(t)
	if _, body := page(t, person, base+"/s/meals", nil); !strings.Contains(body, "Lunch at school") {
		t.Errorf("the survey:\n%s", body)
	}
	for _, step := range []struct {
		path string
		form url.Values
		at   string
	}{
		{"who", url.Values{"voice": {"self"}}, "key"},
		{"q/like", url.Values{"choice": {"bad"}}, "q/why"},
		{"q/why", url.Values{"words": {"It is loud."}}, "check"},
		{"check", url.Values{}, "done"},
	} {
		if at, _ := page(t, person, base+"/s/meals/"+step.path, step.form); at != "/s/meals/"+step.at {
			t.Fatalf("after %s the person is at %s, want %s", step.path, at, step.at)
		}
	}
	r, err := http.Get(base + "/schemas/survey.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var schema map[string]any
	if err := json.NewDecoder(r.Body).Decode(&schema); err != nil || schema["title"] != "A survey of Sayso" || r.Header.Get("Content-Type") != "application/schema+json" {
		t.Errorf("the schema: %v %v, %v", r.Status, schema["title"], err)
	}
	first.ends()

	again := started(t, serve...)
	if again.lines.Scan(); !strings.HasPrefix(again.lines.Text(), "Sayso listens on ") {
		t.Errorf("the second start says %s", again.lines.Text())
	}
	again.ends()
	h := opened(t, data)
	sv, err := h.surveys.Newest("meals")
	if err != nil || sv.Version != 1 {
		t.Fatalf("the survey is %+v, %v", sv, err)
	}
	if n, err := h.surveys.Received(t.Context(), sv); err != nil || n != 1 {
		t.Errorf("%d responses are kept, %v; want 1", n, err)
	}
}

func TestServeSaysWhatToDoNext(t *testing.T) {
	s := started(t, "serve", "--addr=127.0.0.1:0", "--drain=0s", "--log=error", "--data", t.TempDir())
	s.listens()
	s.line("There is no survey yet.")
	s.line("SAYSO_SURVEYS=FOLDER sayso serve")
	s.line("SAYSO_AREAS")
	if s.line("sayso demo"); s.ends() != "" {
		t.Error("it says more when it ends")
	}
}

func TestServeRefuses(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	refused(t, "nothing can listen on "+address, "serve", "--data", t.TempDir(), "--addr", address)
	refused(t, "set SAYSO_ADDR to another address", "serve", "--data", t.TempDir(), "--addr", address)
	refused(t, `SAYSO_SURVEYS is "testdata/none", but there is no such folder`, "serve", "--data", t.TempDir(), "--surveys", "testdata/none")
	refused(t, `SAYSO_SURVEYS is "testdata/meals.csv", but there is no such folder`, "serve", "--data", t.TempDir(), "--surveys", "testdata/meals.csv")
	refused(t, "but there is no survey file (.yaml) in that folder", "serve", "--data", t.TempDir(), "--surveys", t.TempDir())
}

func TestServeRefusesASurveyThatChangesItsMeaning(t *testing.T) {
	data, folder := withMeals(t), t.TempDir()
	good, err := os.ReadFile("testdata/meals/meals.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(good), "kind: long_text", "kind: number", 1)
	if err := os.WriteFile(filepath.Join(folder, "meals.yaml"), []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, `publish meals.yaml: This survey changes the meaning of an earlier question. Give the new question another id.`, "serve", "--data", data, "--surveys", folder)
	refused(t, `The question "why" was of another kind or role before.`, "serve", "--data", data, "--surveys", folder)
}

func TestDemo(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	s := started(t, "demo", "--answers=200", "--json", "--addr=127.0.0.1:0")
	var ready struct {
		URL     string
		Links   map[string]string
		Surveys []string
	}
	if line := s.line("{"); json.Unmarshal([]byte(line), &ready) != nil || len(ready.Links) != len(demoStaff) || len(ready.Surveys) != 4 {
		t.Fatalf("it says %s", line)
	}
	person := visitor(t)
	for _, path := range []string{"/", "/s/" + ready.Surveys[0], "/r/worries", "/?lang=ur"} {
		if _, body := page(t, person, ready.URL+path, nil); !strings.Contains(body, "</html>") {
			t.Errorf("%s:\n%s", path, body)
		}
	}
	for key, link := range ready.Links {
		if !strings.HasPrefix(link, ready.URL+"/staff/link/") {
			t.Errorf("the link of %s is %s", key, link)
		}
	}
	if rest := s.ends(); rest != "" {
		t.Errorf("it still says %s", rest)
	}
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("it leaves %v behind, %v", left, err)
	}
}

// Somebody who tires of waiting gets their shell back, and nothing is left.
func TestDemoStopsWhileItPrepares(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	s := started(t, "demo", "--answers=20000", "--addr=127.0.0.1:0")
	s.line("Making up answers")
	s.stop()
	for s.lines.Scan() { // what it says meanwhile is of no interest
	}
	if err := <-s.done; err == nil { // it was too quick to be stopped
		t.Error("it says that it ended well")
	}
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("it leaves %v behind, %v", left, err)
	}
}
