package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// asProgram makes the test binary be the program itself, with the arguments it was given.
const asProgram = "RUN_AS_THE_PROGRAM"

// beTheProgram never returns. A write beyond the limit of a file fails, as on a full disk, and ends nothing.
func beTheProgram() {
	signal.Ignore(syscall.SIGXFSZ)
	main()
	os.Exit(0)
}

// process is the program in a process of its own, which can be killed.
type process struct {
	*exec.Cmd
	url    string
	out    io.Reader
	log    *shared
	ended  chan struct{} // closed when it has ended
	status error         // with which it ended
}

// shared is what several may write and read.
type shared struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// begun starts the program with the arguments.
func begun(t *testing.T, change func(*exec.Cmd), args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.CommandContext(t.Context(), os.Args[0], args...), log: &shared{}, ended: make(chan struct{})}
	p.Env, p.Stderr = append(os.Environ(), asProgram+"=1"), p.log
	if change != nil {
		change(p.Cmd)
	}
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.Stdout, p.out = in, out
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	go func() { p.status = p.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		<-p.ended
		_ = out.Close()
	})
	return p
}

// serves starts "serve" on a free port and waits until it listens.
func serves(t *testing.T, args ...string) *process {
	t.Helper()
	p := begun(t, nil, append([]string{"serve", "--addr=127.0.0.1:0", "--drain=0s", "--log=warn", "--surveys=testdata/meals"}, args...)...)
	for lines := bufio.NewScanner(p.out); lines.Scan(); {
		if address, ok := strings.CutPrefix(lines.Text(), "Sayso listens on "); ok {
			p.url = address
			go func() { _, _ = io.Copy(io.Discard, p.out) }()
			return p
		}
	}
	<-p.ended
	t.Fatalf("it does not serve: %v\n%s", p.status, p.log)
	return nil
}

// kill ends it at once, as kill -9 does.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.ended
}

// leaves tells it to end and waits until it has, well.
func (p *process) leaves(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if <-p.ended; p.status != nil {
		t.Errorf("it ended with %v\n%s", p.status, p.log)
	}
}

// faults are the lines of the log that say why a request failed by our own fault.
func (p *process) faults(t *testing.T) (lines []map[string]any) {
	t.Helper()
	for line := range strings.Lines(p.log.String()) {
		if !strings.HasSuffix(line, "\n") { // its end is on the way
			break
		}
		var l map[string]any
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("the log holds %q: %v", line, err)
		}
		if l[slog.LevelKey] == slog.LevelError.String() && l[slog.MessageKey] == "fault" {
			lines = append(lines, l)
		}
	}
	return lines
}

// refusesClearly wants one clear line in the log of each request that was refused since the log had so many.
func (p *process) refusesClearly(t *testing.T, before int, routes ...string) {
	t.Helper()
	until(t, "the log tells of what was refused", func() bool { return len(p.faults(t)) >= before+len(routes) })
	lines := p.faults(t)[before:]
	if len(lines) != len(routes) {
		t.Errorf("%d requests were refused, and the log has %d lines: %v", len(routes), len(lines), lines)
		return
	}
	for i, route := range routes {
		l := lines[i]
		if l["kind"] != "unavailable" || l["route"] != route || l["request"] == "" || !strings.Contains(l["cause"].(string), "store.unavailable") {
			t.Errorf("the log says %v of a request to %s", l, route)
		}
	}
	if strings.Contains(p.log.String(), "said") { // as everything does that people say in these tests
		t.Errorf("the log tells what was typed:\n%s", p.log)
	}
}

// Whoever is started where nothing can be written says so and ends.
func TestReadOnlyFolder(t *testing.T) {
	program, nobody := readableByAll(t)
	folder := openFolder(t)
	first := serves(t, "--data="+folder)
	first.leaves(t)
	for path, mode := range map[string]os.FileMode{filepath.Join(folder, "sayso.db"): 0o444, filepath.Join(folder, "secret"): 0o444, folder: 0o555} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o755) })
	p := begun(t, func(c *exec.Cmd) { c.Path, c.SysProcAttr, c.Dir = program, nobody, "/" }, "serve", "--addr=127.0.0.1:0", "--data="+folder)
	<-p.ended
	said := p.log.String()
	if p.status == nil || !strings.Contains(said, "nothing can be written to the data folder "+folder) || !strings.Contains(said, "set SAYSO_DATA") || strings.Count(said, "\n") != 1 {
		t.Errorf("it ended with %v and said\n%s", p.status, said)
	}
}

// readableByAll is this program where everybody may run it, and how to run it as nobody, where we are root: root may
// write everywhere.
func readableByAll(t *testing.T) (string, *syscall.SysProcAttr) {
	t.Helper()
	if os.Geteuid() != 0 {
		return os.Args[0], nil
	}
	folder := openFolder(t)
	data, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "program")
	if err := os.WriteFile(program, data, 0o755); err != nil {
		t.Fatal(err)
	}
	return program, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
}

// openFolder is a folder that everybody may look into.
func openFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, p := range []string{filepath.Dir(folder), folder} {
		if err := os.Chmod(p, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// dialed is a connection to the address.
func dialed(t *testing.T, address string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn.(*net.TCPConn)
}

// withoutRedirects is a browser that shows each answer as it is.
func withoutRedirects(c *http.Client) *http.Client {
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// body reads the answer to its end.
func body(t *testing.T, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
