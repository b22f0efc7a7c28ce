package people

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"sayso/internal/fault"
)

// The rules of passphrases follow NIST SP 800-63B-4 §3.1.1 and OWASP ASVS 5.0 V6.2: long, any characters, no rule of
// composition, no expiry, but none that guessers try first.
const (
	leastPassphrase = 15  // runes
	mostPassphrase  = 128 // runes
	leastBesideName = 8   // letters and digits that are not the name
	longestPiece    = 8   // letters of a piece that may not just be repeated
)

// passphraseCost is the first recommendation of OWASP's password storage cheat sheet for Argon2id: 19 MiB, 2 passes,
// 1 lane; about 20 ms.
var passphraseCost = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// The faults of choosing a passphrase.
var (
	errPassphraseShort  = fault.New(fault.Invalid, "people.passphrase_short").With(map[string]any{"Least": leastPassphrase})
	errPassphraseLong   = fault.New(fault.Invalid, "people.passphrase_long").With(map[string]any{"Most": mostPassphrase})
	errPassphraseCommon = fault.New(fault.Invalid, "people.passphrase_common")
	errPassphraseName   = fault.New(fault.Invalid, "people.passphrase_name")
)

//go:embed common.txt
var commonPassphrases string

// CheckPassphrase says whether a passphrase may be chosen by the member of staff of the name.
func CheckPassphrase(passphrase, name string) error {
	switch n := utf8.RuneCountInString(norm.NFKC.String(passphrase)); {
	case n < leastPassphrase:
		return errPassphraseShort
	case n > mostPassphrase:
		return errPassphraseLong
	}
	bare := join(splitWords(passphrase))
	if common(bare) || common(strings.TrimRight(bare, "0123456789")) {
		return errPassphraseCommon
	}
	if utf8.RuneCountInString(withoutName(bare, name)) < leastBesideName {
		return errPassphraseName
	}
	return nil
}

// common says whether the passphrase, without spaces and signs, is one of the best known or one short piece again
// and again.
func common(bare string) bool {
	for line := range strings.Lines(commonPassphrases) {
		if join(splitWords(line)) == bare {
			return true
		}
	}
	runes := []rune(bare)
	for piece := 1; piece <= longestPiece && 2*piece <= len(runes); piece++ {
		if string(runes[piece:]) == string(runes[:len(runes)-piece]) {
			return true
		}
	}
	return len(runes) == 0
}

// withoutName leaves out the name and, of an e-mail address, what stands before the @.
func withoutName(bare, name string) string {
	local, _, _ := strings.Cut(name, "@")
	for _, part := range []string{name, local} {
		if part = join(splitWords(part)); part != "" {
			bare = strings.ReplaceAll(bare, part, "")
		}
	}
	return bare
}

// encode hashes a passphrase with a random salt, in the usual notation of Argon2.
func (s *Service) encode(ctx context.Context, passphrase string) (encoded string, err error) {
	busy := s.gate.run(ctx, func() { encoded, err = argon2id.CreateHash(norm.NFKC.String(passphrase), &passphraseCost) })
	if busy != nil {
		return "", busy
	}
	if err != nil {
		return "", fmt.Errorf("hash a passphrase: %w", err)
	}
	return encoded, nil
}

// compare says whether the passphrase is the encoded one; the work is the same whatever the answer.
func (s *Service) compare(ctx context.Context, passphrase, encoded string) (same bool, err error) {
	if len(passphrase) > 4*mostPassphrase {
		passphrase = ""
	}
	busy := s.gate.run(ctx, func() { same, err = argon2id.ComparePasswordAndHash(norm.NFKC.String(passphrase), encoded) })
	if busy != nil {
		return false, busy
	}
	if err != nil {
		return false, fmt.Errorf("compare a passphrase: %w", err)
	}
	return same, nil
}
