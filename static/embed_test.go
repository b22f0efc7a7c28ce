package static

import (
	"bytes"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestEveryFileIsServed(t *testing.T) {
	served := map[string]bool{}
	for name := range index().byName {
		p := Path(name)
		f, ok := Find(p)
		if !ok || len(f.Content) == 0 || f.ContentType == "" {
			t.Errorf("%s is not served properly under %s", name, p)
		}
		if served[p] {
			t.Errorf("two files are served under %s", p)
		}
		served[p] = true
		if f.Brotli == nil {
			continue
		}
		plain, err := io.ReadAll(brotli.NewReader(bytes.NewReader(f.Brotli)))
		if err != nil || !bytes.Equal(plain, f.Content) {
			t.Errorf("%s is not the same compressed: %v", name, err)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, p := range []string{"/static/css/sayso.css", "/static/../embed.go", "/static/css/../css/sayso.css", "/static/", ""} {
		if _, ok := Find(p); ok {
			t.Errorf("%q is served", p)
		}
	}
}

func TestNoOtherHost(t *testing.T) {
	address := regexp.MustCompile(`(https?:)?//[a-z0-9]`)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !(strings.HasSuffix(name, ".css") || strings.HasSuffix(name, ".js")) {
			return err
		}
		content, err := files.ReadFile(name)
		if m := address.Find(content); m != nil {
			t.Errorf("%s names another host: %s…", name, m)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An old phone on a slow line waits for the style sheet before it shows anything.
func TestStyleSheetsAreSmall(t *testing.T) {
	for _, name := range []string{"css/sayso.css", "css/sayso.rtl.css"} {
		f, _ := Find(Path(name))
		if n := len(f.Brotli); n == 0 || n > 12<<10 {
			t.Errorf("%s has %d bytes on the line, wanted at most 12 KiB", name, n)
		}
	}
}
