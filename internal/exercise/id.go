package exercise

import (
	"crypto/rand"
	"encoding/hex"
)

// NewID draws 128 random bits, in hex.
func NewID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
