package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
)

// sealed packs and seals a text as Write does.
func sealed(t testing.TB, text io.Reader) []byte {
	t.Helper()
	var out bytes.Buffer
	s := newSealing(&out)
	packed, err := gzip.NewWriterLevel(s, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(packed, text); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(packed.Close(), s.seal()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func openBytes(b []byte) (*Backup, error) { return Open(bytes.NewReader(b), int64(len(b))) }

const head = `{"backup":{"format":1,"schema":1,"day":"2126-05-01","engine":"sqlite","steady":true,"counts":{}}}` + "\n"

// ending is the last line of a backup of so many members of staff.
func ending(t testing.TB, docs ...string) string {
	sums := Sums{}
	for _, c := range Collections {
		s := newSumming()
		for _, doc := range docs {
			if c == "staff" {
				s.add([]byte(doc))
			}
		}
		sums[c] = s.sum()
	}
	var out bytes.Buffer
	to := text{w: bufio.NewWriter(&out)}
	if err := errors.Join(to.line("end", footer{sums, sums.All()}), to.w.Flush()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestTextsThatWereNeverWritten(t *testing.T) {
	none, one := ending(t), ending(t, `{"id":"a"}`)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing in it":             {head + none, nil},
		"one document":              {head + `{"staff":{"id":"a"}}` + "\n" + one, nil},
		"a newer format":            {strings.Replace(head, `"format":1`, `"format":2`, 1) + none, ErrNewer},
		"a newer schema":            {strings.Replace(head, `"schema":1`, `"schema":2`, 1) + none, ErrNewer},
		"a newer head":              {`{"backup":{"format":2,"schema":1,"counts":"many"}}` + "\n" + none, ErrNewer},
		"an older format":           {strings.Replace(head, `"format":1`, `"format":0`, 1) + none, ErrDamaged},
		"a wrong head":              {`{"backup":{"format":1,"schema":1,"counts":"many"}}` + "\n" + none, ErrDamaged},
		"no head":                   {none, ErrForeign},
		"no end":                    {head, ErrDamaged},
		"nothing":                   {"", ErrDamaged},
		"one more than counted":     {head + `{"staff":{"id":"a"}}` + "\n" + none, ErrDamaged},
		"one less":                  {head + one, ErrDamaged},
		"another than counted":      {head + `{"staff":{"id":"b"}}` + "\n" + one, ErrDamaged},
		"out of order":              {head + `{"surveys":{"id":"a"}}` + "\n" + `{"staff":{"id":"a"}}` + "\n" + one, ErrDamaged},
		"an unknown collection":     {head + `{"sessions":{"id":"a"}}` + "\n" + none, ErrDamaged},
		"a document with spaces":    {head + `{"staff":{"id": "a"}}` + "\n" + ending(t, `{"id": "a"}`), ErrDamaged},
		"something after the end":   {head + none + head, ErrDamaged},
		"a line that is none":       {head + "staff\n" + none, ErrDamaged},
		"a document that is none":   {head + `{"staff":7}` + "\n" + ending(t, "7"), ErrDamaged},
		"a wrong sum of everything": {head + none[:len(none)-5] + `0"}}` + "\n", ErrDamaged},
	} {
		if _, err := openBytes(sealed(t, strings.NewReader(c.text))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// same yields one letter again and again.
type same byte

func (s same) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(s)
	}
	return len(b), nil
}

// TestBomb opens a small file that unpacks to a line longer than any.
func TestBomb(t *testing.T) {
	bomb := sealed(t, io.MultiReader(strings.NewReader(head+`{"staff":`), io.LimitReader(same('['), longest+1<<20)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := openBytes(bomb); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 8*longest {
		t.Errorf("it took %d MiB", took>>20)
	}
}

// FuzzRestore opens arbitrary bytes, as a file and as the text of a file whose seal is right.
func FuzzRestore(f *testing.F) {
	f.Add([]byte(head + ending(f)))
	f.Add([]byte(head + `{"staff":{"id":"a"}}` + "\n" + ending(f, `{"id":"a"}`)))
	f.Add(sealed(f, strings.NewReader(head+ending(f))))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = openBytes(b) // whatever it is, it must come to an end
		made, err := openBytes(sealed(t, bytes.NewReader(b)))
		if err != nil {
			return
		}
		if n := bytes.Count(b, []byte("\n")); made.Sums.Documents() > n {
			t.Errorf("%d documents in %d lines", made.Sums.Documents(), n)
		}
	})
}
