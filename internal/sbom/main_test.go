package main

import (
	"bytes"
	"encoding/json"
	"runtime/debug"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Path: "sayso", Version: "v0.1.0+dirty"}, Deps: []*debug.Module{
		{Path: "example.org/a", Version: "v1.2.3+incompatible", Sum: "h1:x="},
		{Path: "example.org/b", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/c", Version: "v2.0.0", Sum: "h1:y="}},
	}}
	var once, twice bytes.Buffer
	if err := write(&once, info); err != nil {
		t.Fatal(err)
	}
	if err := write(&twice, info); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
		t.Errorf("the same program gives other bytes: %v", err)
	}
	var doc bom
	if err := json.Unmarshal(once.Bytes(), &doc); err != nil || doc.Format != "CycloneDX" || doc.Spec != "1.6" || doc.Metadata.Component.Name != "sayso" {
		t.Fatalf("%+v, %v", doc, err)
	}
	var purls []string
	for _, c := range doc.Components {
		purls = append(purls, c.PURL)
	}
	if got := strings.Join(purls, " "); got != "pkg:golang/stdlib@1.26.0 pkg:golang/example.org/a@v1.2.3+incompatible pkg:golang/example.org/c@v2.0.0" {
		t.Error(got)
	}
	if doc.Components[1].Properties[0].Value != "h1:x=" {
		t.Errorf("%+v", doc.Components[1])
	}
	if err := write(&once, &debug.BuildInfo{}); err == nil {
		t.Error("a program made of nothing")
	}
}
