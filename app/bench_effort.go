package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"sayso/internal/people"
	"sayso/internal/report"
	"sayso/internal/web"
)

// effort is what something took: seconds, seconds of all processors together, and the highest memory of the program
// meanwhile, in MiB. Where the system does not tell, the processors' time is that of the clock, and memory is what the
// runtime took by then.
type effort struct{ seconds, processor, peak float64 }

func exert(do func() error) (effort, error) {
	debug.FreeOSMemory()
	forgetPeak()
	begun, busy := time.Now(), processorTime()
	err := do()
	e := effort{seconds: time.Since(begun).Seconds(), peak: memory("VmHWM")}
	if e.processor = processorTime() - busy; e.processor <= 0 {
		e.processor = e.seconds
	}
	return e, err
}

// forgetPeak makes Linux measure the highest memory from now on; proc(5), clear_refs.
func forgetPeak() {
	if file, err := os.OpenFile("/proc/self/clear_refs", os.O_WRONLY, 0); err == nil {
		_, _ = file.WriteString("5") // elsewhere, and where it is not allowed, the peak is that of all before
		_ = file.Close()
	}
}

// memory is a figure of /proc/self/status in MiB.
func memory(name string) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err == nil {
		for line := range strings.Lines(string(status)) {
			if rest, ok := strings.CutPrefix(line, name+":"); ok {
				kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
				return kib / 1024
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys-m.HeapReleased) / (1 << 20)
}

// download is what an export took.
type download struct {
	effort
	first, above float64 // seconds to the first byte, MiB above what the program had at rest
	rows         int
}

// downloads asks the whole app for all answers, as an analyst at their desk does, and counts the rows that arrive.
func downloads(ctx context.Context, h *house, format report.Format, want int) (d download, err error) {
	address, err := listen(web.New(h.parts(false)))
	if err != nil {
		return d, err
	}
	token, err := h.staff.OneTimeLink(ctx, "analyst@"+string(format), people.Analyst, "")
	if err != nil {
		return d, err
	}
	me := newBrowser(&fasthttp.HostClient{Addr: address})
	if _, err := me.fills("/staff/link/"+token, ""); err != nil {
		return d, err
	}
	folder, err := os.MkdirTemp("", "sayso-bench-")
	if err != nil {
		return d, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "answers")
	debug.FreeOSMemory()
	rest := memory("VmRSS")
	d.effort, err = exert(func() error { return d.fetch(ctx, "http://"+address, me.header, format, path) })
	if err != nil {
		return d, err
	}
	d.above = max(d.peak-rest, 0.01)
	if d.rows, err = rowsOf(path, format); err != nil {
		return d, err
	}
	if d.rows != want {
		return d, fmt.Errorf("%d of %d rows arrived as %s", d.rows, want, format)
	}
	return d, nil
}

// fetch writes the answers to a file.
func (d *download) fetch(ctx context.Context, address, cookies string, format report.Format, path string) (err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/staff/surveys/"+benchSurvey+"/answers/"+string(format), nil)
	if err != nil {
		return err
	}
	req.Header.Set("Cookie", cookies)
	begun := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the answers as %s: %s", format, resp.Status)
	}
	body := bufio.NewReader(resp.Body)
	if _, err := body.Peek(1); err != nil {
		return err
	}
	d.first = time.Since(begun).Seconds()
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, body)
	return errors.Join(err, file.Close())
}

// rowsOf counts the rows under the heading.
func rowsOf(path string, format report.Format) (n int, err error) {
	if format == report.XLSX {
		return rowsOfSheet(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	table := csv.NewReader(file)
	table.ReuseRecord = true
	for {
		_, err := table.Read()
		if errors.Is(err, io.EOF) {
			return n - 1, nil
		}
		if err != nil {
			return 0, err
		}
		n++
	}
}
