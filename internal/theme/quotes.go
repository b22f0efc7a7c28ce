package theme

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Candidate is a text that may be quoted for a theme: its author agreed to be quoted.
type Candidate struct {
	ResponseID string
	Text       string
	Group      string // whose voice it is, such as an age band; shown with the quote
}

// Quote is a chosen text with personal details removed; people still read it before it is shown.
type Quote struct {
	ResponseID string
	Text       string
	Group      string
	Removed    []string // the kinds of details that Redact took out
}

const (
	fewestWords = 4   // fewer do not show what a theme is about
	mostWords   = 60  // more are not read
	typical     = 0.7 // weight of being typical against being unlike the quotes already chosen
	sameGroup   = 0.1 // taken off when the group already has a quote
	alike       = 0.6 // cosine above which two texts say the same
)

// Quotes chooses up to n candidates that are typical of all of them and unlike one another: near the centre
// of the candidates' TF-IDF vectors of words and pairs of words, by maximal marginal relevance (Carbonell
// and Goldstein 1998). Texts of 4 to 60 words come first. One that says the same as another that was chosen, or
// shares a whole sentence with it, is left out, even if fewer than n remain. The same candidates give the same quotes
// in any order. label words the kinds of removed details.
func Quotes(candidates []Candidate, n int, label func(kind string) string) []Quote {
	pool := shortlist(candidates)
	vectors := vectorsOf(pool)
	centre := centreOf(vectors)
	left := make([]int, len(pool))
	for i := range left {
		left[i] = i
	}
	var chosen []int
	for len(chosen) < n && len(left) > 0 {
		best, bestScore := -1, math.Inf(-1)
		for _, i := range left {
			if s := score(pool, vectors, centre, chosen, i); s > bestScore {
				best, bestScore = i, s
			}
		}
		chosen = append(chosen, best)
		said := sentencesOf(pool[best].Text)
		left = slices.DeleteFunc(left, func(i int) bool {
			return i == best || vectors[i].dot(vectors[best]) > alike || common(said, sentencesOf(pool[i].Text))
		})
	}
	quotes := make([]Quote, len(chosen))
	for k, i := range chosen {
		quotes[k] = Quote{ResponseID: pool[i].ResponseID, Group: pool[i].Group}
		quotes[k].Text, quotes[k].Removed = Redact(strings.TrimSpace(pool[i].Text), label)
	}
	return quotes
}

// shortlist puts the candidates in a fixed order without blank and repeated texts, and leaves those that
// are too short or too long only where there is no other.
func shortlist(candidates []Candidate) []Candidate {
	all := slices.Clone(candidates)
	slices.SortFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.ResponseID, b.ResponseID), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Group, b.Group))
	})
	seen := map[string]bool{}
	var fitting, others []Candidate
	for _, c := range all {
		terms := termsOf(c.Text)
		key := strings.Join(terms, " ")
		if len(terms) == 0 || seen[key] {
			continue
		}
		seen[key] = true
		if len(terms) < fewestWords || len(terms) > mostWords {
			others = append(others, c)
		} else {
			fitting = append(fitting, c)
		}
	}
	if len(fitting) == 0 {
		return others
	}
	return fitting
}

func score(pool []Candidate, vectors []vector, centre vector, chosen []int, i int) float64 {
	near, penalty := 0.0, 0.0
	for _, j := range chosen {
		near = max(near, vectors[i].dot(vectors[j]))
		if pool[i].Group == pool[j].Group {
			penalty = sameGroup
		}
	}
	return float64(typical*vectors[i].dot(centre)) - float64((1-typical)*near) - penalty
}

// vector is a sparse vector, its terms in rising order.
type vector []weight

type weight struct {
	term  int
	value float64
}

func (v vector) dot(o vector) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(v) && j < len(o); {
		switch c := cmp.Compare(v[i].term, o[j].term); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			sum += float64(v[i].value * o[j].value) // rounded here, so that no machine fuses it with the sum
			i, j = i+1, j+1
		}
	}
	return sum
}

// unit scales the vector to length 1; a zero vector stays.
func (v vector) unit() vector {
	length := math.Sqrt(v.dot(v))
	for i := range v {
		if length > 0 {
			v[i].value /= length
		}
	}
	return v
}

// vectorsOf gives each text its unit vector of sublinear term frequency times smoothed inverse document
// frequency: (1 + ln tf) · (1 + ln((1+N)/(1+df))).
func vectorsOf(pool []Candidate) []vector {
	numbers := map[string]int{}
	var df []int
	counts := make([]map[int]int, len(pool))
	for i, c := range pool {
		counts[i] = map[int]int{}
		for _, term := range ngrams(termsOf(c.Text)) {
			k, known := numbers[term]
			if !known {
				k = len(df)
				numbers[term] = k
				df = append(df, 0)
			}
			if counts[i][k]++; counts[i][k] == 1 {
				df[k]++
			}
		}
	}
	vectors := make([]vector, len(pool))
	for i, count := range counts {
		for term, tf := range count {
			idf := 1 + math.Log(float64(1+len(pool))/float64(1+df[term]))
			vectors[i] = append(vectors[i], weight{term, (1 + math.Log(float64(tf))) * idf})
		}
		slices.SortFunc(vectors[i], func(a, b weight) int { return cmp.Compare(a.term, b.term) })
		vectors[i].unit()
	}
	return vectors
}

func centreOf(vectors []vector) vector {
	var sum []float64
	for _, v := range vectors {
		for _, w := range v {
			for w.term >= len(sum) {
				sum = append(sum, 0)
			}
			sum[w.term] += w.value
		}
	}
	centre := make(vector, len(sum))
	for term, value := range sum {
		centre[term] = weight{term, value}
	}
	return centre.unit()
}

func termsOf(text string) []string {
	var w words
	w.cut(text)
	terms := make([]string, len(w.list))
	for i := range w.list {
		terms[i] = string(w.at(i))
	}
	return terms
}

// sentencesOf returns the sentences of the text of so many words that a quote could be one of them, folded.
func sentencesOf(text string) (out []string) {
	var w words
	w.cut(text)
	for i := 0; i < len(w.list); {
		from := i
		for i++; i < len(w.list) && !w.list[i].first; i++ {
		}
		if i-from < fewestWords {
			continue
		}
		terms := make([]string, 0, i-from)
		for k := from; k < i; k++ {
			terms = append(terms, string(w.at(k)))
		}
		out = append(out, strings.Join(terms, " "))
	}
	return out
}

func common(some, others []string) bool {
	return slices.ContainsFunc(some, func(s string) bool { return slices.Contains(others, s) })
}

// ngrams returns the words and the pairs of words side by side.
func ngrams(terms []string) []string {
	out := slices.Clone(terms)
	for i := 1; i < len(terms); i++ {
		out = append(out, terms[i-1]+" "+terms[i])
	}
	return out
}
