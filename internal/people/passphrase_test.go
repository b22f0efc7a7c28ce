package people

import (
	"errors"
	"strings"
	"testing"

	"sayso/internal/fault"
)

// checkPassphrases wants the key of each passphrase's fault, none for the empty one.
func checkPassphrases(t *testing.T, check func(string) error, want map[string]string) {
	t.Helper()
	for passphrase, want := range want {
		err := check(passphrase)
		var f *fault.Error
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", passphrase, err)
		case want != "" && (!errors.As(err, &f) || f.Kind != fault.Invalid || f.Key != want):
			t.Errorf("%q: %v, want %s", passphrase, err, want)
		}
	}
}

func checkOfBoardMember(passphrase string) error {
	return CheckPassphrase(passphrase, "board.member@north.example")
}

func TestCheckPassphrase(t *testing.T) {
	checkPassphrases(t, checkOfBoardMember, map[string]string{
		goodPassphrase:               "",
		"ذهبت القطة إلى البحر":       "",
		"żółw idzie powoli do domu":  "",
		"seven-teapots-2031":         "",
		"fourteen runes":             "people.passphrase_short",
		"éééééééééééééé":             "people.passphrase_short",
		strings.Repeat("ab cd ", 22): "people.passphrase_long",
		strings.Repeat(goodPassphrase+" and more of them ", 3)[:127] + "z": "",
		"Board.Member@North.Example":                                       "people.passphrase_name",
		"boardmember boardmember 1":                                        "people.passphrase_name",
		"a boardmember by the slow canal":                                  "",
	})
}

func TestCommonPassphrasesAreRefused(t *testing.T) {
	checkPassphrases(t, checkOfBoardMember, map[string]string{
		"passwordpassword99":              "people.passphrase_common",
		"Correct Horse Battery Staple!":   "people.passphrase_common",
		"correcthorsebatterystaple1234":   "people.passphrase_common",
		"1234 correct horse battery":      "people.passphrase_common",
		"C0rrecth0rseb@tteryst4ple":       "people.passphrase_common",
		"Manchester United 1999!":         "people.passphrase_common",
		"Let it go, let it go 22":         "people.passphrase_common",
		"Cymru am byth 1234":              "people.passphrase_common",
		"بسم الله الرحمن الرحيم":          "people.passphrase_common",
		"let it go up the slow canal":     "",
		"horses eat correctly at staples": "",
	})
	lines := strings.Fields(commonLines)
	if len(lines) < 500 {
		t.Errorf("the list has %d lines", len(lines))
	}
	for _, line := range lines {
		if CheckPassphrase(line+" ???????????????", "a@b.example") == nil {
			t.Errorf("%s may be chosen", line)
		}
	}
}

func TestPatternsAreRefused(t *testing.T) {
	const pattern = "people.passphrase_pattern"
	checkPassphrases(t, checkOfBoardMember, map[string]string{
		"aaaaaaaaaaaaaaaaaa":           pattern,
		"111111111111111111":           pattern,
		"!!!!!!!!!!!!!!!!!!":           pattern,
		"abcabcabcabcabcab":            pattern,
		"Password Password":            pattern,
		"teapot Teapot TEAPOT":         pattern,
		"slow canal slow canal":        pattern,
		"aaaa bbbb cccc dddd eeee":     pattern,
		"123456789012345678":           pattern,
		"987654321098765":              pattern,
		"abcdefghijklmnopqr":           pattern,
		"qwertyuiop asdfghjkl":         pattern,
		"lkjhgfdsapoiuytrewq":          pattern,
		"1qaz2wsx3edc4rfv5tgb":         pattern,
		"a1b2c3d4e5f6g7h8i9":           pattern,
		"1234abcd5678efgh":             pattern,
		"teapot canal teapot boat":     "",
		"sweater were tree saw poplar": "",
		"we were here as were they":    "",
		"8301 5527 4096 1742":          "",
		"كتاب كبير على الطاولة":        "",
	})
}

func TestWordsOfOursAreRefused(t *testing.T) {
	o := newOffice(t)
	const ours = "people.passphrase_ours"
	check := func(area string) func(string) error {
		return func(passphrase string) error { return o.checkPassphrase(passphrase, "a@b.example", area) }
	}
	refused := map[string]string{
		"Sayso NHS children 2026":      ours,
		"School-Voices-2027!":          ours,
		"Summer2026Summer2027":         ours,
		"S4ys0 Ch1ldr3n Forum":         ours,
		"Young People's Health Board":  ours,
		"sayso and seven slow teapots": "",
	}
	checkPassphrases(t, check("south"), refused)
	checkPassphrases(t, check(""), refused)
	for passphrase, want := range map[string]map[string]string{
		"north hill dale staff": {"north": ours, "hill": ours, "": ours, "south": ""},
		"southsouth hospital":   {"south": ours, "": ours, "north": ""},
	} {
		for area, want := range want {
			checkPassphrases(t, check(area), map[string]string{passphrase: want})
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
