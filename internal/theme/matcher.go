package theme

import (
	"slices"
	"strings"
)

// saysNothing stands in place of a theme for the codebook's list of answers that say nothing.
const saysNothing = -1

// hit is a match of a theme's pattern over the words lo to hi-1 of a text.
type hit struct {
	theme, lo, hi int32
}

func (h hit) cancelledBy(by hit) bool { return h.theme == by.theme && h.lo < by.hi && by.lo < h.hi }

// rule is a compiled pattern.
type rule struct {
	theme  int32
	intent Intent // empty: any
	cancel bool
	whole  bool
	parts  []part
}

// part is one word of a rule; up to gap words may stand before it.
type part struct {
	id  int32
	gap int32
}

// matcher holds the rules of one language, by the pattern word they begin with.
type matcher struct {
	lexicon *lexicon
	find    func(ids []int32, text []byte) []int32
	forms   func(word string) []string
	ids     map[string]int32
	rules   [][]rule
}

func newMatcher(cb *Codebook, lang string) *matcher {
	m := &matcher{lexicon: newLexicon(), ids: map[string]int32{}}
	m.find, m.forms = m.lexicon.find, func(word string) []string { return []string{word} }
	switch base, _, _ := strings.Cut(lang, "-"); base {
	case "ar":
		m.find = m.lexicon.findArabic
	case "cy":
		m.forms = welshForms
	}
	m.add(cb.Nothing[lang], rule{theme: saysNothing})
	for i, t := range cb.Themes {
		at := int32(i)
		m.add(t.Words[lang], rule{theme: at})
		m.add(t.IfGood[lang], rule{theme: at, intent: Good})
		m.add(t.IfImprove[lang], rule{theme: at, intent: Improve})
		m.add(t.IfOpen[lang], rule{theme: at, intent: Open})
		m.add(t.Not[lang], rule{theme: at, cancel: true})
	}
	return m
}

// add compiles patterns into rules like the one given; ParseCodebook has refused those that cannot be read.
func (m *matcher) add(written []string, like rule) {
	for _, line := range written {
		p, err := parsePattern(line)
		if err != nil {
			continue
		}
		r := like
		r.whole = p.whole
		r.parts = make([]part, len(p.elements))
		for i, e := range p.elements {
			r.parts[i] = part{id: m.intern(e), gap: int32(e.gap)}
		}
		first := r.parts[0].id
		m.rules[first] = append(m.rules[first], r)
	}
}

func (m *matcher) intern(e element) int32 {
	key := e.word
	if e.prefix {
		key += "*"
	}
	id, known := m.ids[key]
	if !known {
		id = int32(len(m.rules))
		m.ids[key] = id
		m.rules = append(m.rules, nil)
		for _, form := range m.forms(e.word) {
			m.lexicon.add(form, e.prefix, id)
		}
	}
	return id
}

// match fills w with the matches in w's words and says whether the answer says nothing.
func (m *matcher) match(w *work, intent Intent) (nothing bool) {
	if intent != Good && intent != Improve {
		intent = Open
	}
	w.ids, w.ends, w.hits, w.cancels = w.ids[:0], w.ends[:0], w.hits[:0], w.cancels[:0]
	for i := range w.words.list {
		w.ids = m.find(w.ids, w.words.at(i))
		w.ends = append(w.ends, int32(len(w.ids)))
	}
	for i := range w.words.list {
		for _, id := range w.idsOf(int32(i)) {
			for k := range m.rules[id] {
				nothing = w.try(&m.rules[id][k], int32(i), intent) || nothing
			}
		}
	}
	return nothing
}

// try keeps the match of the rule whose first word stands at lo, if there is one, and says whether the rule
// means that the answer says nothing.
func (w *work) try(r *rule, lo int32, intent Intent) (nothing bool) {
	if r.whole && lo > 0 || r.intent != "" && r.intent != intent {
		return false
	}
	hi := w.follow(r, lo)
	switch h := (hit{r.theme, lo, hi}); {
	case hi < 0:
	case r.theme == saysNothing:
		return true
	case r.cancel:
		w.cancels = append(w.cancels, h)
	default:
		w.hits = append(w.hits, h)
	}
	return false
}

// follow matches the rest of a rule whose first word stands at lo and returns where the shortest match ends,
// or -1. It keeps every place that the words so far can reach, so its work is bounded by words times gap.
func (w *work) follow(r *rule, lo int32) int32 {
	now, next := append(w.reach[0][:0], lo+1), w.reach[1][:0]
	for _, p := range r.parts[1:] {
		next = next[:0]
		for _, from := range now {
			next = w.extend(next, from, p, r.whole)
		}
		now, next = next, now
	}
	w.reach[0], w.reach[1] = now, next
	end := int32(len(w.words.list))
	switch {
	case len(now) == 0:
		return -1
	case !r.whole:
		return slices.Min(now)
	case slices.Contains(now, end):
		return end
	}
	return -1
}

// extend adds the places after p where p stands at from or at most p.gap words later, in the same sentence
// unless the rule is about the whole answer.
func (w *work) extend(to []int32, from int32, p part, whole bool) []int32 {
	last := min(from+p.gap, int32(len(w.words.list))-1)
	for at := from; at <= last && (whole || !w.words.list[at].first); at++ {
		if slices.Contains(w.idsOf(at), p.id) && !slices.Contains(to, at+1) {
			to = append(to, at+1)
		}
	}
	return to
}

func (w *work) idsOf(at int32) []int32 {
	lo := int32(0)
	if at > 0 {
		lo = w.ends[at-1]
	}
	return w.ids[lo:w.ends[at]]
}
