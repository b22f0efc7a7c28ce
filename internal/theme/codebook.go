package theme

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"sayso/internal/authoring"
	"sayso/internal/exercise"
)

// Lists holds patterns by language tag; see [ParseCodebook] for how a pattern is written.
type Lists map[string][]string

// Theme is one theme or, when Parent names another, a sub-theme of it.
type Theme struct {
	ID         string        `yaml:"id"`
	Parent     string        `yaml:"parent"`
	Name       exercise.Text `yaml:"name"`
	Definition exercise.Text `yaml:"definition"`
	Outcome    Outcome       `yaml:"outcome"`   // a sub-theme without one has its parent's
	Otherwise  bool          `yaml:"otherwise"` // only for texts in which no other theme was found
	Words      Lists         `yaml:"words"`
	IfGood     Lists         `yaml:"if_good"`    // count only under a question about what was good
	IfImprove  Lists         `yaml:"if_improve"` // count only under a question about what could be better
	IfOpen     Lists         `yaml:"if_open"`    // count only under any other question
	Not        Lists         `yaml:"not"`        // cancel the matches that they overlap
	Column     string        `yaml:"column"`     // the column of coded comments that holds people's decision
	Measured   bool          `yaml:"measured"`   // counts in Measure
}

// Frame says how to read a file of comments that people have coded with the same themes.
type Frame struct {
	Language   string   `yaml:"language"`   // the language of the comments
	Text       string   `yaml:"text"`       // the column of the comment
	Question   string   `yaml:"question"`   // the column of the question
	Good       []string `yaml:"good"`       // questions about what was good
	Improve    []string `yaml:"improve"`    // questions about what could be better
	Unanswered []string `yaml:"unanswered"` // comments that stand for no answer
	MicroF1    float64  `yaml:"micro_f1"`   // the least micro-F1 that is good enough, 0 to 1
	MacroF1    float64  `yaml:"macro_f1"`   // the least macro-F1 that is good enough, 0 to 1
}

// Codebook is a list of themes with the words that point to them.
type Codebook struct {
	ID        string        `yaml:"id"`
	Version   string        `yaml:"version"`
	Name      exercise.Text `yaml:"name"`
	Source    string        `yaml:"source"`
	Languages []string      `yaml:"languages"` // the languages that have words; en also serves en-x-easy
	Draft     []string      `yaml:"draft"`     // the languages whose words no person has checked yet
	Nothing   Lists         `yaml:"nothing"`   // answers that say nothing
	Frame     *Frame        `yaml:"frame"`
	Themes    []Theme       `yaml:"themes"`
}

// ParseCodebook reads a codebook from YAML; name is the file's name, for the errors. All faults are
// reported at once, each as "file:line: what is wrong and what to do".
//
// A pattern is one or more words side by side, without regard to capitals and accents. A star at the end of
// a word stands for any ending (wait*). Three dots stand for up to five words in between, or as many as the
// digit that follows says (long ...2 time). An equals sign in front means the whole answer (= nothing).
func ParseCodebook(name string, data []byte) (*Codebook, error) {
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, yamlError(name, err)
	}
	cb := &Codebook{}
	err = authoring.Decode(data, cb)
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s:1: the file is empty; write at least id, version, name, languages and themes", name)
	}
	if err != nil {
		return nil, yamlError(name, err)
	}
	c := checker{name: name, file: file}
	c.codebook(cb)
	if err := errors.Join(c.faults...); err != nil {
		return nil, err
	}
	cb.inherit()
	return cb, nil
}

// Theme returns the theme of that id.
func (cb *Codebook) Theme(id string) (Theme, bool) {
	i := cb.index(id)
	if i < 0 {
		return Theme{}, false
	}
	return cb.Themes[i], true
}

// RollUp returns the ids with the parents of sub-themes added, each once, in the codebook's order.
func (cb *Codebook) RollUp(ids []string) []string {
	var out []string
	for _, t := range cb.Themes {
		implied := func(id string) bool {
			i := cb.index(id)
			return id == t.ID || i >= 0 && cb.Themes[i].Parent == t.ID
		}
		if slices.ContainsFunc(ids, implied) {
			out = append(out, t.ID)
		}
	}
	return out
}

// Covers says whether the codebook has words in the language, or in the language without its variant
// (en-x-easy → en).
func (cb *Codebook) Covers(lang string) bool { return cb.language(lang) != "" }

func (cb *Codebook) language(lang string) string {
	for l := lang; l != ""; l = parentTag(l) {
		if slices.Contains(cb.Languages, l) {
			return l
		}
	}
	return ""
}

func (cb *Codebook) index(id string) int {
	return slices.IndexFunc(cb.Themes, func(t Theme) bool { return t.ID == id })
}

func (cb *Codebook) inherit() {
	for i := range cb.Themes {
		if t := &cb.Themes[i]; t.Outcome == "" {
			t.Outcome = cb.Themes[cb.index(t.Parent)].Outcome
		}
	}
}

func parentTag(lang string) string {
	head, _, found := strings.Cut(lang, "-")
	if !found {
		return ""
	}
	return head
}

func yamlError(name string, err error) error {
	var ye yaml.Error
	if !errors.As(err, &ye) || ye.GetToken() == nil {
		return fmt.Errorf("%s:1: this is not readable as YAML: %w", name, err)
	}
	hint := "check the spelling, the indentation and the quotation marks"
	if _, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		hint = "check the spelling, or remove it"
	}
	return fmt.Errorf("%s:%d: %s; %s", name, ye.GetToken().Position.Line, ye.GetMessage(), hint)
}

// line finds the line of a YAML path, or of the nearest thing around it that exists.
func line(file *ast.File, path string) int {
	for path != "" {
		if p, err := yaml.PathString(path); err == nil {
			if node, err := p.FilterFile(file); err == nil && node != nil && node.GetToken() != nil {
				return node.GetToken().Position.Line
			}
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 1
}
