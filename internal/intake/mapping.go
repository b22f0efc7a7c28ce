package intake

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"sayso/internal/authoring"
	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// Mapping says how the columns of a table answer the questions of a survey. content/imports has one with the meaning
// of every field.
type Mapping struct {
	Survey   string   `yaml:"survey"`
	Table    Table    `yaml:"table"`
	Language Chosen   `yaml:"language"`
	Voice    Chosen   `yaml:"voice"`
	Day      Day      `yaml:"day"`
	Identity Identity `yaml:"identity"`
	Empty    string   `yaml:"empty"`
	Longer   string   `yaml:"longer"`
	Columns  []Column `yaml:"columns"`

	name string
	file *ast.File
}

// Table says how the table is written, where that cannot be seen from the table.
type Table struct {
	Delimiter string `yaml:"delimiter"`
	Quotes    string `yaml:"quotes"`
	Sheet     string `yaml:"sheet"`
}

// Chosen is the same for every row (Fixed), or stands in a column.
type Chosen struct {
	Fixed  string            `yaml:"-"`
	Column string            `yaml:"column"`
	Values map[string]string `yaml:"values"`
}

// Day is the same for every row (Fixed), or stands in a column.
type Day struct {
	Fixed   exercise.Day `yaml:"-"`
	Column  string       `yaml:"column"`
	Formats []string     `yaml:"formats"`
}

// Identity is the columns that together name a person; none: every row is one. Rows are left out where one of them is
// empty or holds a word of Missing.
type Identity struct {
	Columns []string `yaml:"columns"`
	Missing []string `yaml:"missing"`
}

// Column says which cells answer a question.
type Column struct {
	Question string            `yaml:"question"`
	Column   string            `yaml:"column"`
	When     *When             `yaml:"when"`
	Split    string            `yaml:"split"`
	Values   map[string]string `yaml:"values"`
	Missing  []string          `yaml:"missing"`
	Others   string            `yaml:"others"`
}

// When takes only the rows in which a column holds one of the cells.
type When struct {
	Column string   `yaml:"column"`
	Is     []string `yaml:"is"`
}

// Words that fields of a mapping can have.
const (
	othersSkip  = "skip"
	emptyKeep   = "keep"
	emptySkip   = "skip"
	longerKeep  = "keep"
	longerNo    = "refuse"
	quotesLoose = "loose"
	quotesClean = "strict"
)

// MappingError is everything that is wrong with a mapping, in the order of the lines.
type MappingError struct {
	Name     string // of the file
	Problems []survey.Problem
}

func (e *MappingError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = e.Name + ":" + p.String()
	}
	return strings.Join(lines, "\n")
}

// ParseMapping reads a mapping written in YAML; name is that of its file. The cause of its error is a *MappingError.
func ParseMapping(name string, data []byte) (Mapping, error) {
	m := Mapping{name: name}
	if err := authoring.Decode(data, &m); err != nil {
		return Mapping{}, invalid("import.mapping", &MappingError{name, slips(data, err)})
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return Mapping{}, invalid("import.mapping", &MappingError{name, []survey.Problem{yamlProblem(err)}})
	}
	m.file = file
	if problems := m.problems(); len(problems) > 0 {
		return Mapping{}, invalid("import.mapping", &MappingError{name, problems})
	}
	return m, nil
}

// UnmarshalYAML reads one word, or a column with its values.
func (c *Chosen) UnmarshalYAML(node ast.Node) error {
	if _, ok := node.(ast.MapNode); !ok {
		return yaml.NodeToValue(node, &c.Fixed)
	}
	type plain Chosen
	return yaml.NodeToValue(node, (*plain)(c), yaml.Strict())
}

// UnmarshalYAML reads one day, or a column with its formats.
func (d *Day) UnmarshalYAML(node ast.Node) error {
	if _, ok := node.(ast.MapNode); !ok {
		return yaml.NodeToValue(node, &d.Fixed)
	}
	type plain Day
	return yaml.NodeToValue(node, (*plain)(d), yaml.Strict())
}

// UnmarshalYAML reads the columns alone, or columns with the words that stand for no identity.
func (i *Identity) UnmarshalYAML(node ast.Node) error {
	if _, ok := node.(ast.MapNode); !ok {
		return yaml.NodeToValue(node, &i.Columns)
	}
	type plain Identity
	return yaml.NodeToValue(node, (*plain)(i), yaml.Strict())
}

func yamlProblem(err error) survey.Problem {
	if errors.Is(err, io.EOF) {
		return survey.Problem{Line: 1, Sentence: "The file is empty."}
	}
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return survey.Problem{Line: 1, Sentence: "This cannot be read as YAML: " + err.Error()}
	}
	at := e.GetToken()
	if _, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		return noField(at)
	}
	return survey.Problem{Line: at.Position.Line, Sentence: "This cannot be understood: " + e.GetMessage() + "."}
}

func noField(at *token.Token) survey.Problem {
	return survey.Problem{Line: at.Position.Line,
		Sentence: fmt.Sprintf("There is no field called %q here. Look for a slip of the pen, or whether it is indented too far.", at.Value)}
}

// slips returns why the mapping cannot be decoded: every field that is none, or else the first mistake.
func slips(data []byte, err error) []survey.Problem {
	if _, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		if file, err := parser.ParseBytes(data, 0); err == nil && len(file.Docs) > 0 {
			if found := noFields(file.Docs[0].Body, reflect.TypeFor[Mapping]()); len(found) > 0 {
				return found
			}
		}
	}
	return []survey.Problem{yamlProblem(err)}
}

// noFields finds the fields below the node that the type does not have.
func noFields(node ast.Node, of reflect.Type) (found []survey.Problem) {
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	switch n := node.(type) {
	case *ast.SequenceNode:
		if of.Kind() == reflect.Slice {
			for _, value := range n.Values {
				found = append(found, noFields(value, of.Elem())...)
			}
		}
	case ast.MapNode:
		for at := n.MapRange(); of.Kind() == reflect.Struct && at.Next(); {
			key := at.KeyValue().Key.GetToken()
			i := slices.IndexFunc(reflect.VisibleFields(of), func(f reflect.StructField) bool { return f.Tag.Get("yaml") == key.Value })
			if i < 0 {
				found = append(found, noField(key))
				continue
			}
			found = append(found, noFields(at.Value(), of.Field(i).Type)...)
		}
	}
	return found
}

// lineOf returns the line of the node at the YAML path, or of its nearest parent that is there.
func (m *Mapping) lineOf(path string) int {
	for m.file != nil && path != "" {
		if p, err := yaml.PathString(path); err == nil {
			if node, err := p.FilterFile(m.file); err == nil && node != nil {
				return firstLine(node)
			}
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 1
}

func firstLine(node ast.Node) int {
	switch n := node.(type) {
	case *ast.MappingNode:
		if len(n.Values) > 0 {
			return n.Values[0].Key.GetToken().Position.Line
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken().Position.Line
	}
	return node.GetToken().Position.Line
}
