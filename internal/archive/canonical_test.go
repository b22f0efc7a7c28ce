package archive

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{`{}`, `{}`},
		{` { "b" : 1 , "a" : [ 1 , "x" , null , [ ] , { } ] } `, `{"a":[1,"x",null,[],{}],"b":1}`},
		{`{"n":null,"l":[],"o":{},"deep":{"n":null},"kept":{"z":0,"e":"","f":false}}`, `{"kept":{"e":"","f":false,"z":0}}`},
		{`{"a":"\u0041\/\u003cb\u003e \u2028\n\"\\ é \ud83d\ude00"}`, `{"a":"A/<b> ` + "\u2028" + `\u000a\"\\ é 😀"}`},
		{`{"a":1,"ab":2,"a b":3}`, `{"a":1,"a b":3,"ab":2}`},
		{`{"n":-9223372036854775808,"m":1.50e3}`, `{"m":1.50e3,"n":-9223372036854775808}`},
		{`{"c":{"b":1,"a":{"d":[{"f":1,"e":2}]}},"a":[[{"z":1,"y":[]}]]}`, `{"a":[[{"z":1}]],"c":{"a":{"d":[{"e":2,"f":1}]},"b":1}}`},
	} {
		got, err := canonical([]byte("before"), []byte(c.doc))
		if err != nil || string(got) != "before"+c.want {
			t.Errorf("%s became %s, %v, want %s", c.doc, got, err, c.want)
		}
	}
	for _, doc := range []string{``, ` `, `[]`, `1`, `{`, `{}{}`, `{"a":1,}`, `{"a":1,"a":2}`, `{"a":{"\u0061":1,"b":2,"a":3}}`, `{"a":1,"a":null}`, `{"a":[{"b":{"c":[]},"b":1}]}`, `{"a":01}`} {
		if got, err := canonical(nil, []byte(doc)); err == nil {
			t.Errorf("%s became %s", doc, got)
		}
	}
}

// FuzzCanonical holds the canonical form against encoding/json: it says the same, but for what is nothing, and is its
// own canonical form.
func FuzzCanonical(f *testing.F) {
	f.Add([]byte(`{"b":[1,{"y":null,"x":"\u00e9\n\ud800"}],"a":{"":-1.5e3,"c":[[],null,{}]}}`))
	f.Add([]byte("{\"a\":\"\xff\"}"))
	f.Add([]byte(`{"":[{"0":1}],"":{"0":[]}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		got, err := canonical(nil, doc)
		if err != nil {
			return
		}
		again, err := canonical(nil, got)
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s became %s, and that %s, %v", doc, got, again, err)
		}
		if was, is := plain(t, doc), plain(t, got); was != is {
			t.Errorf("%s became %s: %s instead of %s", doc, got, is, was)
		}
	})
}

// plain writes the JSON as encoding/json does, without members that are nothing.
func plain(t *testing.T, doc []byte) string {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	b, err := json.Marshal(pruned(v))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func pruned(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			value = pruned(value)
			switch b, _ := json.Marshal(value); string(b) {
			case "null", "[]", "{}":
				delete(v, name)
			default:
				v[name] = value
			}
		}
	case []any:
		for i := range v {
			v[i] = pruned(v[i])
		}
	}
	return v
}
