package people

import (
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"time"

	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// Codes are those of every authenticator app (RFC 6238): six digits from SHA-1 every 30 seconds.
const (
	codeSeconds = 30
	codeSkew    = 1  // steps that a phone's clock may be off
	codeBytes   = 20 // of the secret
)

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// enrolment derives the secret of an authenticator from the token of an invitation, so that the page shows the
// same one however often it is loaded, and nothing is kept before the person has shown a code of it.
func (s *Service) enrolment(token string) []byte {
	return s.with.Secrets.all[0].mac("enrolment", []byte(token))[:codeBytes]
}

// otpauth is the address that an authenticator app reads from a QR code.
func (s *Service) otpauth(secret []byte, name string) (string, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: s.with.Issuer, AccountName: name, Secret: secret})
	if err != nil {
		return "", fmt.Errorf("describe an authenticator: %w", err)
	}
	return key.URL(), nil
}

func totpPurpose(id string) string { return "totp of " + id }

// codeStep returns the step since 1970 whose code was typed, if that is about now and after used.
func codeStep(secret []byte, typed string, now time.Time, used int64) (step int64, ok bool) {
	typed = join(splitWords(typed)) // "123 456" and other scripts' digits
	for step = now.Unix()/codeSeconds - codeSkew; step <= now.Unix()/codeSeconds+codeSkew; step++ {
		code, err := hotp.GenerateCode(base32Plain.EncodeToString(secret), uint64(step))
		if err == nil && step > used && subtle.ConstantTimeCompare([]byte(code), []byte(typed)) == 1 {
			return step, true
		}
	}
	return 0, false
}
