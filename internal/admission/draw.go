package admission

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"iter"
	"slices"
	"strings"

	"sayso/internal/people"
)

// purpose is what the hashes of codes are for.
const purpose = "admission"

// letters is a code as an array: a million of them lie close together.
type letters [10]byte

// urn gives out the codes of a batch in their order: draw i is HMAC-SHA256 of i (4 bytes, big endian) under the seed, read
// as people.NewCode reads chance. Draws that came before, or that are codes of other batches, are left out.
type urn struct {
	mac     hash.Hash
	next    uint32
	seen    map[letters]struct{}
	dropped []uint32
}

func newUrn(seed []byte, b *Batch) *urn {
	return &urn{mac: hmac.New(sha256.New, seed), seen: make(map[letters]struct{}, b.Count), dropped: b.Dropped}
}

// draw returns the next code and the number of its draw.
func (u *urn) draw() (people.Code, uint32, error) {
	for {
		at := u.next
		u.next++
		code, err := u.code(at)
		if err != nil {
			return "", 0, err
		}
		was := len(u.seen)
		u.seen[letters([]byte(code))] = struct{}{}
		if len(u.seen) > was && !slices.Contains(u.dropped, at) {
			return code, at, nil
		}
	}
}

// code is the code of one draw, whether it is given out or not.
func (u *urn) code(at uint32) (people.Code, error) {
	u.mac.Reset()
	u.mac.Write(binary.BigEndian.AppendUint32(nil, at))
	return people.NewCode(bytes.NewReader(u.mac.Sum(nil)))
}

// codes yields the codes of the batch in the order of their draws.
func codes(seed []byte, b *Batch) iter.Seq2[people.Code, error] {
	return func(yield func(people.Code, error) bool) {
		u := newUrn(seed, b)
		for range b.Count {
			code, _, err := u.draw()
			if !yield(code, err) || err != nil {
				return
			}
		}
	}
}

// drawn is the hash of a draw, before it is written.
type drawn struct {
	hash [sha256.Size]byte
	at   uint32
}

// drawMany draws n codes and returns their hashes by the newest secret, in the order of the hashes: written so, nothing
// is left of the order in which they will be printed, and a table grows at its end.
func (u *urn) drawMany(n int, secrets people.Secrets) ([]drawn, error) {
	out := make([]drawn, n)
	for i := range out {
		code, at, err := u.draw()
		if err != nil {
			return nil, err
		}
		_, text, _ := strings.Cut(secrets.HashCode(purpose, code), ":")
		if _, err := hex.Decode(out[i].hash[:], []byte(text)); err != nil {
			return nil, fmt.Errorf("read the hash of a code: %w", err)
		}
		out[i].at = at
	}
	slices.SortFunc(out, func(a, b drawn) int { return bytes.Compare(a.hash[:], b.hash[:]) })
	return out, nil
}

// newest is the id of the secret by which codes are hashed now.
func newest(secrets people.Secrets) string {
	id, _, _ := strings.Cut(secrets.HashCode(purpose, ""), ":")
	return id
}
