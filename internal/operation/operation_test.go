package operation_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sayso/internal/fault"
	"sayso/internal/operation"
)

// page returns what the path of the operators' server says.
func page(t *testing.T, m *operation.Metrics, path string) (status int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	m.Server().Handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// shows says whether the metrics hold the line.
func shows(t *testing.T, m *operation.Metrics, line string) {
	t.Helper()
	_, body := page(t, m, "/metrics")
	if !slices.Contains(strings.Split(body, "\n"), line) {
		t.Errorf("there is no line %q in\n%s", line, ours(body))
	}
}

// ours are the lines that are not about Go or the process.
func ours(body string) string {
	var lines []string
	for s := bufio.NewScanner(strings.NewReader(body)); s.Scan(); {
		if strings.HasPrefix(s.Text(), "sayso_") {
			lines = append(lines, s.Text())
		}
	}
	return strings.Join(lines, "\n")
}

func TestWhatHappenedIsShown(t *testing.T) {
	m := operation.New(operation.Sources{Routes: []string{"/s/:survey"}})
	m.Request("GET", "/s/:survey", 200, 3*time.Millisecond)
	m.Request("GET", "/s/:survey", 503, 700*time.Millisecond)
	m.Saved(operation.Page, nil)
	m.Saved(operation.Page, fmt.Errorf("save: %w", fault.New(fault.Invalid, "answer.required")))
	m.Stored("Draft", time.Millisecond, fault.New(fault.NotFound, "store.not_found"))
	m.Stored("Draft", time.Millisecond, fault.New(fault.Unavailable, "store.unavailable"))
	m.Appended(3)
	m.Swept(time.Unix(1_800_000_000, 0))
	for _, line := range []string{
		`sayso_requests_total{method="GET",route="/s/:survey",status="200"} 1`,
		`sayso_requests_total{method="GET",route="/s/:survey",status="503"} 1`,
		`sayso_request_duration_seconds_bucket{method="GET",route="/s/:survey",le="0.005"} 1`,
		`sayso_request_duration_seconds_bucket{method="GET",route="/s/:survey",le="1"} 2`,
		`sayso_saves_total{result="acknowledged",step="page"} 1`,
		`sayso_saves_total{result="invalid",step="page"} 1`,
		`sayso_saves_total{result="unavailable",step="submit"} 0`,
		`sayso_store_operation_duration_seconds_count{operation="Draft"} 2`,
		`sayso_store_failures_total{kind="unavailable",operation="Draft"} 1`,
		`sayso_responses_appended_total 3`,
		`sayso_last_sweep_timestamp_seconds 1.8e+09`,
	} {
		shows(t, m, line)
	}
	if _, body := page(t, m, "/metrics"); strings.Contains(body, `kind="not_found"`) {
		t.Error("not to find something counts as a failure of the store")
	}
}

func TestLabelsComeFromAClosedSet(t *testing.T) {
	m := operation.New(operation.Sources{Routes: []string{"/help"}})
	for i := range 500 {
		m.Request(fmt.Sprintf("BREW%d", i), fmt.Sprintf("/s/my-name-is-%d", i), 600+i, time.Millisecond)
	}
	_, body := page(t, m, "/metrics")
	shows(t, m, `sayso_requests_total{method="other",route="other",status="other"} 500`)
	if n := strings.Count(body, "\nsayso_requests_total{"); n != 1 {
		t.Errorf("%d series of one kind of request", n)
	}
}

func TestSourcesAreAskedWhenSomebodyLooks(t *testing.T) {
	ready, queue := error(nil), 7
	m := operation.New(operation.Sources{
		Ready:       func(context.Context) error { return ready },
		Drafts:      func(context.Context) (int, error) { return 12, ready },
		Queue:       func() int { return queue },
		KeysWaiting: func() int { return 2 },
	})
	for _, line := range []string{"sayso_ready 1", "sayso_drafts 12", "sayso_write_queue_length 7", "sayso_keys_waiting 2"} {
		shows(t, m, line)
	}
	ready, queue = errors.New("away"), 0
	for _, line := range []string{"sayso_ready 0", "sayso_drafts NaN", "sayso_write_queue_length 0"} {
		shows(t, m, line)
	}
	if _, body := page(t, operation.New(operation.Sources{}), "/metrics"); strings.Contains(body, "sayso_write_queue_length") {
		t.Error("a store without a queue shows one")
	}
}

func TestMetricsFollowTheConventions(t *testing.T) {
	_, body := page(t, operation.New(operation.Sources{}), "/metrics")
	named := regexp.MustCompile(`^# TYPE (\S+) (\S+)$`)
	for _, line := range strings.Split(body, "\n") {
		m := named.FindStringSubmatch(line)
		if m != nil && strings.HasPrefix(m[1], "sayso_") && (m[2] == "counter") != strings.HasSuffix(m[1], "_total") {
			t.Errorf("a %s is called %s", m[2], m[1])
		}
	}
	if !strings.Contains(body, "go_goroutines ") || !strings.Contains(body, "process_open_fds ") {
		t.Error("nothing is said about the Go runtime or the process")
	}
}

func TestProfilesShowNoArguments(t *testing.T) {
	m := operation.New(operation.Sources{})
	if status, _ := page(t, m, "/debug/pprof/heap?debug=1"); status != http.StatusOK {
		t.Errorf("the profile of the heap answers %d", status)
	}
	if status, body := page(t, m, "/debug/pprof/cmdline"); status != http.StatusNotFound {
		t.Errorf("the arguments of the process are shown: %d %s", status, body)
	}
	if status, _ := page(t, m, "/"); status != http.StatusNotFound {
		t.Errorf("/ answers %d", status)
	}
}

func TestReadiness(t *testing.T) {
	var cause error
	r := operation.NewReadiness(func(context.Context) error { return cause })
	if err := r.Ready(t.Context()); err != nil {
		t.Errorf("not ready: %v", err)
	}
	cause = errors.New("away")
	if err := r.Ready(t.Context()); !errors.Is(err, cause) {
		t.Errorf("with the store away: %v", err)
	}
	cause = nil
	r.Leave()
	if err := r.Ready(t.Context()); err == nil || !r.Leaving() {
		t.Errorf("after leaving: %v", err)
	}
}

// However long a check hangs, everybody who asks gets an answer, and one check runs for all of them.
func TestReadinessOutlivesACheckThatHangs(t *testing.T) {
	release, ended := make(chan struct{}), make(chan struct{})
	var once sync.Once
	checks := make(chan struct{}, 100)
	r := operation.NewReadiness(func(context.Context) error {
		checks <- struct{}{}
		<-release
		once.Do(func() { close(ended) })
		return nil
	})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if err := r.Ready(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a check that hangs: %v", err)
			}
		})
	}
	wg.Wait()
	if n := len(checks); n != 1 {
		t.Errorf("%d checks ran at once", n)
	}
	close(release)
	<-ended
}
