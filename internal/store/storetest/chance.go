package storetest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	// What chance stays below. Where nothing links, the rank correlation of n people times the root of n-1 is about
	// normal: beyond 5.5 it is once in 26 million. How many of them are found by a match at random is about Poisson with
	// mean 1: 10 or more is once in 9 million. Some hundred pairs of features are tried, each in three ways.
	mostCorrelated = 5.5
	mostMatched    = 10
)

// feature is something that is known of each person, on one side.
type feature struct {
	name   string
	values []string // of person k
}

// link tries to match codes with answers by each pair of features, and says which do better than chance.
func link(left, right []feature) (tried int, found []string) {
	for _, a := range left {
		for _, b := range right {
			if constant(a.values) && constant(b.values) {
				continue
			}
			tried++
			if hits := equal(a.values, b.values); hits >= mostMatched {
				found = append(found, fmt.Sprintf("%s and %s: %.1f of %d are found since they are equal", a.name, b.name, hits, admitted))
			}
			x, y := ranks(a.values), ranks(b.values)
			if z := correlated(x, y); math.Abs(z) >= mostCorrelated {
				found = append(found, fmt.Sprintf("%s and %s are in the same order: %.1f", a.name, b.name, z))
			}
			if hits := inStep(x, y); hits >= mostMatched {
				found = append(found, fmt.Sprintf("%s and %s: %d of %d are found side by side", a.name, b.name, hits, admitted))
			}
		}
	}
	return tried, found
}

func constant(values []string) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return v != values[0] })
}

// equal is how many people are found by guessing among those with the same value.
func equal(a, b []string) (hits float64) {
	same := map[string]int{}
	for _, v := range b {
		same[v]++
	}
	for k, v := range a {
		if v == b[k] && v != "" {
			hits += 1 / float64(same[v])
		}
	}
	return hits
}

// ranks are the places of the values in their order, as numbers where all are, those of equal ones in the middle.
func ranks(values []string) []float64 {
	at := make([]int, len(values))
	as, numeric := make([]float64, len(values)), true
	for i, v := range values {
		at[i] = i
		var err error
		as[i], err = strconv.ParseFloat(v, 64)
		numeric = numeric && (err == nil || v == "")
	}
	slices.SortFunc(at, func(i, j int) int {
		if numeric {
			return int(math.Copysign(1, as[i]-as[j])) * b2i(as[i] != as[j])
		}
		return strings.Compare(values[i], values[j])
	})
	out := make([]float64, len(values))
	for i := 0; i < len(at); {
		j := i
		for j < len(at) && values[at[j]] == values[at[i]] {
			j++
		}
		for _, k := range at[i:j] {
			out[k] = float64(i+j-1) / 2
		}
		i = j
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// correlated is Spearman's rank correlation times the root of n-1; 0 where one side is constant.
func correlated(x, y []float64) float64 {
	n := float64(len(x))
	mean := (n - 1) / 2
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mean) * (y[i] - mean)
		xx += (x[i] - mean) * (x[i] - mean)
		yy += (y[i] - mean) * (y[i] - mean)
	}
	if xx == 0 || yy == 0 {
		return 0
	}
	return xy / math.Sqrt(xx*yy) * math.Sqrt(n-1)
}

// inStep is how many people have the same place on both sides, or the same from the other end.
func inStep(x, y []float64) int {
	same, opposite := 0, 0
	for i := range x {
		same += b2i(x[i] == y[i])
		opposite += b2i(x[i] == float64(len(x)-1)-y[i])
	}
	return max(same, opposite)
}
