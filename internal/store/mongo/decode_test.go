package mongo

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.mongodb.org/mongo-driver/v2/bson"

	"sayso/internal/exercise"
	"sayso/internal/survey"
)

// marshal encodes as the client does.
func marshal(t testing.TB, doc any) bson.Raw {
	t.Helper()
	o := settings("mongodb://localhost").BSONOptions
	var buffer bytes.Buffer
	e := bson.NewEncoder(bson.NewDocumentWriter(&buffer))
	if o.UseJSONStructTags {
		e.UseJSONStructTags()
	}
	if o.NilSliceAsEmpty {
		e.NilSliceAsEmpty()
	}
	if err := e.Encode(doc); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func documents(t testing.TB, r survey.Response) (said, about bson.Raw) {
	k := key(r.Ref)
	return marshal(t, responseDoc{k, r.Area, r.Survey, r.Version, r.Language, r.Voice, r.Channel, r.Withdrawn, r.Held, r.Answers}),
		marshal(t, backgroundDoc{k, r.Area, r.Survey, r.About})
}

func answered() survey.Response {
	least, small := int64(math.MinInt64), int64(7)
	r := survey.Response{
		Ref:     survey.Ref{Area: "riverside", Survey: "worries", Day: "2026-05-03", ID: "one"},
		Version: 3, Language: "ur", Voice: exercise.Helped, Channel: survey.Web,
		Answers: []survey.Answer{
			{Question: "least", Number: &least}, {Question: "small", Number: &small}, {Question: "why", Skip: survey.Unknown},
			{Question: "words", Words: "مجھے ڈر ہے 😀\x00\""}, {Question: "more", Words: strings.Repeat("It was loud. ", 12)},
		},
		About: []survey.Answer{{Question: "age", Choices: []string{"12-15"}}},
	}
	for i := range 9 {
		r.Answers = append(r.Answers, survey.Answer{Question: fmt.Sprint("question_", i), Choices: []string{"a", "b"}})
	}
	return r
}

func TestDecode(t *testing.T) {
	full, bare, withdrawn := answered(), survey.Response{Ref: answered().Ref}, answered()
	withdrawn.Withdrawn = true
	d := newDecoder("riverside", "worries")
	for _, want := range []survey.Response{full, bare, withdrawn, full} {
		said, about := documents(t, want)
		if want.Withdrawn {
			want.About = nil
		}
		got, err := d.response(said, about)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, *got, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	}
	if _, err := d.response(marshal(t, bson.D{{Key: "_id", Value: 1}}), nil); err == nil {
		t.Error("a damaged document was read")
	}
}

// TestDecodeDamaged cuts and changes documents at every byte: an error or an odd response, but never a panic.
func TestDecodeDamaged(t *testing.T) {
	said, about := documents(t, answered())
	d := newDecoder("riverside", "worries")
	for i := range said {
		_, _ = d.response(said[:i], about)
		for _, b := range []byte{0, 1, 0x7f, 0xff} {
			changed := bytes.Clone(said)
			changed[i] = b
			_, _ = d.response(changed, about)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	said, about := documents(b, answered())
	d := newDecoder("riverside", "worries")
	b.SetBytes(int64(len(said) + len(about)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := d.response(said, about); err != nil {
			b.Fatal(err)
		}
	}
}
