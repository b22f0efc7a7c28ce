package people

import (
	"slices"
	"strings"
)

const (
	mostTyped    = 2000 // bytes read as a key
	mostWords    = 40   // words in it
	mostReads    = 64   // readings followed up at each word
	leastForNear = 4    // letters of a name that may have a wrong one
)

// Find reads a key from words that somebody typed: the names of its pictures in their order, in any language,
// whatever the case, accents, separators, numbering and spaces inside names. If they can be read in several
// ways, names as they are written come before names with one letter wrong, missing, added or exchanged, and those
// before more of them; names inside commas and lines before names across them; and a language that explains all six
// before a mixture.
// It is Invalid with the words that name no picture, the number of pictures if not six, or as unclear.
func (p *Pictures) Find(typed string) (Key, error) {
	if len(typed) > mostTyped {
		return Key{}, errKeyLong
	}
	words := splitWords(typed)
	if len(words) > mostWords {
		return Key{}, errKeyLong
	}
	r := reader{pictures: p, words: words, seen: map[string][]uint16{}}
	if n := r.listed(); n > 1 && n < keyPictures {
		return Key{}, errKeyCount.With(map[string]any{"Found": n})
	}
	for _, l := range []look{r.exact, r.near} {
		best := r.read(l, true)
		if len(best) == 0 || best[0].off > 0 {
			best = fewest(best, r.read(l, false))
		}
		if len(best) == 1 {
			return best[0].key, nil
		}
		if len(best) > 1 {
			return Key{}, errKeyUnclear
		}
	}
	return Key{}, r.why()
}

// look gives the pictures of a name in a language, and by how many letters the name is off: 0 or 1.
type look func(lang, name string) (found []uint16, off int)

// reader reads the words of one key.
type reader struct {
	pictures *Pictures
	words    []word
	seen     map[string][]uint16 // what near found, by language and name
}

func (r *reader) exact(lang, name string) (found []uint16, off int) {
	if n, ok := r.pictures.names[lang][name]; ok {
		return []uint16{n}, 0
	}
	return nil, 0
}

// near gives the picture of the name, or the only picture whose name differs by one letter.
func (r *reader) near(lang, name string) (found []uint16, off int) {
	if found, off = r.exact(lang, name); found != nil {
		return found, off
	}
	if found, done := r.seen[lang+" "+name]; done {
		return found, 1
	}
	typed := []rune(name)
	for n := len(typed) - 1; n <= len(typed)+1; n++ {
		for _, other := range r.pictures.lengths[lang][n] {
			if n >= leastForNear && oneOff(typed, other.runes) && !slices.Contains(found, other.picture) {
				found = append(found, other.picture)
			}
		}
	}
	if len(found) > 1 {
		found = nil
	}
	r.seen[lang+" "+name] = found
	return found, 1
}

// oneOff says whether a becomes b by one letter changed, added, left out, or exchanged with the next.
func oneOff(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	if i == len(a) {
		return false
	}
	exchanged := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
	return exchanged || slices.Equal(a[i+1:], b[i+1:])
}

// listed says how many names the separators part, if each of what they part is a name: who writes "bike, tennis ball"
// means two pictures, though "tennis" and "ball" are names too. Else 0. It may be too many: "T. rex" has a separator.
func (r *reader) listed() (n int) {
	var parts [][]word
	apart := true
	for _, w := range r.words {
		if apart = apart || w.apart; w.number {
			continue
		}
		if apart {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], w)
		apart = false
	}
	for _, part := range parts {
		name := join(part)
		if !slices.ContainsFunc(r.pictures.languages, func(lang string) bool { _, ok := r.pictures.names[lang][name]; return ok }) {
			return 0
		}
	}
	return len(parts)
}

// read returns the different keys that all the words can be read as with the fewest letters off: in one language if
// any explains them alone, else in a mixture.
func (r *reader) read(l look, inside bool) []reading {
	var out []reading
	for _, lang := range r.pictures.languages {
		out = add(out, r.keys([]string{lang}, l, inside)...)
	}
	if len(out) == 0 {
		out = r.keys(r.pictures.languages, l, inside)
	}
	least := 0
	for i, one := range out {
		if i == 0 || one.off < least {
			least = one.off
		}
	}
	return slices.DeleteFunc(out, func(one reading) bool { return one.off > least })
}

