package main

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"sayso/content"
)

func runbook(t *testing.T) string {
	t.Helper()
	data, err := fs.ReadFile(content.FS, "guides/operating.en.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var alert = regexp.MustCompile(`(?m)^\s+- alert: (\w+)$`)

func TestEveryAlertHasItsSection(t *testing.T) {
	guide, rules := runbook(t), alert.FindAllStringSubmatch(text(t, "prometheus/rules.yaml"), -1)
	sections := regexp.MustCompile(`(?m)^### (Sayso\w+)$`).FindAllStringSubmatch(guide, -1)
	if len(rules) == 0 || len(sections) != len(rules) {
		t.Errorf("%d sections for %d alerts", len(sections), len(rules))
	}
	for _, r := range rules {
		if !strings.Contains(guide, "\n### "+r[1]+"\n") {
			t.Errorf("nobody says what to do at %s", r[1])
		}
	}
}

func TestEverySettingIsExplained(t *testing.T) {
	guide := runbook(t)
	for _, name := range settings() {
		if !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("the guide does not explain %s", name)
		}
	}
	for _, name := range setting.FindAllString(guide, -1) {
		if !slices.Contains(append(settings(), "SAYSO_HOST"), name) {
			t.Errorf("the guide explains %s, which does not exist", name)
		}
	}
}

func TestEveryMetricIsExplained(t *testing.T) {
	guide, shown := runbook(t), map[string]bool{}
	for name := range metricsShown(t) {
		shown[part.ReplaceAllString(name, "")] = true
	}
	for _, name := range metric.FindAllString(guide, -1) {
		if !shown[name] {
			t.Errorf("the guide explains %s, which nobody shows", name)
		}
	}
	for name := range shown {
		if strings.HasPrefix(name, "sayso_") && !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("the guide does not explain %s", name)
		}
	}
}

// part ends the names of the series that a histogram is made of.
var part = regexp.MustCompile(`_(bucket|sum|count)$`)

// commandLine is a command line of Sayso that the guide sets as code.
var commandLine = regexp.MustCompile("(?m)(?:`|/|[.]org )sayso ([a-z]+(?: [a-z]+)?)")

func TestCommandsInTheGuideExist(t *testing.T) {
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	var known []string
	for _, leaf := range parser.Model.Leaves(false) {
		known = append(known, leaf.Path())
	}
	found := commandLine.FindAllStringSubmatch(runbook(t), -1)
	if len(found) < 8 {
		t.Errorf("the guide shows only %v", found)
	}
	for _, f := range found {
		if !slices.ContainsFunc(known, func(path string) bool { return path == f[1] || strings.HasPrefix(f[1]+" ", path+" ") }) {
			t.Errorf("the guide shows sayso %s, but there is only %q", f[1], known)
		}
	}
}
