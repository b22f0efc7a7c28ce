package people

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/crypto/chacha20poly1305"
)

// secretBytes is the length of a server secret.
const secretBytes = 32

var secretID = regexp.MustCompile(`^[a-z0-9]{1,16}$`)

type secret struct {
	id      string
	key     [secretBytes]byte
	derived *sync.Map // purpose → subkey: every page of a person opens their cookie
}

// Secrets are the server's secrets in force, newest first. Whatever is sealed or hashed names the secret it
// was made with, so a new secret can be put in front while the older ones still open what they made. No
// secret is used itself: each purpose has its own key, derived from it by HKDF-SHA256 (RFC 5869).
type Secrets struct{ all []secret }

// NewSecrets makes one fresh secret.
func NewSecrets() Secrets {
	s := secret{derived: &sync.Map{}}
	var id [4]byte
	rand.Read(id[:])
	rand.Read(s.key[:])
	s.id = hex.EncodeToString(id[:])
	return Secrets{all: []secret{s}}
}

// ParseSecrets reads "id:base64,id:base64", newest first, as Encode writes it: each an id of at most 16 small
// letters and digits, and 32 bytes in standard base64.
func ParseSecrets(list string) (Secrets, error) {
	var out Secrets
	for i, item := range strings.Split(list, ",") {
		s, err := parseSecret(strings.TrimSpace(item))
		if err != nil {
			return Secrets{}, fmt.Errorf("server secret %d: %w", i+1, err)
		}
		if _, twice := out.named(s.id); twice {
			return Secrets{}, fmt.Errorf("server secret %d: the id %q stands twice", i+1, s.id)
		}
		out.all = append(out.all, s)
	}
	return out, nil
}

func parseSecret(item string) (secret, error) {
	id, text, _ := strings.Cut(item, ":")
	if !secretID.MatchString(id) {
		return secret{}, errors.New("wanted id:base64 with an id of 1 to 16 small letters and digits")
	}
	// The decoder's own error would quote the secret into a log.
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != secretBytes {
		return secret{}, fmt.Errorf("after %q: wanted %d bytes in base64", id, secretBytes)
	}
	return secret{id: id, key: [secretBytes]byte(key), derived: &sync.Map{}}, nil
}

// Encode writes the secrets as ParseSecrets reads them: for the settings, never for a log.
func (s Secrets) Encode() string {
	items := make([]string, len(s.all))
	for i, one := range s.all {
		items[i] = one.id + ":" + base64.StdEncoding.EncodeToString(one.key[:])
	}
	return strings.Join(items, ",")
}

// String shows the ids only.
func (s Secrets) String() string {
	ids := make([]string, len(s.all))
	for i, one := range s.all {
		ids[i] = one.id
	}
	return "secrets " + strings.Join(ids, ", ")
}

// GoString is String, so that no form of printing shows a secret.
func (s Secrets) GoString() string { return s.String() }

// Before returns the secrets with the older ones after them.
func (s Secrets) Before(older Secrets) Secrets {
	return Secrets{all: append(append([]secret(nil), s.all...), older.all...)}
}

// Empty says whether there is no secret at all; nothing can be sealed then.
func (s Secrets) Empty() bool { return len(s.all) == 0 }

func (s Secrets) named(id string) (secret, bool) {
	for _, one := range s.all {
		if one.id == id {
			return one, true
		}
	}
	return secret{}, false
}

// subkey derives the key of a purpose; it fails only for lengths that SHA-256 cannot give, and 32 it can.
func (s secret) subkey(purpose string) []byte {
	if key, ok := s.derived.Load(purpose); ok {
		return key.([]byte)
	}
	key, err := hkdf.Key(sha256.New, s.key[:], nil, "sayso "+purpose, secretBytes)
	if err != nil {
		panic("people: derive a key of 32 bytes: " + err.Error())
	}
	s.derived.Store(purpose, key)
	return key
}

// mac is HMAC-SHA256 of data under the key of the purpose: 32 bytes.
func (s secret) mac(purpose string, data []byte) []byte {
	h := hmac.New(sha256.New, s.subkey("mac "+purpose))
	h.Write(data)
	return h.Sum(nil)
}

// Seal encrypts and signs plain for a purpose with the newest secret (XChaCha20-Poly1305, random nonce). The
// result is "id.base64url" without padding: fit for a cookie or a link.
func (s Secrets) Seal(purpose string, plain []byte) string {
	newest := s.all[0]
	aead, err := chacha20poly1305.NewX(newest.subkey("seal " + purpose))
	if err != nil {
		panic("people: a key of 32 bytes: " + err.Error())
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return newest.id + "." + base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, nil))
}

// errSealed says no more than that: what is wrong with a forgery is nobody's business.
var errSealed = errors.New("not sealed for this purpose by a secret in force")

// Open gives back what Seal was given for the same purpose, by any secret in force; an error for everything else.
func (s Secrets) Open(purpose, sealed string) ([]byte, error) {
	id, text, _ := strings.Cut(sealed, ".")
	by, known := s.named(id)
	box, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if !known || err != nil || len(box) < chacha20poly1305.NonceSizeX {
		return nil, errSealed
	}
	aead, err := chacha20poly1305.NewX(by.subkey("seal " + purpose))
	if err != nil {
		return nil, fmt.Errorf("open what is sealed: %w", err)
	}
	plain, err := aead.Open(nil, box[:chacha20poly1305.NonceSizeX], box[chacha20poly1305.NonceSizeX:], nil)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// Newest says whether the sealed text was made with the newest secret; if not, it is worth sealing again.
func (s Secrets) Newest(sealed string) bool {
	id, _, _ := strings.Cut(sealed, ".")
	return len(s.all) > 0 && s.all[0].id == id
}

// Derive returns a key of 32 bytes for the purpose from the oldest secret in force: it stays the same while newer
// secrets come, as long as that one is kept.
func (s Secrets) Derive(purpose string) []byte {
	return s.all[len(s.all)-1].subkey("derived " + purpose)
}
