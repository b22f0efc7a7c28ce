package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sayso/internal/survey"
)

// header finds columns by name.
type header struct {
	m        *Mapping
	titles   []string
	at       map[string]int // folded name → column; -1: it stands twice
	problems []survey.Problem
}

func (h *header) index() {
	for i, title := range h.titles {
		name := folded(title)
		if _, twice := h.at[name]; twice {
			i = -1
		}
		h.at[name] = i
	}
}

func (h *header) find(path, name string) int {
	i, ok := h.at[folded(name)]
	if ok && i >= 0 {
		return i
	}
	sentence := fmt.Sprintf("The table has no column called %q.", name)
	switch {
	case !ok && len(h.problems) == 0: // said once is enough
		sentence += fmt.Sprintf(" It has: %s.", some(h.titles))
	case ok:
		sentence = fmt.Sprintf("The table has several columns called %q. Give them different names.", name)
	}
	h.problems = append(h.problems, survey.Problem{Line: h.m.lineOf("$" + path), Sentence: sentence})
	return 0
}

// some names the first columns.
func some(titles []string) string {
	var names []string
	for _, t := range titles[:min(len(titles), 60)] {
		names = append(names, fmt.Sprintf("%q", clip(t)))
	}
	return strings.Join(names, ", ")
}

func (h *header) chooser(path string, c Chosen) chooser {
	if c.Column == "" {
		return chooser{fixed: c.Fixed}
	}
	return chooser{name: c.Column, at: h.find(path+".column", c.Column), values: foldKeys(c.Values)}
}

func (h *header) source(path string, c *Column, s *survey.Survey) source {
	_, to, _ := s.Question(c.Question)
	out := source{to: to, name: c.Column, at: h.find(path+".column", c.Column), split: c.Split,
		values: foldKeys(c.Values), missing: foldSet(c.Missing), others: c.Others == othersSkip}
	if c.When != nil {
		out.when, out.is = h.find(path+".when.column", c.When.Column), foldSet(c.When.Is)
	}
	return out
}

func (h *header) byName() []int {
	order := make([]int, len(h.titles))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(folded(h.titles[a]), folded(h.titles[b])) })
	return order
}

func foldKeys(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[folded(k)] = v
	}
	return out
}

func foldSet(list []string) map[string]bool {
	out := make(map[string]bool, len(list))
	for _, s := range list {
		out[folded(s)] = true
	}
	return out
}
