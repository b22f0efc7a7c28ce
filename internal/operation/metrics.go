// Package operation shows an operator how the program is doing: what is counted and timed, in the format of
// Prometheus, and whether requests may come. Nothing here comes from people: every label is one of a closed set that
// is known at the start.
package operation

import (
	"context"
	"math"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"sayso/internal/fault"
)

// Sources are what is asked at the moment somebody looks. A nil function is not shown.
type Sources struct {
	Routes      []string                           // patterns of the routes; any other is shown as Other
	Ready       func(context.Context) error        // whether requests may come
	Drafts      func(context.Context) (int, error) // how many drafts the store holds
	Queue       func() int                         // writes that wait for the store's one writer
	KeysWaiting func() int                         // keys that wait for their slow hash
}

// Other stands for every method, route or status that is not in its closed set.
const Other = "other"

// Step is how far somebody is with a survey when something is saved.
type Step string

// The steps.
const (
	Begin  Step = "begin"  // a draft is opened
	Page   Step = "page"   // an answer is kept in it
	Submit Step = "submit" // it becomes a response
)

// Acknowledged is the result of a save that was kept; any other is the kind of its fault.
const Acknowledged = "acknowledged"

var (
	steps   = []Step{Begin, Page, Submit}
	methods = []string{"GET", "HEAD", "POST"}
	kinds   = []fault.Kind{fault.Invalid, fault.NotFound, fault.Forbidden, fault.Conflict, fault.TooMany,
		fault.Unavailable, fault.Internal}
	// buckets are seconds, close together where people begin to notice.
	buckets = []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10}
)

// glance is how long one look at a source may take.
const glance = time.Second

// Metrics counts and times. Its methods may be called by many goroutines.
type Metrics struct {
	registry  *prometheus.Registry
	routes    map[string]bool
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	saves     *prometheus.CounterVec
	appended  prometheus.Counter
	calls     *prometheus.HistogramVec
	failures  *prometheus.CounterVec
	swept     prometheus.Gauge
}

// New returns metrics of their own registry, with those of the Go runtime and of the process.
func New(s Sources) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		routes:   map[string]bool{},
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sayso_requests_total",
			Help: "Requests answered, by pattern of the route, method and status."}, []string{"route", "method", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sayso_request_duration_seconds",
			Help: "How long answers took, by pattern of the route and method.", Buckets: buckets}, []string{"route", "method"}),
		saves: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sayso_saves_total",
			Help: "Saves of people who answer: acknowledged, which means durable, or refused by the kind of fault."}, []string{"step", "result"}),
		appended: prometheus.NewCounter(prometheus.CounterOpts{Name: "sayso_responses_appended_total",
			Help: "Responses that are new in the log."}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sayso_store_operation_duration_seconds",
			Help: "How long the store took, waiting included, by operation.", Buckets: buckets}, []string{"operation"}),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sayso_store_failures_total",
			Help: "Operations that the store could not carry out, by operation and kind of fault."}, []string{"operation", "kind"}),
		swept: prometheus.NewGauge(prometheus.GaugeOpts{Name: "sayso_last_sweep_timestamp_seconds",
			Help: "When this process last swept away what is over; 0 if never."}),
	}
	for _, r := range s.Routes {
		m.routes[r] = true
	}
	for _, step := range steps {
		m.saves.WithLabelValues(string(step), Acknowledged)
		for _, kind := range kinds {
			m.saves.WithLabelValues(string(step), string(kind))
		}
	}
	m.registry.MustRegister(m.requests, m.durations, m.saves, m.appended, m.calls, m.failures, m.swept,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.ask(s)
	return m
}

// ask shows what the sources say when somebody looks.
func (m *Metrics) ask(s Sources) {
	show := func(name, help string, value func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	if s.Ready != nil {
		show("sayso_ready", "1 while requests may come, else 0.", func() float64 { return readiness(s.Ready) })
	}
	if s.Drafts != nil {
		show("sayso_drafts", "Drafts in the store; not a number while it does not answer.", func() float64 { return counted(s.Drafts) })
	}
	if s.Queue != nil {
		show("sayso_write_queue_length", "Writes that wait for the store's one writer.", func() float64 { return float64(s.Queue()) })
	}
	if s.KeysWaiting != nil {
		show("sayso_keys_waiting", "Keys that wait for their slow hash.", func() float64 { return float64(s.KeysWaiting()) })
	}
}

func readiness(ready func(context.Context) error) float64 {
	ctx, cancel := context.WithTimeout(context.Background(), glance)
	defer cancel()
	if ready(ctx) != nil {
		return 0
	}
	return 1
}

func counted(count func(context.Context) (int, error)) float64 {
	ctx, cancel := context.WithTimeout(context.Background(), glance)
	defer cancel()
	n, err := count(ctx)
	if err != nil {
		return math.NaN()
	}
	return float64(n)
}

// Request notes an answer to a request by the pattern of its route.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	if !m.routes[route] {
		route = Other
	}
	method = known(method, methods)
	code := Other
	if status >= 100 && status < 600 {
		code = strconv.Itoa(status)
	}
	m.requests.WithLabelValues(route, method, code).Inc()
	m.durations.WithLabelValues(route, method).Observe(took.Seconds())
}

func known(value string, all []string) string {
	for _, k := range all {
		if value == k {
			return k // not the value: it may be a slice of a buffer that is used again
		}
	}
	return Other
}

// Stored notes a call of the store by the name of the operation, which is written in the code. Only errors that are
// the store's own count as failures: not to find something is an answer.
func (m *Metrics) Stored(operation string, took time.Duration, err error) {
	m.calls.WithLabelValues(operation).Observe(took.Seconds())
	if err == nil {
		return
	}
	if kind := fault.KindOf(err); kind == fault.Unavailable || kind == fault.Internal {
		m.failures.WithLabelValues(operation, string(kind)).Inc()
	}
}

// Saved notes what became of a save.
func (m *Metrics) Saved(step Step, err error) {
	result := Acknowledged
	if err != nil {
		result = string(fault.KindOf(err))
	}
	m.saves.WithLabelValues(string(step), result).Inc()
}

// Appended notes responses that are new in the log.
func (m *Metrics) Appended(n int) { m.appended.Add(float64(n)) }

// Swept notes that what is over was swept away.
func (m *Metrics) Swept(at time.Time) { m.swept.Set(float64(at.Unix())) }
