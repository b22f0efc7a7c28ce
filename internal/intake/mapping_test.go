package intake

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sayso/internal/exercise"
	"sayso/internal/fault"
)

func day(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

func TestMistakesInAMapping(t *testing.T) {
	tests := []struct {
		name, from, to string
		line           int
		says           string
	}{
		{"a field that is none", "voice: self", "voise: self", 4, `no field called "voise"`},
		{"a field that is none, inside", "formats: [", "format: [", 5, `no field called "format"`},
		{"no survey", "survey: small", "survey: \"\"", 2, "which survey"},
		{"no voice", "voice: self", "voice: {column: A}", 4, "under values"},
		{"a day that is none", "M/D/YYYY", "M/D/YY", 5, "YY can stand for nothing"},
		{"a day without a month", "M/D/YYYY", "D/YYYY", 5, "each once"},
		{"two cells that are one", `"2": bad`, `" 1": bad`, 7, "the same cell"},
		{"missing and an answer", "[NA]", "[1]", 7, "is missing here"},
		{"a word nobody knows", "survey: small", "survey: small\nlonger: cut", 3, "refuse or keep"},
		{"twice", "voice: self", "voice: self\nvoice: self", 5, "already defined"},
		{"an identity without columns", "survey: small", "survey: small\nidentity: {missing: [NA]}", 3, "which columns together"},
		{"a delimiter of two signs", "survey: small", "survey: small\ntable: {delimiter: \";;\"}", 3, "cannot divide"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := strings.Replace(plain, tt.from, tt.to, 1)
			_, err := ParseMapping("m.yaml", []byte(data))
			var e *MappingError
			if !fault.Is(err, fault.Invalid) || !errors.As(err, &e) {
				t.Fatalf("%v", err)
			}
			if p := e.Problems[0]; p.Line != tt.line || !strings.Contains(p.Sentence, tt.says) {
				t.Errorf("%v", e)
			}
		})
	}
	two := strings.NewReplacer("voice:", "voise:", "missing:", "mising:").Replace(plain)
	if _, err := ParseMapping("m.yaml", []byte(two)); err == nil || !strings.Contains(err.Error(), `called "voise"`) || !strings.Contains(err.Error(), "m.yaml:7: There is no field called \"mising\"") {
		t.Errorf("two slips: %v", err)
	}
	if _, err := ParseMapping("m.yaml", nil); !fault.Is(err, fault.Invalid) {
		t.Errorf("empty: %v", err)
	}
}

func TestAMappingThatDoesNotFitTheSurvey(t *testing.T) {
	tests := []struct {
		name, from, to string
		line           int
		says           string
	}{
		{"survey", "survey: small", "survey: large", 2, `for the survey "large"`},
		{"language", "language: en", "language: cy", 3, "There are: en, ur"},
		{"voice", "voice: self", "voice: {column: A, values: {x: dog}}", 4, `voice "dog"`},
		{"question", "question: mood", "question: food", 7, `no question called "food"`},
		{"option", `"2": bad`, `"2": worst`, 7, `no option called "worst"`},
		{"page", "question: words", "question: hello", 8, "page to read"},
		{"no values", "question: words", "question: likes", 8, "has options"},
		{"values", "question: mood", "question: words", 7, "has no options"},
		{"split", "column: Words", "column: Words, split: \";\"", 8, "cannot be split"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			problems := Check(mappingOf(t, strings.Replace(plain, tt.from, tt.to, 1)), small())
			if len(problems) != 1 || problems[0].Line != tt.line || !strings.Contains(problems[0].Sentence, tt.says) {
				t.Errorf("%v", problems)
			}
		})
	}
	if problems := Check(mappingOf(t, plain), small()); len(problems) > 0 {
		t.Error(problems)
	}
}

func TestColumnsThatTheTableLacks(t *testing.T) {
	_, err := Run(t.Context(), options(t, plain, "Day,Mood,mood,Wrds\n"), nil)
	var e *MappingError
	if !errors.As(err, &e) || len(e.Problems) != 2 {
		t.Fatalf("%v", err)
	}
	if !strings.Contains(e.Error(), `test.yaml:7: The table has several columns called "Mood"`) || !strings.Contains(e.Error(), `no column called "Words"`) {
		t.Error(e)
	}
}

func TestDays(t *testing.T) {
	tests := []struct {
		format, cell string
		want         exercise.Day
	}{
		{"DD/MM/YYYY", "09/02/2026", "2026-02-09"},
		{"DD/MM/YYYY", "9/02/2026", ""},
		{"D/M/YYYY", "9/12/2026", "2026-12-09"},
		{"D.M.YYYY", "31.2.2026", ""},
		{"YYYY-MM-DD", "2026-02-09T10:11:12Z", "2026-02-09"},
		{"YYYY-MM-DD", "2026-02-09 10:11", "2026-02-09"},
		{"YYYY-MM-DD", "2026-02-091", ""},
		{"YYYY-MM-DD", "0026-02-09", ""},
		{"YYYY-MM-DD", "", ""},
	}
	for _, tt := range tests {
		f, err := parseFormat(tt.format)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := f.day(tt.cell); got != tt.want {
			t.Errorf("%s read by %s is %q, want %q", tt.cell, tt.format, got, tt.want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"  FFT \n Why?": "fft why?", "PTS\u00a0 - Patient": "pts - patient", "ÉÀ\t": "éà", "": "", " \n": "",
	} {
		if got := folded(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
}