// fewest returns the readings with fewer letters off, a if they have as many.
func fewest(a, b []reading) []reading {
	if len(a) == 0 || len(b) > 0 && b[0].off < a[0].off {
		return b
	}
	return a
}

// reading is the beginning of a key.
type reading struct {
	key Key
	n   int // pictures in it
	off int // letters that are off
}

// keys returns the different keys that all the words together can be read as, by dynamic programming over the
// words: at[i] holds what the first i words can be read as. A number may be left out; inside keeps names from
// running across separators.
func (r *reader) keys(languages []string, l look, inside bool) []reading {
	at := make([][]reading, len(r.words)+1)
	at[0] = []reading{{}}
	for i, first := range r.words {
		if first.number {
			at[i+1] = add(at[i+1], at[i]...)
		}
		if len(at[i]) == 0 {
			continue
		}
		r.names(i, inside, func(end int, name string) {
			for _, lang := range languages {
				found, off := l(lang, name)
				for _, picture := range found {
					at[end] = add(at[end], extended(at[i], picture, off)...)
				}
			}
		})
	}
	return slices.DeleteFunc(at[len(r.words)], func(one reading) bool { return one.n != keyPictures })
}

// names yields the names that may begin at word i, and the word after each.
func (r *reader) names(i int, inside bool, yield func(end int, name string)) {
	last := min(len(r.words), i+r.pictures.longest+1)
	for end := i + 1; end <= last; end++ {
		if inside && end > i+1 && r.words[end-1].apart {
			return
		}
		yield(end, join(r.words[i:end]))
	}
}

// extended returns the readings with the picture after them, without those that are full or have it already.
func extended(readings []reading, picture uint16, off int) []reading {
	var out []reading
	for _, one := range readings {
		if one.n < keyPictures && !slices.Contains(one.key[:one.n], picture) {
			one.key[one.n] = picture
			one.n++
			one.off += off
			out = append(out, one)
		}
	}
	return out
}

// add adds the readings that are not there yet, up to mostReads: text with more is unclear in any case.
func add(to []reading, more ...reading) []reading {
	for _, one := range more {
		if len(to) < mostReads && !slices.Contains(to, one) {
			to = append(to, one)
		}
	}
	return to
}

// why says why the words are no key.
func (r *reader) why() error {
	if unknown := r.unknown(); len(unknown) > 0 {
		return errKeyWords.With(map[string]any{"Words": strings.Join(unknown, " · "), "Count": len(unknown)})
	}
	switch n := r.count(); n {
	case 0:
		if slices.ContainsFunc(r.words, func(w word) bool { return !w.number }) {
			return errKeyUnclear
		}
		return errKeyCount.With(map[string]any{"Found": 0})
	case keyPictures:
		return errKeyTwice
	default:
		return errKeyCount.With(map[string]any{"Found": n})
	}
}

func (r *reader) named(name string) bool {
	return slices.ContainsFunc(r.pictures.languages, func(lang string) bool {
		found, _ := r.near(lang, name)
		return len(found) > 0
	})
}

// unknown returns the words as typed that are part of no name.
func (r *reader) unknown() []string {
	known := make([]bool, len(r.words))
	for i, w := range r.words {
		known[i] = known[i] || w.number
		r.names(i, false, func(end int, name string) {
			for j := i; j < end && r.named(name); j++ {
				known[j] = true
			}
		})
	}
	var out []string
	for i, w := range r.words {
		if !known[i] && !slices.Contains(out, w.typed) {
			out = append(out, w.typed)
		}
	}
	return out
}

// count is the least number of names that all the words can be read as, 0 if they cannot.
func (r *reader) count() int {
	least := make([]int, len(r.words)+1) // 1 more than the number of names, 0 for none
	least[0] = 1
	for i, w := range r.words {
		if least[i] == 0 {
			continue
		}
		shorter := func(end, n int) {
			if least[end] == 0 || n < least[end] {
				least[end] = n
			}
		}
		if w.number {
			shorter(i+1, least[i])
		}
		r.names(i, false, func(end int, name string) {
			if r.named(name) {
				shorter(end, least[i]+1)
			}
		})
	}
	return max(least[len(r.words)]-1, 0)
}
