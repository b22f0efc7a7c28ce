package people

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"unicode"

	"sayso/internal/fault"
)

// Code is a secret on paper: ten of the 32 digits and letters of Crockford's Base32, 50 bits. Among a million live ones
// a guess finds one with a chance of 10^-9, so guesses must be limited.
type Code string

const (
	codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // without I, L, O and U (https://www.crockford.com/base32.html)
	codeLetters  = 10
)

var errCode = fault.New(fault.Invalid, "people.code_wrong")

// NewCode draws a code.
func NewCode(random io.Reader) (Code, error) {
	var b [codeLetters]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("draw a code: %w", err)
	}
	for i := range b {
		b[i] = codeAlphabet[b[i]%byte(len(codeAlphabet))]
	}
	return Code(b[:]), nil
}

// ParseCode reads a code as people type it: in small letters, with gaps, in the digits of their language, and with
// letters that look like digits. Invalid for anything else.
func ParseCode(typed string) (Code, error) {
	var b strings.Builder
	for _, r := range typed {
		switch r = unicode.ToUpper(r); {
		case unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r):
			continue
		case r == 'O':
			r = '0'
		case r == 'I' || r == 'L':
			r = '1'
		case unicode.IsDigit(r):
			r = '0' + digitOf(r)
		}
		if !strings.ContainsRune(codeAlphabet, r) {
			return "", errCode
		}
		b.WriteRune(r)
	}
	if b.Len() != codeLetters {
		return "", errCode
	}
	return Code(b.String()), nil
}

// digitOf is the worth of a decimal digit of any script: Unicode keeps the ten of each together, zero first.
func digitOf(r rune) rune {
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return r - zero
}

// String shows the code in two halves: "7KQ4M-XR9TB".
func (c Code) String() string { return string(c[:codeLetters/2] + "-" + c[codeLetters/2:]) }

// HashCode returns what is kept of a code, "id:hex": HMAC-SHA256 of it by the newest secret, for the purpose alone. It is
// quick, since a million codes are made at once; it is the 50 bits and the server's secret that keep a code.
func (s Secrets) HashCode(purpose string, c Code) string { return s.all[0].hashCode(purpose, c) }

// HashesOfCode returns one hash for each secret in force, newest first: what to look a code up by.
func (s Secrets) HashesOfCode(purpose string, c Code) []string {
	out := make([]string, len(s.all))
	for i, one := range s.all {
		out[i] = one.hashCode(purpose, c)
	}
	return out
}

func (s secret) hashCode(purpose string, c Code) string {
	return s.id + ":" + hex.EncodeToString(s.mac("code "+purpose, []byte(c)))
}
