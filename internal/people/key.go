package people

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"sayso/internal/fault"
)

// keyPictures is how many pictures make a key.
const keyPictures = 6

// Key is a receipt: six different pictures in their order, as places in the list of pictures. The places hold
// in memory only; what lasts is the ids (see Hasher).
type Key [keyPictures]uint16

// The faults of reading a key. None says whether such a key exists.
var (
	errKeyWords   = fault.New(fault.Invalid, "people.key_words")   // Words: the words that name no picture
	errKeyCount   = fault.New(fault.Invalid, "people.key_count")   // Found: how many pictures were named
	errKeyTwice   = fault.New(fault.Invalid, "people.key_twice")   // a picture stands twice
	errKeyUnclear = fault.New(fault.Invalid, "people.key_unclear") // the words can be read in two ways
	errKeyLong    = fault.New(fault.Invalid, "people.key_long")    // far too many words
)

// NewKey draws six different pictures, all keys alike: n(n-1)(n-2)(n-3)(n-4)(n-5) of them for n pictures. The few
// whose names, written down in one language, are those of another key in another language are not handed out: "notes"
// is a notebook in Polish and a clipboard in English, and whoever types names does not say in which language.
func (p *Pictures) NewKey(random io.Reader) (Key, error) {
	for {
		k, err := p.drawKey(random)
		if err != nil || p.plain(k) {
			return k, err
		}
	}
}

func (p *Pictures) drawKey(random io.Reader) (Key, error) {
	var k Key
	for i := 0; i < len(k); {
		n, err := draw(random, len(p.all))
		if err != nil {
			return Key{}, fmt.Errorf("draw a key: %w", err)
		}
		if !slices.Contains(k[:i], n) {
			k[i] = n
			i++
		}
	}
	return k, nil
}

// plain says whether the names of the key as shown in any language are those of no other key in another language.
func (p *Pictures) plain(k Key) bool {
	for _, written := range p.languages {
		for _, read := range p.languages {
			if other, ok := p.translate(k, written, read); ok && other != k {
				return false
			}
		}
	}
	return true
}

// translate reads the names under which a key is shown in one language as if they were those of another.
func (p *Pictures) translate(k Key, written, read string) (other Key, ok bool) {
	for i, n := range k {
		if other[i], ok = p.names[read][p.shown[written][n]]; !ok {
			return Key{}, false
		}
	}
	return other, true
}

// draw returns one of 0 … n-1, all alike: 16 bits are thrown away where the last round of n is incomplete.
func draw(random io.Reader, n int) (uint16, error) {
	const all = 1 << 16
	var b [2]byte
	for {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return 0, err
		}
		if v := int(binary.BigEndian.Uint16(b[:])); v < all-all%n {
			return uint16(v % n), nil
		}
	}
}

// Pick makes the key of six pictures chosen by their ids, in their order. Invalid if there are not six or one
// stands twice.
func (p *Pictures) Pick(ids []string) (Key, error) {
	var k Key
	if len(ids) != len(k) {
		return Key{}, errKeyCount.With(map[string]any{"Found": len(ids)})
	}
	for i, id := range ids {
		n, known := p.byID[id]
		if !known {
			return Key{}, errKeyCount.With(map[string]any{"Found": i})
		}
		if slices.Contains(k[:i], n) {
			return Key{}, errKeyTwice
		}
		k[i] = n
	}
	return k, nil
}

// ids returns what a key is for ever: the ids of its pictures, each ended by a zero byte.
func (p *Pictures) ids(k Key) []byte {
	var out []byte
	for _, n := range k {
		out = append(append(out, p.all[n].ID...), 0)
	}
	return out
}

// Guess says how hard it is to come upon somebody's key by guessing.
type Guess struct {
	Keys   float64 // different keys
	Chance float64 // that one guess opens any of the live keys
	Years  float64 // of guessing until one is expected to open
}

// Guessing gives the figures for a number of pictures, of live keys, and of guesses a second, by the keys
// k = n(n-1)(n-2)(n-3)(n-4)(n-5): chance = live/k, years = 1/(chance · perSecond · 31,557,600).
//
// With 400 pictures there are 3.95·10^15 keys. If 557,077 are live, a guess opens one with a chance of
// 1.4·10^-10. An address that is let through 10 times a minute needs 1,350 years for the first; a thousand such
// addresses together 1.3 years, which is why wrong guesses are to be limited over all addresses too: at 2 a
// second it is 112 years. Somebody who has stolen both the receipts and the server's secret tries 200 a second
// on each core (see Hasher), and needs 1.1 years of a core for each key.
func Guessing(pictures, live int, perSecond float64) Guess {
	keys := 1.0
	for i := range keyPictures {
		keys *= float64(max(pictures-i, 0))
	}
	g := Guess{Keys: keys, Chance: min(float64(live)/keys, 1)}
	const secondsInYear = 365.25 * 24 * 60 * 60
	g.Years = 1 / (g.Chance * perSecond * secondsInYear)
	return g
}
