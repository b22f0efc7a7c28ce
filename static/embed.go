// Package static holds style sheets, scripts, fonts and pictures, each served under a name that holds the hash of its
// content, so that a browser may keep it for ever.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

//go:embed css fonts icons js pictures
var files embed.FS

// File is one file as it is sent. Brotli is nil where compressing does not help.
type File struct {
	ContentType     string
	Content, Brotli []byte
}

type entry struct {
	path string // as it is served
	file func() File
}

// index is made once from the embedded files: by their own name, and by the path they are served under.
var index = sync.OnceValue(func() (x struct{ byName, byPath map[string]*entry }) {
	x.byName, x.byPath = map[string]*entry{}, map[string]*entry{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		e := &entry{path: served(name, content), file: sync.OnceValue(func() File { return made(name, content) })}
		x.byName[name], x.byPath[e.path] = e, e
		return nil
	})
	if err != nil {
		panic(err) // the files are part of the program
	}
	return x
})

// served returns the path of a file. Fonts are named by a hash already, since the style sheets name them.
func served(name string, content []byte) string {
	if strings.HasPrefix(name, "fonts/") {
		return "/static/" + name
	}
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	return "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:4]) + ext
}

var types = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml", ".woff2": "font/woff2", ".png": "image/png",
}

func made(name string, content []byte) File {
	f := File{ContentType: types[path.Ext(name)], Content: content}
	if path.Ext(name) == ".woff2" || path.Ext(name) == ".png" {
		return f
	}
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, 9)
	if _, err := w.Write(content); err != nil || w.Close() != nil || b.Len() >= len(content) {
		return f
	}
	f.Brotli = b.Bytes()
	return f
}

// Path returns the path under which the file is served: "css/sayso.css" → "/static/css/sayso.1a2b3c4d.css". It panics
// for a file that is not there, which is a slip in a page and found by the test that renders them all.
func Path(name string) string {
	e, ok := index().byName[name]
	if !ok {
		panic("static: there is no " + name)
	}
	return e.path
}

// Find returns the file served under the path.
func Find(path string) (File, bool) {
	e, ok := index().byPath[path]
	if !ok {
		return File{}, false
	}
	return e.file(), true
}
