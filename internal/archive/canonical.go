package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	errNoObject = errors.New("a document is not a JSON object")
	errTwice    = errors.New("a document has two members of one name")
)

// canonical appends the one form in which a JSON object is hashed: no white space; members in the order of the bytes
// of their names; members that hold null, [] or {} left out, which are all nothing to the stores; in strings only
// what must be escaped; numbers as they are written. It takes as much memory as the document.
func canonical(to, doc []byte) ([]byte, error) {
	doc = bytes.TrimLeft(doc, " \t\r\n")
	if len(doc) == 0 || doc[0] != '{' || !json.Valid(doc) {
		return to, errNoObject
	}
	w := writer{in: doc, out: to}
	w.value()
	if w.twice {
		return to, errTwice
	}
	return w.out, nil
}

// writer walks over valid JSON and writes it anew.
type writer struct {
	in    []byte
	at    int
	out   []byte
	twice bool
}

// peek returns the next byte that is no white space. There is one, since the JSON is valid.
func (w *writer) peek() byte {
	for {
		switch b := w.in[w.at]; b {
		case ' ', '\t', '\r', '\n':
			w.at++
		default:
			return b
		}
	}
}

func (w *writer) value() {
	switch w.peek() {
	case '{':
		w.object()
	case '[':
		w.array()
	case '"':
		w.text()
	default:
		start := w.at
		for w.at < len(w.in) && strings.IndexByte(",]} \t\r\n", w.in[w.at]) < 0 {
			w.at++
		}
		w.out = append(w.out, w.in[start:w.at]...)
	}
}

// member is where a member lies in the output, a comma before it: its name, its value, its end.
type member struct{ start, value, end int }

func (w *writer) name(m member) []byte { return w.out[m.start+2 : m.value-2] }

func (w *writer) object() {
	start := len(w.out)
	var members []member
	for w.at++; w.peek() != '}'; {
		if w.peek() == ',' {
			w.at++
			w.peek()
		}
		members = append(members, w.member())
	}
	w.at++
	w.order(start, members)
	if len(w.out) == start {
		w.out = append(w.out, "{}"...)
		return
	}
	w.out[start] = '{'
	w.out = append(w.out, '}')
}

func (w *writer) member() (m member) {
	m.start = len(w.out)
	w.out = append(w.out, ',')
	w.text()
	w.peek()
	w.at++
	w.out = append(w.out, ':')
	m.value = len(w.out)
	w.value()
	m.end = len(w.out)
	return m
}

func (w *writer) empty(m member) bool {
	switch string(w.out[m.value:m.end]) {
	case "null", "[]", "{}":
		return true
	}
	return false
}

// order sorts the members that lie from start to the end of the output and takes out those that are nothing. Names are
// compared before, since one of two members of one name may be nothing.
func (w *writer) order(start int, members []member) {
	byName := func(a, b member) int { return bytes.Compare(w.name(a), w.name(b)) }
	sorted := slices.IsSortedFunc(members, byName)
	if !sorted {
		slices.SortFunc(members, byName)
	}
	for i := 1; i < len(members); i++ {
		w.twice = w.twice || bytes.Equal(w.name(members[i-1]), w.name(members[i]))
	}
	if sorted && !slices.ContainsFunc(members, w.empty) {
		return
	}
	var kept []byte
	for _, m := range members {
		if !w.empty(m) {
			kept = append(kept, w.out[m.start:m.end]...)
		}
	}
	w.out = append(w.out[:start], kept...)
}

func (w *writer) array() {
	w.at++
	w.out = append(w.out, '[')
	for w.peek() != ']' {
		if w.peek() == ',' {
			w.at++
			w.out = append(w.out, ',')
		}
		w.value()
	}
	w.at++
	w.out = append(w.out, ']')
}

// text copies a string, or writes it anew if something in it is escaped or is no UTF-8.
func (w *writer) text() {
	start, plain := w.at, true
	for w.at++; w.in[w.at] != '"'; w.at++ {
		if w.in[w.at] == '\\' {
			plain = false
			w.at++
		}
	}
	w.at++
	literal := w.in[start:w.at]
	if plain && utf8.Valid(literal) {
		w.out = append(w.out, literal...)
		return
	}
	var s string
	if err := json.Unmarshal(literal, &s); err != nil {
		panic("archive: a string of valid JSON: " + err.Error())
	}
	w.out = quote(w.out, s)
}

const digits = "0123456789abcdef"

func quote(to []byte, s string) []byte {
	to = append(to, '"')
	for i := range len(s) {
		switch b := s[i]; {
		case b == '"' || b == '\\':
			to = append(to, '\\', b)
		case b < ' ':
			to = append(to, '\\', 'u', '0', '0', digits[b>>4], digits[b&15])
		default:
			to = append(to, b)
		}
	}
	return append(to, '"')
}
