package archive

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
)

// A backup is a gzip file of two members, which any gunzip reads: the text, and behind it the seal, a member without
// content that carries the SHA-256 of all bytes before it in an extra field of its head. gzip's own checksum does not
// cover its head, nor the bits that fill up its last byte; the seal covers every byte, and itself is compared to the
// letter. (RFC 1952, sections 2.2 and 2.3.)
var (
	sealHead = []byte{
		0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, // gzip, deflate, an extra field, no time, no flags, no system
		4 + sha256.Size, 0, 'S', 'Y', sha256.Size, 0,
	}
	sealTail = []byte{3, 0, 0, 0, 0, 0, 0, 0, 0, 0} // nothing, deflated; its checksum and its length
)

const sealBytes = 16 + sha256.Size + 10

// Errors of reading a backup.
var (
	ErrForeign = errors.New("this is not a backup of Sayso")
	ErrDamaged = errors.New("the backup is damaged or was cut short")
	ErrNewer   = errors.New("the backup was made by a newer Sayso")
)

// sealing passes bytes on and seals them at the end.
type sealing struct {
	w    io.Writer
	hash hash.Hash
}

func newSealing(w io.Writer) *sealing { return &sealing{w, sha256.New()} }

func (s *sealing) Write(b []byte) (int, error) {
	n, err := s.w.Write(b)
	s.hash.Write(b[:n])
	return n, err
}

func (s *sealing) seal() error {
	_, err := s.w.Write(sealOf(s.hash))
	return err
}

func sealOf(h hash.Hash) []byte { return bytes.Join([][]byte{sealHead, h.Sum(nil), sealTail}, nil) }

// unseal checks the seal and returns what was sealed; ErrForeign, ErrDamaged.
func unseal(r io.ReaderAt, size int64) (*io.SectionReader, error) {
	start := make([]byte, 2)
	if _, err := r.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	if !bytes.Equal(start, sealHead[:2]) {
		return nil, ErrForeign
	}
	if size < sealBytes {
		return nil, ErrDamaged
	}
	text := io.NewSectionReader(r, 0, size-sealBytes)
	h := sha256.New()
	if _, err := io.Copy(h, text); err != nil {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	seal := make([]byte, sealBytes)
	if _, err := r.ReadAt(seal, size-sealBytes); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	if !bytes.Equal(seal, sealOf(h)) {
		return nil, ErrDamaged
	}
	_, err := text.Seek(0, io.SeekStart)
	return text, err
}
