package exercise

// Language is one language an exercise is offered in, and who stands for its words.
type Language struct {
	Tag       string `yaml:"tag" json:"tag"`
	CheckedBy string `yaml:"checked_by" json:"checked_by"` // a role or body, not a person; empty: a draft
	OpenedBy  string `yaml:"opened_by" json:"opened_by"`   // who decided to open an unchecked language
}

// Offered says whether people may take part in the language: it was checked, or somebody decided to open it.
func (l Language) Offered() bool { return l.CheckedBy != "" || l.OpenedBy != "" }

// Offered returns the tags of the languages people may take part in.
func Offered(languages []Language) []string {
	var out []string
	for _, l := range languages {
		if l.Offered() {
			out = append(out, l.Tag)
		}
	}
	return out
}
