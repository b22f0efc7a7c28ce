package people

import (
	"crypto/rand"
	"strings"
	"testing"

	"sayso/internal/fault"
)

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	for _, typed := range []string{"70A4M-XR91B", "70a4m xr91b", " 7oa4m–xrqib ", "7OA4M\u200eXR9LB", "۷۰A۴M-XR۹۱B", "٧٠a٤mxr٩١b"} {
		want := Code("70A4MXR91B")
		if strings.Contains(typed, "q") {
			want = "70A4MXRQ1B"
		}
		if got, err := ParseCode(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, wrong := range []string{"", "70A4M-XR91", "70A4M-XR91BB", "70A4M_XR91B", "UUUUU-UUUUU", "70A4M-XR91é"} {
		if got, err := ParseCode(wrong); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %q, %v", wrong, got, err)
		}
	}
}

func TestNewCodesDiffer(t *testing.T) {
	seen, letters := map[Code]bool{}, map[rune]int{}
	for range 20_000 {
		c, err := NewCode(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ParseCode(strings.ToLower(c.String())); err != nil || again != c {
			t.Fatalf("%s is read as %s, %v", c, again, err)
		}
		seen[c] = true
		for _, r := range c {
			letters[r]++
		}
	}
	if len(seen) != 20_000 || len(letters) != 32 {
		t.Errorf("%d codes of %d letters", len(seen), len(letters))
	}
	for r, n := range letters { // 6,250 of each are expected, and 5,700 are seven standard deviations off
		if n < 5_700 || n > 6_800 {
			t.Errorf("%c stands %d times", r, n)
		}
	}
}

func TestHashesOfCodesAreForAPurposeAndASecret(t *testing.T) {
	older, c := NewSecrets(), Code("70A4MXR91B")
	both := NewSecrets().Before(older)
	if both.HashCode("a", c) == both.HashCode("b", c) || both.HashCode("a", c) == older.HashCode("a", c) {
		t.Error("two purposes or secrets make the same hash")
	}
	if all := both.HashesOfCode("a", c); len(all) != 2 || all[0] != both.HashCode("a", c) || all[1] != older.HashCode("a", c) {
		t.Errorf("the hashes are %v", all)
	}
}
