package main

import (
	"bufio"
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"sayso/internal/fault"
	"sayso/internal/operation"
)

const deployed = "../deploy"

// manifest returns a file of the folder deploy, decoded.
func manifest(t *testing.T, path string) any {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal([]byte(text(t, path)), &doc); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return doc
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(deployed, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// schemas compiles what testdata says of a kind.
func schemas(t *testing.T) func(kind string) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile("testdata/manifests.schema.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("manifests.json", doc); err != nil {
		t.Fatal(err)
	}
	return func(kind string) *jsonschema.Schema {
		schema, err := compiler.Compile("manifests.json#/$defs/" + kind)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		return schema
	}
}

func TestManifestsAreOfTheirKind(t *testing.T) {
	kindOf := schemas(t)
	kinds := map[string]string{
		"compose/compose.yaml":   "compose",
		"prometheus/rules.yaml":  "rules",
		"prometheus/scrape.yaml": "scrape",
		"grafana/sayso.json":     "board",
	}
	for _, path := range filesIn(t, ".yaml", ".json") {
		doc := manifest(t, path)
		kind := kinds[path]
		if strings.HasPrefix(path, "kubernetes/") {
			object, _ := doc.(map[string]any)
			kind, _ = object["kind"].(string)
		}
		if kind == "" {
			t.Errorf("nobody knows what %s is", path)
			continue
		}
		if err := kindOf(kind).Validate(doc); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func filesIn(t *testing.T, endings ...string) (paths []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(deployed), ".", func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() && (d.Name() == "secrets" || d.Name() == "surveys") {
			return fs.SkipDir
		}
		if slices.Contains(endings, filepath.Ext(path)) {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %s: %v", deployed, err)
	}
	return paths
}

// The schemas refuse what would be less safe.
func TestSchemasRefuse(t *testing.T) {
	kindOf := schemas(t)
	for path, change := range map[string]struct{ from, to string }{
		"kubernetes/deployment.yaml":   {"runAsNonRoot: true", "runAsNonRoot: false"},
		"kubernetes/service.yaml":      {"targetPort: http", "targetPort: metrics"},
		"kubernetes/settings.yaml":     {"SAYSO_SECRET_FILE", "SAYSO_SECRET"},
		"kubernetes/autoscaler.yaml":   {"minReplicas: 2", "minReplicas: 1"},
		"kubernetes/network-deny.yaml": {"[Ingress, Egress]", "[Ingress]"},
		"kubernetes/disruption.yaml":   {"minAvailable", "minimumAvailable"},
	} {
		was := text(t, path)
		changed := strings.Replace(was, change.from, change.to, 1)
		var doc map[string]any
		if err := yaml.Unmarshal([]byte(changed), &doc); err != nil {
			t.Fatal(err)
		}
		if kindOf(doc["kind"].(string)).Validate(doc) == nil || changed == was {
			t.Errorf("%s with %q instead of %q is taken", path, change.to, change.from)
		}
	}
}

func TestEveryManifestIsApplied(t *testing.T) {
	list, _ := manifest(t, "kubernetes/kustomization.yaml").(map[string]any)["resources"].([]any)
	for _, path := range filesIn(t, ".yaml") {
		name, ok := strings.CutPrefix(path, "kubernetes/")
		if ok && name != "kustomization.yaml" && !slices.Contains(list, any(name)) {
			t.Errorf("%s is not applied", path)
		}
	}
}

var setting = regexp.MustCompile(`\bSAYSO_[A-Z_]+\b`)

// settings are the names of all settings in Config.
func settings() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		names = append(names, f.Tag.Get("env"))
	}
	return names
}

func TestSettingsInManifestsExist(t *testing.T) {
	known := append(settings(), "SAYSO_HOST") // the name that Caddy and compose are given
	for _, path := range append(filesIn(t, ".yaml", ".service"), "Containerfile", "compose/Caddyfile") {
		for _, name := range setting.FindAllString(text(t, path), -1) {
			if !slices.Contains(known, name) {
				t.Errorf("%s sets %s, which does not exist", path, name)
			}
		}
	}
}

var metric = regexp.MustCompile(`\b(sayso|go|process)_[a-z_]+\b`)

// metricsShown are the names of all metrics that a server with the embedded store shows.
func metricsShown(t *testing.T) map[string]bool {
	t.Helper()
	nothing := func() int { return 0 }
	m := operation.New(operation.Sources{
		Ready: func(context.Context) error { return nil }, Drafts: func(context.Context) (int, error) { return 0, nil },
		Queue: nothing, KeysWaiting: nothing,
	})
	m.Request("GET", "/", 200, 0)
	m.Stored("Draft", 0, fault.New(fault.Unavailable, "store.unavailable"))
	page := httptest.NewRecorder()
	m.Server().Handler.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	names := map[string]bool{}
	for lines := bufio.NewScanner(page.Body); lines.Scan(); {
		if name := metric.FindString(lines.Text()); name != "" && !strings.HasPrefix(lines.Text(), "#") {
			names[name] = true
		}
	}
	return names
}

func TestMetricsInRulesAndBoardExist(t *testing.T) {
	shown := metricsShown(t)
	for _, path := range []string{"prometheus/rules.yaml", "grafana/sayso.json"} {
		found := metric.FindAllString(text(t, path), -1)
		if len(found) < 5 {
			t.Errorf("%s names only %v", path, found)
		}
		for _, name := range found {
			if !shown[name] {
				t.Errorf("%s asks for %s, which nobody shows", path, name)
			}
		}
	}
}

func TestOperationsInRulesExist(t *testing.T) {
	known := operationsOf(reflect.TypeFor[store]())
	list := regexp.MustCompile(`operation=~"([^"]+)"`).FindStringSubmatch(text(t, "prometheus/rules.yaml"))
	if list == nil {
		t.Fatal("no rule looks at operations")
	}
	for _, name := range strings.Split(list[1], "|") {
		if !slices.Contains(known, name) {
			t.Errorf("a rule looks at the operation %s, which does not exist", name)
		}
	}
}

// directives are those of systemd.unit, .exec, .service, .kill and .resource-control that the unit may use.
var directives = map[string]string{
	"Unit":    "Description After Wants",
	"Install": "WantedBy",
	"Service": "Type ExecStart Environment LoadCredential Restart RestartSec TimeoutStopSec KillSignal DynamicUser StateDirectory " +
		"StateDirectoryMode UMask LimitNOFILE MemoryMax NoNewPrivileges CapabilityBoundingSet AmbientCapabilities ProtectSystem " +
		"ProtectHome ProtectClock ProtectHostname ProtectControlGroups ProtectKernelLogs ProtectKernelModules ProtectKernelTunables " +
		"ProtectProc ProcSubset PrivateTmp PrivateDevices PrivateUsers RemoveIPC LockPersonality MemoryDenyWriteExecute " +
		"RestrictRealtime RestrictSUIDSGID RestrictNamespaces RestrictAddressFamilies SystemCallArchitectures SystemCallFilter " +
		"SystemCallErrorNumber",
}

func TestUnitIsKnownAndHardened(t *testing.T) {
	unit := text(t, "systemd/sayso.service")
	section := ""
	for _, line := range strings.Split(unit, "\n") {
		switch name, _, is := strings.Cut(line, "="); {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			section = strings.Trim(line, "[]")
		case !is || !slices.Contains(strings.Fields(directives[section]), name):
			t.Errorf("[%s] may not say %q", section, line)
		}
	}
	for _, line := range []string{"DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=",
		"SystemCallFilter=@system-service", "StateDirectory=sayso", "LoadCredential=secret:/etc/sayso/secret"} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("the unit does not say %s", line)
		}
	}
}

func TestImageIsSmallAndHarmless(t *testing.T) {
	file := text(t, "Containerfile")
	_, last, _ := strings.Cut(file, "\nFROM scratch\n")
	for _, line := range []string{"USER 65532:65532", "VOLUME /data", `CMD ["/sayso", "health"]`, `ENTRYPOINT ["/sayso"]`} {
		if !strings.Contains(last, line) {
			t.Errorf("the image does not say %s", line)
		}
	}
}
