package people

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/crypto/argon2"

	"sayso/internal/fault"
)

// PIN is four to eight digits by which a worker ends the shared use of a device. It is short, so tries must be limited.
type PIN string

const (
	fewestDigits = 4
	mostDigits   = 8
)

// ParsePIN reads digits of any script, with gaps; Invalid for anything else.
func ParsePIN(typed string) (PIN, error) {
	var b strings.Builder
	for _, r := range typed {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r):
		case unicode.IsDigit(r) && b.Len() < mostDigits:
			b.WriteRune('0' + digitOf(r))
		default:
			return "", fault.New(fault.Invalid, "shared.pin_form")
		}
	}
	if b.Len() < fewestDigits {
		return "", fault.New(fault.Invalid, "shared.pin_form")
	}
	return PIN(b.String()), nil
}

// HashPIN returns what to keep of the PIN of a device, "id:hex": Argon2id at the cost of a key, with a salt that only
// the server can make. Unavailable if ctx ends while others are being hashed.
func (h *Hasher) HashPIN(ctx context.Context, device string, p PIN) (string, error) {
	return h.hashPIN(ctx, h.secrets.all[0], device, p)
}

// IsPIN says whether the hash was made of the PIN for the device, by any secret in force.
func (h *Hasher) IsPIN(ctx context.Context, hash, device string, p PIN) (bool, error) {
	id, _, _ := strings.Cut(hash, ":")
	by, known := h.secrets.named(id)
	if !known {
		return false, nil
	}
	got, err := h.hashPIN(ctx, by, device, p)
	return err == nil && subtle.ConstantTimeCompare([]byte(got), []byte(hash)) == 1, err
}

func (h *Hasher) hashPIN(ctx context.Context, s secret, device string, p PIN) (string, error) {
	salt := s.mac("pin", []byte(device))
	var sum []byte
	if err := h.gate.run(ctx, func() { sum = argon2.IDKey([]byte(p), salt, keyPasses, keyMemory, keyLanes, hashBytes) }); err != nil {
		return "", fmt.Errorf("hash a PIN: %w", err)
	}
	return s.id + ":" + hex.EncodeToString(sum), nil
}
