package intake

import (
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"strconv"
)

// key names a person: the beginning of an HMAC.
type key [16]byte

// share says to which of some shares the key belongs. The keys of a share lie side by side, as their ids will.
func (k key) share(shares int) int {
	at, _ := bits.Mul64(binary.BigEndian.Uint64(k[:]), uint64(shares))
	return int(at)
}

// key names the person of the row, or the row itself when the mapping has no identity.
func (r *reader) key(rw *row) key {
	if len(r.identity) == 0 {
		return r.content(rw)
	}
	r.begin("identity")
	for _, i := range r.identity {
		r.piece(string(r.fold(rw.cells[i])))
	}
	return r.end()
}

// content names the row by what it holds, in every column.
func (r *reader) content(rw *row) key {
	r.begin("row")
	for _, i := range r.order {
		r.piece(rw.cells[i])
	}
	return r.end()
}

func (r *reader) begin(purpose string) {
	r.pieces = r.pieces[:0]
	r.piece(purpose)
	r.piece(r.o.Survey.ID)
}

// piece adds s with its length before it, so that no two lists of pieces are the same.
func (r *reader) piece(s string) {
	r.pieces = binary.AppendUvarint(r.pieces, uint64(len(s)))
	r.pieces = append(r.pieces, s...)
}

func (r *reader) end() key {
	r.mac.Reset()
	r.mac.Write(r.pieces)
	r.pieces = r.mac.Sum(r.pieces[:0])
	return key(r.pieces[:len(key{})])
}

// id returns the id of a response, 128 bits in hex. Equal rows are told apart by how many of them came before.
func (r *reader) id(k key, occurrence int) string {
	if occurrence > 0 {
		r.begin("again")
		r.piece(string(k[:]))
		r.piece(strconv.Itoa(occurrence))
		k = r.end()
	}
	return hex.EncodeToString(k[:])
}
