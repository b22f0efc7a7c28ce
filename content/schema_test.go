package content_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"sayso/content"
	"sayso/internal/exercise"
	"sayso/internal/survey"
)

const schemaName = "schemas/survey.schema.json"

// readSchema returns the schema of surveys as it is written.
func readSchema(t *testing.T) map[string]any {
	t.Helper()
	raw, err := fs.ReadFile(content.FS, schemaName)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource(schemaName, readSchema(t)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(schemaName)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asEditor reads YAML as an editor does, without the types of Sayso.
func asEditor(t *testing.T, data []byte) any {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSchemaAcceptsTheShippedSurveys(t *testing.T) {
	schema := compileSchema(t)
	for _, name := range matches(t, "surveys/*.yaml") {
		raw, err := fs.ReadFile(content.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asEditor(t, raw)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if first, _, _ := strings.Cut(string(raw), "\n"); first != "# yaml-language-server: $schema=../"+schemaName {
			t.Errorf("%s does not tell editors of the schema in its first line", name)
		}
	}
	if err := schema.Validate(asEditor(t, []byte(exampleForAuthors(t)))); err != nil {
		t.Errorf("the example for authors: %v", err)
	}
}

func TestSchemaHasTheFieldsOfSurveys(t *testing.T) {
	schema := readSchema(t)
	for path, typ := range map[string]reflect.Type{
		"":                           reflect.TypeFor[survey.Survey](),
		"properties/decision":        reflect.TypeFor[exercise.Decision](),
		"properties/languages/items": reflect.TypeFor[survey.Language](),
		"$defs/question":             reflect.TypeFor[survey.Question](),
		"$defs/option":               reflect.TypeFor[survey.Option](),
		"$defs/condition":            reflect.TypeFor[survey.Condition](),
	} {
		var fields []string
		for i := range typ.NumField() {
			if tag := typ.Field(i).Tag.Get("yaml"); tag != "-" {
				fields = append(fields, tag)
			}
		}
		properties := inSchema(t, schema, path+"/properties")
		slices.Sort(fields)
		if diff := cmp.Diff(fields, slices.Sorted(maps.Keys(properties))); diff != "" {
			t.Errorf("%v and %s differ:\n%s", typ, path, diff)
		}
		for name, p := range properties {
			if text, _ := p.(map[string]any)["description"].(string); !strings.HasSuffix(text, ".") {
				t.Errorf("%s of %v is described as %q", name, typ, text)
			}
		}
	}
}

// inSchema returns what stands at the path of the schema, such as $defs/option.
func inSchema(t *testing.T, schema map[string]any, path string) map[string]any {
	t.Helper()
	for _, step := range strings.Split(strings.Trim(path, "/"), "/") {
		next, ok := schema[step].(map[string]any)
		if !ok {
			t.Fatalf("the schema has no %s", path)
		}
		schema = next
	}
	return schema
}

// consts returns the values of a oneOf of constants, each of which must be described.
func consts(t *testing.T, schema map[string]any, path string) []string {
	t.Helper()
	var out []string
	for _, one := range inSchema(t, schema, path)["oneOf"].([]any) {
		value := one.(map[string]any)
		if value["description"] == nil {
			t.Errorf("%v of %s is not described", value["const"], path)
		}
		out = append(out, value["const"].(string))
	}
	return out
}

func TestSchemaHasTheValuesOfSurveys(t *testing.T) {
	schema := readSchema(t)
	var voices []string
	for _, v := range exercise.Voices {
		voices = append(voices, string(v))
	}
	for path, want := range map[string][]string{
		"$defs/voices/items":               voices,
		"$defs/question/properties/kind":   {"choice", "several", "faces", "agree", "text", "long_text", "number", "age_band", "place", "info", "consent"},
		"$defs/question/properties/role":   {"age_band", "place", "priority", "group", "quote"},
		"$defs/question/properties/intent": {"good", "improve"},
	} {
		if diff := cmp.Diff(want, consts(t, schema, path)); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
}

// What an editor underlines must be what Sayso refuses, and what only Sayso can see it must see.
func TestSchemaAndSaysoRefuseTheSame(t *testing.T) {
	schema, known, example := compileSchema(t), known(t), exampleForAuthors(t)
	const seen, unseen = true, false
	for _, c := range []struct {
		name, from, to string
		bySchema       bool
	}{
		{"an unknown field", "minutes: 3", "minuts: 3", seen},
		{"no id", "id: school-lunch\n", "", seen},
		{"an id of two words", "id: school-lunch", "id: School lunch", seen},
		{"words for minutes", "minutes: 3", "minutes: three", seen},
		{"half a minute", "minutes: 3", "minutes: 3.5", seen},
		{"too many minutes", "minutes: 3", "minutes: 90", seen},
		{"a bare title", "title:\n  en: Lunch at school", "title: Lunch", seen},
		{"no English", "title:\n  en: Lunch at school", "title:\n  ur: x", seen},
		{"a list for words", "picture: school", "picture: [school]", seen},
		{"a day written otherwise", "opens: 2026-12-01", "opens: 1 December", seen},
		{"a day that does not exist", "closes: 2027-01-31", "closes: 2027-02-30", unseen},
		{"a decision too early", "  on: 2027-03-14", "  on: 2027-01-02", unseen},
		{"no decision", "decision:\n  what:\n    en: What school kitchens change\n  who:\n    en: the North Vale Children’s Board\n  on: 2027-03-14\n", "", seen},
		{"an unchecked English", "    checked_by: North Vale youth council\n", "", seen},
		{"an unknown voice", "voices: [self, helped]", "voices: [self, children]", seen},
		{"one voice, not a list", "voices: [self, helped]", "voices: self", seen},
		{"a voice twice", "voices: [self, helped]", "voices: [self, self]", seen},
		{"an unknown kind", "kind: faces", "kind: slider", seen},
		{"an unknown field of a question", "    unknown: true", "    unknownn: true", seen},
		{"yes for true", "    unknown: true", "    unknown: yes", seen},
		{"an unknown intent", "intent: improve", "intent: better", seen},
		{"a role of another kind", "role: quote", "role: age_band", seen},
		{"a role that is not about the person", "    role: age_band\n    about: true", "    role: age_band", seen},
		{"quotes that must be", "role: quote", "role: quote\n    required: {en: We must.}", seen},
		{"options of words", "kind: long_text", "kind: long_text\n    options: [{id: a, text: {en: A}}]", seen},
		{"a least number of letters", "kind: long_text", "kind: long_text\n    least: 5", seen},
		{"bounds of faces", "kind: faces", "kind: faces\n    most: 2", seen},
		{"an option without words", "        text:\n          en: It is too loud\n", "", seen},
		{"no test", "      any_of: [\"4\", \"5\"]\n", "", seen},
		{"two tests", "      question: eat\n", "      question: eat\n      answered: true\n", seen},
		{"an option that does not exist", `any_of: ["4", "5"]`, `any_of: ["6"]`, unseen},
		{"a question that comes later", "question: eat", "question: improve", unseen},
		{"a question twice", "id: improve", "id: eat", unseen},
		{"an unknown area", "area: north-vale", "area: hill", unseen},
		{"an unknown picture", "picture: school", "picture: pub", unseen},
		{"a place twice", "picture: school", "picture: school\nonly: [hillbeck, hillbeck]", seen},
		{"an unknown place", "picture: school", "picture: school\nonly: [hill]", unseen},
	} {
		broken := strings.Replace(example, c.from, c.to, 1)
		if broken == example {
			t.Errorf("%s: there is no %q to break", c.name, c.from)
			continue
		}
		if err := schema.Validate(asEditor(t, []byte(broken))); (err != nil) != c.bySchema {
			t.Errorf("%s: the schema says %v", c.name, err)
		}
		if _, problems := survey.ReadFile([]byte(broken), known); len(problems) == 0 {
			t.Errorf("%s: Sayso reads it", c.name)
		}
	}
}
