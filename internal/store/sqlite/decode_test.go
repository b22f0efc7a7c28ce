package sqlite

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sayso/internal/survey"
)

// FuzzDecode holds the hand-written decoder against encoding/json: what that can read, it reads the same.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"version":3,"lang":"en","voice":"self","channel":"web","answers":[{"q":"a","c":["1","2"]},{"q":"b","t":"x\n\u00e9"}]}`))
	f.Add([]byte(`{"answers":[{"q":"n","n":-9223372036854775808},{"q":"s","s":"passed"}],"withdrawn":true,"more":[{"x":{}},null,1.5e3,"]"]}`))
	f.Add([]byte(`{"answers":null,"lang":"\ud83d\ude00 \ud83d \/ \" \\"}`))
	f.Add([]byte(` { "version" : 0 , "answers" : [ ] } `))
	f.Add([]byte(`{"answers":[{`))
	f.Fuzz(func(t *testing.T, body []byte) {
		c := chunk{bytes: body}
		d := newDecoder("a", "s")
		_, _ = d.response(&c, stretch{about: len(body), end: len(body)}) // whatever it is, it must come to an end
		var back said
		if json.Unmarshal(body, &back) != nil {
			return
		}
		canonical, merr := json.Marshal(back)
		if merr != nil {
			t.Skip()
		}
		c.bytes = canonical
		got, err := d.response(&c, stretch{about: len(canonical), end: len(canonical)})
		if err != nil {
			t.Fatalf("%v: %s", err, canonical)
		}
		want := survey.Response{
			Ref: survey.Ref{Area: "a", Survey: "s"}, Version: back.Version, Language: back.Language, Voice: back.Voice,
			Channel: back.Channel, Withdrawn: back.Withdrawn, Answers: back.Answers,
		}
		if d := cmp.Diff(want, *got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s\n%s", canonical, d)
		}
	})
}
