package people

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSealedOpensOnlyForItsPurpose(t *testing.T) {
	s, stranger := NewSecrets(), NewSecrets()
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed := s.Seal("cookie", plain)
		got, err := s.Open("cookie", sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened %x, %v; want %x", got, err, plain)
		}
		if _, err := s.Open("totp", sealed); err == nil {
			t.Error("opened for another purpose")
		}
		if _, err := stranger.Open("cookie", sealed); err == nil {
			t.Error("opened by another server")
		}
		if strings.Trim(sealed, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != "" {
			t.Errorf("%q does not fit a cookie", sealed)
		}
	})
}

func TestSealedChangedAnywhereDoesNotOpen(t *testing.T) {
	s := NewSecrets()
	sealed := s.Seal("cookie", []byte("draft 17"))
	for i := range sealed {
		for _, other := range []byte{'A', 'b', '_', '.'} {
			if forged := sealed[:i] + string(other) + sealed[i+1:]; forged != sealed {
				if _, err := s.Open("cookie", forged); err == nil {
					t.Fatalf("opened with byte %d changed", i)
				}
			}
		}
		if _, err := s.Open("cookie", sealed[:i]); err == nil {
			t.Fatalf("opened when cut at %d", i)
		}
	}
}

func TestSecretsRotate(t *testing.T) {
	old := NewSecrets()
	sealed := old.Seal("cookie", []byte("draft 17"))
	both := NewSecrets().Before(old)
	if got, err := both.Open("cookie", sealed); err != nil || string(got) != "draft 17" {
		t.Errorf("after rotation: %q, %v", got, err)
	}
	if both.Newest(sealed) || !both.Newest(both.Seal("cookie", nil)) {
		t.Error("the newest secret does not seal, or does not know its own")
	}
	again, err := ParseSecrets(both.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open("cookie", sealed); err != nil || string(got) != "draft 17" {
		t.Errorf("after writing and reading: %q, %v", got, err)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	s := NewSecrets()
	_, key, _ := strings.Cut(s.Encode(), ":")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if shown := fmt.Sprintf(verb, s); strings.Contains(shown, key) || !strings.HasPrefix(shown, "secrets ") {
			t.Errorf("%s shows %s", verb, shown)
		}
	}
}

func TestParseSecretsRefuses(t *testing.T) {
	good := NewSecrets().Encode()
	for name, list := range map[string]string{
		"nothing": "", "no id": good[8:], "no key": "k1:", "short": "k1:c2hvcnQ=", "not base64": "k1:!!", "twice": good + "," + good,
		"large letters": strings.ToUpper(good[:8]) + good[8:], "empty item": good + ",",
	} {
		s, err := ParseSecrets(list)
		if err == nil || !s.Empty() {
			t.Errorf("%s: accepted", name)
		}
		if err != nil && strings.Contains(err.Error(), good[9:]) {
			t.Errorf("%s: the error shows the secret", name)
		}
	}
}
