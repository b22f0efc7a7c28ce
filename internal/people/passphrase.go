package people

import (
	"context"
	"fmt"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// The rules of passphrases follow NIST SP 800-63B-4 §3.1.1 and OWASP ASVS 5.0 V6.2: long, any characters, no rule of
// composition, no expiry, but none that guessers try first.
const (
	leastPassphrase = 15  // runes
	mostPassphrase  = 128 // runes
)

// passphraseCost is the first recommendation of OWASP's password storage cheat sheet for Argon2id: 19 MiB, 2 passes,
// 1 lane; about 20 ms.
var passphraseCost = argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

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
