package authoring

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// FromWords is a value that reads itself from the words in a file. Its error is the sentence that an author reads.
type FromWords interface{ FromWords(words string) error }

// decoder fills a value from the tree of its file. It goes on after a slip, so that an author hears of all of them,
// and remembers where each field stands.
type decoder struct {
	thing    string         // what the file is: "survey"
	lines    map[string]int // path → line, such as ".questions[2].ask"
	problems []Problem
}

func (d *decoder) say(line int, format string, args ...any) {
	d.problems = append(d.problems, Problem{line, fmt.Sprintf(format, args...)})
}

// value fills v, which stands at the path, from the node. What is left empty stays as it is.
func (d *decoder) value(path string, line int, node ast.Node, v reflect.Value) {
	d.lines[path] = line
	if node.Type() == ast.NullType {
		return
	}
	if from, ok := v.Addr().Interface().(FromWords); ok {
		d.fromWords(path, line, node, from)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(path, line, node, v.Elem())
	case reflect.Struct:
		d.fields(path, line, node, v)
	case reflect.Map:
		d.texts(path, line, node, v)
	case reflect.Slice:
		d.list(path, line, node, v)
	default:
		d.scalar(path, line, node, v)
	}
}

func (d *decoder) fromWords(path string, line int, node ast.Node, v FromWords) {
	s, ok := words(node)
	if !ok {
		d.say(line, "%s is one value, not a list or fields. Write it on this line.", name(path))
	} else if err := v.FromWords(s); err != nil {
		d.say(line, "%s: %v", name(path), err)
	}
}

func (d *decoder) fields(path string, line int, node ast.Node, v reflect.Value) {
	values, ok := mapping(node)
	switch {
	case !ok && path == "":
		d.say(line, "This is not a %s. A %s is written as fields, such as id: school-lunch; see the guide for authors.", d.thing, d.thing)
		return
	case !ok:
		d.say(line, "%s has fields of its own. Write each on a line below, two spaces further in.", name(path))
		return
	}
	index, known := map[string]int{}, []string(nil)
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag.Get("yaml"); tag != "-" {
			index[tag] = i
			known = append(known, tag)
		}
	}
	d.each(values, func(key string, line int, node ast.Node) {
		if i, ok := index[key]; ok {
			d.value(path+"."+key, line, node, v.Field(i))
			return
		}
		d.say(line, "There is no field called %q here. Look for a slip of the pen, or whether it is indented too far. The fields here are %s.", key, strings.Join(known, ", "))
	})
}

// texts fills a text: language → words.
func (d *decoder) texts(path string, line int, node ast.Node, v reflect.Value) {
	values, ok := mapping(node)
	if !ok {
		d.say(line, "%s is written once for each language. Write the words on a line below, two spaces further in, such as en: Hello.", name(path))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	d.each(values, func(lang string, line int, node ast.Node) {
		words := reflect.New(v.Type().Elem()).Elem()
		d.value(path+"."+lang, line, node, words)
		v.SetMapIndex(reflect.ValueOf(lang), words)
	})
}

// each calls see with every field, and says which stand twice.
func (d *decoder) each(values []*ast.MappingValueNode, see func(key string, line int, node ast.Node)) {
	first := map[string]int{}
	for _, f := range values {
		key, _ := words(f.Key)
		line := f.Key.GetToken().Position.Line
		if before, twice := first[key]; twice {
			d.say(line, "%q stands here twice, first on line %d. Take one away.", key, before)
			continue
		}
		first[key] = line
		see(key, line, f.Value)
	}
}

func (d *decoder) list(path string, line int, node ast.Node, v reflect.Value) {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		d.say(line, "%s is a list. Write each item on a line below that begins with a hyphen.", name(path))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		d.value(fmt.Sprintf("%s[%d]", path, i), firstLine(item), item, v.Index(i))
	}
}

func (d *decoder) scalar(path string, line int, node ast.Node, v reflect.Value) {
	s, ok := words(node)
	var err error
	switch v.Kind() {
	case reflect.String:
		if !ok {
			d.say(line, "%s is words, not a list or fields. Write them on this line, or in quotation marks.", name(path))
		}
		v.SetString(s)
	case reflect.Bool:
		var yes bool
		if yes, err = strconv.ParseBool(s); err != nil || s != "true" && s != "false" {
			d.say(line, "%s is true or false, and nothing else.", name(path))
		}
		v.SetBool(yes)
	default:
		var n int64
		if n, err = strconv.ParseInt(s, 10, v.Type().Bits()); err != nil {
			d.say(line, "%s is a whole number, written in digits, such as 5.", name(path))
		}
		v.SetInt(n)
	}
}

// name is what an author calls the field at the path.
func name(path string) string {
	field := path[strings.LastIndex(path, ".")+1:]
	if list, _, item := strings.Cut(field, "["); item {
		return "Each of " + list
	}
	return strconv.Quote(field)
}

// mapping returns the fields of a node.
func mapping(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// words returns what a node says if it is neither a list nor fields.
func words(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode, *ast.NullNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func firstLine(node ast.Node) int {
	if values, ok := mapping(node); ok && len(values) > 0 {
		return values[0].Key.GetToken().Position.Line
	}
	return node.GetToken().Position.Line
}
