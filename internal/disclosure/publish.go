package disclosure

// Publish turns the raw tables of one exercise into figures that may be published, given everything ever
// published for it. All tables of a snapshot go in one call: what each hides depends on the others. It
// refuses as MayReplace does.
func Publish(rules Rules, history History, tables []Raw) (Release, error) {
	if err := rules.check(); err != nil {
		return Release{}, err
	}
	if len(history) > 0 {
		if err := MayReplace(rules, history[len(history)-1], tables); err != nil {
			return Release{}, err
		}
	}
	s, err := newSystem(rules, history, tables)
	if err != nil {
		return Release{}, err
	}
	s.suppress(rules)
	if err := s.protect(rules); err != nil {
		return Release{}, err
	}
	return s.release(rules, tables), nil
}

func (s *system) release(rules Rules, tables []Raw) Release {
	known := s.known()
	out := Release{Tables: make([]Table, len(tables))}
	for n, raw := range tables {
		t := Table{Shape: raw.Shape, Figures: make([]Figure, raw.size())}
		raw.each(func(i int, at []int) {
			c := s.index[raw.key(era(0)+raw.Base, at)]
			if known[c] {
				t.Figures[i] = Figure{true, rules.round(s.cells[c].count)}
			}
		})
		out.Tables[n] = t
	}
	return out
}
