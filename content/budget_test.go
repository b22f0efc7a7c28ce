package content_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"sayso/content"
	"sayso/internal/authoring"
	"sayso/internal/ballot"
	"sayso/internal/exercise"
)

const budgetSchemaName = "schemas/budget.schema.json"

func budgetSchema(t *testing.T) (doc map[string]any, compiled *jsonschema.Schema) {
	t.Helper()
	raw, err := fs.ReadFile(content.FS, budgetSchemaName)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	again, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AddResource(budgetSchemaName, again); err != nil {
		t.Fatal(err)
	}
	if compiled, err = c.Compile(budgetSchemaName); err != nil {
		t.Fatal(err)
	}
	return doc, compiled
}

func budgetKnown(t *testing.T) authoring.Known {
	k := known(t)
	return authoring.Known{Areas: k.Areas, Picture: k.Picture, Language: k.Language}
}

// budgetExample is the exercise of the guide for authors.
func budgetExample(t *testing.T) string {
	t.Helper()
	m := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(guide(t, "budgets", "en"))
	if m == nil {
		t.Fatal("the guide has no example")
	}
	return m[1]
}

func TestShippedBudgetsAreFine(t *testing.T) {
	_, schema := budgetSchema(t)
	for _, name := range matches(t, "budgets/*.yaml") {
		raw, err := fs.ReadFile(content.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		e, problems := ballot.ReadFile(raw, budgetKnown(t))
		for _, p := range problems {
			t.Errorf("%s:%s", name, p)
		}
		checkTexts(t, name, e)
		if err := schema.Validate(asEditor(t, raw)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if first, _, _ := strings.Cut(string(raw), "\n"); first != "# yaml-language-server: $schema=../"+budgetSchemaName {
			t.Errorf("%s does not tell editors of the schema in its first line", name)
		}
	}
	if err := schema.Validate(asEditor(t, []byte(budgetExample(t)))); err != nil {
		t.Errorf("the example for authors: %v", err)
	}
	if _, problems := ballot.ReadFile([]byte(budgetExample(t)), budgetKnown(t)); len(problems) > 0 {
		t.Errorf("the example for authors: %v", problems)
	}
}

func TestSchemaHasTheFieldsAndValuesOfBudgets(t *testing.T) {
	schema, _ := budgetSchema(t)
	for path, typ := range map[string]reflect.Type{
		"":                           reflect.TypeFor[ballot.Exercise](),
		"properties/decision":        reflect.TypeFor[exercise.Decision](),
		"properties/languages/items": reflect.TypeFor[exercise.Language](),
		"properties/limits/items":    reflect.TypeFor[ballot.Limit](),
		"properties/ideas":           reflect.TypeFor[ballot.Ideas](),
		"$defs/way":                  reflect.TypeFor[ballot.Way](),
		"$defs/project":              reflect.TypeFor[ballot.Project](),
		"$defs/question":             reflect.TypeFor[ballot.Question](),
		"$defs/option":               reflect.TypeFor[ballot.Option](),
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
	for path, want := range map[string][]string{
		"$defs/voices/items":             words(exercise.Voices),
		"properties/ballot":              words(ballot.Kinds),
		"properties/vote_in":             words(ballot.VotesIn),
		"$defs/question/properties/role": words(ballot.Roles),
		"$defs/project/properties/help":  words([]ballot.Help{ballot.Early, ballot.Late}),
	} {
		if diff := cmp.Diff(want, consts(t, schema, path)); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
}

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// What an editor underlines must be what Sayso refuses, and what only Sayso can see it must see.
func TestSchemaAndSaysoRefuseTheSameBudgets(t *testing.T) {
	_, schema := budgetSchema(t)
	example := budgetExample(t)
	const seen, unseen = true, false
	for _, c := range []struct {
		name, from, to string
		bySchema       bool
	}{
		{"an unknown field", "amount: 400000", "sum: 400000", seen},
		{"words for money", "cost: 60000", "cost: sixty", seen},
		{"commas in money", "cost: 60000", "cost: 60,000", seen},
		{"half of a penny", "cost: 60000", `cost: "60000.5"`, seen},
		{"no money", "amount: 400000\n", "", seen},
		{"no cost", "    cost: 60000\n", "", seen},
		{"an unknown ballot", "ballot: tick", "ballot: ticks", seen},
		{"most without a bound", "ballot: tick", "ballot: points", seen},
		{"a bound of ticks", "ballot: tick", "ballot: tick\nmost: 3", seen},
		{"money for thumbs", "ballot: tick", "ballot: thumbs\ntake: 1", seen},
		{"no seed", "seed: North Vale 6 2 5 5 1 3\n", "", seen},
		{"an unknown help", "help: early", "help: now", seen},
		{"an unknown role", "role: age_band", "role: quote", seen},
		{"for whom without another way", "ballot: tick", "ballot: tick\nfor: {en: For all}", seen},
		{"another way for nobody", "ballot: tick", "ballot: tick\nfor: {en: For all}\nalso: {ballot: purse}", seen},
		{"another way that counts otherwise", "ballot: tick", "ballot: tick\nfor: {en: For all}\nalso: {ballot: points, most: 3, for: {en: For 8}}", seen},
		{"two ways that count otherwise", "ballot: tick", "ballot: order\nmost: 3\nfor: {en: For all}\nalso: {ballot: tick, for: {en: For 8}}", seen},
		{"another way without its bound", "ballot: tick", "ballot: tick\nfor: {en: For all}\nalso: {ballot: up_to, for: {en: For 8}}", seen},
		{"the same way twice", "ballot: tick", "ballot: tick\nfor: {en: For all}\nalso: {ballot: tick, for: {en: For 8}}", unseen},
		{"coins of another way that do not fit", "ballot: tick", "ballot: tick\nfor: {en: For all}\nalso: {ballot: tick, coin: 7000, for: {en: For 8}}", unseen},
		{"an unknown rule", "rule: mes_cost_add1_integral+greedy", "rule: fair", unseen},
		{"a rule for another ballot", "rule: mes_cost_add1_integral+greedy", "rule: stv", unseen},
		{"a least that is the most", "cost_from: 90000", "cost_from: 190000", unseen},
		{"a project twice", "id: late-hall", "id: quiet-rooms", unseen},
		{"an unknown place", "place: hillbeck", "place: hill", unseen},
		{"an unknown group", "groups: [4-7, 8-11]", "groups: [girls]", unseen},
		{"an unknown picture", "picture: teddy", "picture: pub", unseen},
		{"results at another time", "ballot: tick", "results: daily\nballot: tick", seen},
		{"half of a link to ideas", "ballot: tick", "ideas: {survey: summer-ideas}\nballot: tick", seen},
		{"a place without its round", "ballot: tick", "place: hillbeck\nballot: tick", seen},
		{"a round without a rule", "ballot: tick", "round: spring\nplace: hillbeck\nballot: tick", seen},
		{"an unknown rule of a round", "ballot: tick", "round: spring\nplace: hillbeck\nvote_in: both\nballot: tick", seen},
		{"people of two kinds of places", "ballot: tick", "round: spring\nplace: hillbeck\nvote_in: mine\nonly: [old-town]\nballot: tick", seen},
		{"a place twice", "ballot: tick", "only: [hillbeck, hillbeck]\nballot: tick", seen},
		{"an unknown place of voters", "ballot: tick", "only: [hill]\nballot: tick", unseen},
		{"a round in an unknown place", "ballot: tick", "round: spring\nplace: hill\nvote_in: any\nballot: tick", unseen},
		{"the name of an address", "id: early-help", "id: round", unseen},
		{"a coin that does not fit", "amount: 400000", "amount: 400000\ncoin: 7000", unseen},
	} {
		broken := strings.Replace(example, c.from, c.to, 1)
		if broken == example {
			t.Errorf("%s: there is no %q to break", c.name, c.from)
			continue
		}
		if err := schema.Validate(asEditor(t, []byte(broken))); (err != nil) != c.bySchema {
			t.Errorf("%s: the schema says %v", c.name, err)
		}
		if _, problems := ballot.ReadFile([]byte(broken), budgetKnown(t)); len(problems) == 0 {
			t.Errorf("%s: Sayso reads it", c.name)
		}
	}
}
