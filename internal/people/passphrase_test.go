package people

import (
	"errors"
	"strings"
	"testing"

	"sayso/internal/fault"
)

func TestCheckPassphrase(t *testing.T) {
	for passphrase, want := range map[string]string{
		goodPassphrase:                          "",
		"ذهبت القطة إلى البحر":                  "",
		"żółw idzie powoli do domu":             "",
		"aaaa bbbb cccc dddd eeee":              "",
		"fourteen runes":                        "people.passphrase_short",
		"éééééééééééééé":                        "people.passphrase_short",
		strings.Repeat("ab cd ", 22):            "people.passphrase_long",
		strings.Repeat("long words ", 12)[:128]: "",
		"Password Password":                     "people.passphrase_common",
		"passwordpassword99":                    "people.passphrase_common",
		"Correct Horse Battery Staple!":         "people.passphrase_common",
		"correcthorsebatterystaple1234":         "people.passphrase_common",
		"aaaaaaaaaaaaaaaaaa":                    "people.passphrase_common",
		"abcabcabcabcabcab":                     "people.passphrase_common",
		"!!!!!!!!!!!!!!!!!!":                    "people.passphrase_common",
		"111111111111111111":                    "people.passphrase_common",
		"Board.Member@North.Example":            "people.passphrase_name",
		"boardmember boardmember 1":             "people.passphrase_name",
		"a boardmember by the slow canal":       "",
	} {
		err := CheckPassphrase(passphrase, "board.member@north.example")
		var f *fault.Error
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", passphrase, err)
		case want != "" && (!errors.As(err, &f) || f.Kind != fault.Invalid || f.Key != want):
			t.Errorf("%q: %v, want %s", passphrase, err, want)
		}
	}
}

func TestPassphraseIsTheSameHoweverItIsComposed(t *testing.T) {
	o := newOffice(t)
	encoded, err := o.encode(t.Context(), "café au bord du canal")
	if err != nil {
		t.Fatal(err)
	}
	if same, err := o.compare(t.Context(), "cafe\u0301 au bord du canal", encoded); err != nil || !same {
		t.Errorf("%v, %v", same, err)
	}
	if !strings.HasPrefix(encoded, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("encoded as %s", encoded)
	}
}

func TestPassphrasesAreHashedSlowly(t *testing.T) {
	o := newOffice(t)
	m, _ := o.hire("a@b.example", Analyst, "north")
	n, _ := o.hire("c@b.example", Analyst, "north")
	for _, kept := range []string{m.Passphrase, n.Passphrase} {
		if !strings.HasPrefix(kept, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(kept, "teapots") {
			t.Errorf("kept as %q", kept)
		}
	}
	if m.Passphrase == n.Passphrase {
		t.Error("the same passphrase of two members is kept alike")
	}
}
