package budget

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestRealFilesAreWrittenAgain(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t), "*.pb"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		f := read(t, path)
		if _, remarks, err := f.Election(); err != nil {
			t.Error(err)
		} else if len(remarks) > 0 {
			t.Log(filepath.Base(path), remarks)
		}
		var out bytes.Buffer
		if err := f.WritePB(&out); err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Logf("%s: not byte for byte", filepath.Base(path))
		}
	}
}
