package people

import (
	"testing"

	"sayso/internal/fault"
)

func TestParsePIN(t *testing.T) {
	for typed, want := range map[string]PIN{
		"1234": "1234", "12345678": "12345678", " 12 34 ": "1234", "\u200f٠١٢٣": "0123", "۴۵۶۷۸": "45678", "１２３４": "1234", "०१२३": "0123",
	} {
		if got, err := ParsePIN(typed); err != nil || got != want {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "123", "123456789", "12a4", "12.34", "-1234", "abcd", "½½½½", "1234\x00"} {
		if got, err := ParsePIN(typed); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is read as %q, %v", typed, got, err)
		}
	}
}

func TestPINsAreBoundToTheirDevice(t *testing.T) {
	old := NewSecrets()
	hasher := func(s Secrets) *Hasher {
		h, err := NewHasher(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	kept, err := hasher(old).HashPIN(t.Context(), "one", "1234")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		secrets Secrets
		device  string
		pin     PIN
		want    bool
	}{
		"the PIN":                   {old, "one", "1234", true},
		"after a new secret":        {NewSecrets().Before(old), "one", "1234", true},
		"another PIN":               {old, "one", "1235", false},
		"another device":            {old, "two", "1234", false},
		"another server":            {NewSecrets(), "one", "1234", false},
		"nothing":                   {old, "one", "", false},
		"the PIN with a digit more": {old, "one", "12340", false},
	} {
		if got, err := hasher(c.secrets).IsPIN(t.Context(), kept, c.device, c.pin); err != nil || got != c.want {
			t.Errorf("%s: %t, %v", name, got, err)
		}
	}
}
