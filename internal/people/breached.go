package people

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the list is made with it; nothing is kept by it
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sayso/internal/fault"
)

// Breached is a list of passwords that were found in breaches: the SHA-1 of each in hex, a line each, in rising order.
// What follows a hash on its line does not count. So https://haveibeenpwned.com/Passwords gives it, in one file of some
// 40 GB, which is searched where it lies: nobody else is asked. A nil list knows none.
type Breached struct {
	list io.ReaderAt
	size int64
}

const (
	hashLetters = 2 * sha1.Size // in hex
	mostLine    = 128           // bytes
)

var (
	errPassphraseBreached = fault.New(fault.Invalid, "people.passphrase_breached")
	errNoHashes           = errors.New("this is no list of breached passwords: each line must begin with the SHA-1 of one in hex, in rising order")
)

// OpenBreached opens the list in the file for as long as the program runs, and looks whether it begins and ends as one.
func OpenBreached(path string) (*Breached, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the breached passwords: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the breached passwords: %w", err), file.Close())
	}
	b := &Breached{file, info.Size()}
	first, err := b.from(0)
	if err == nil && first == "" {
		err = errNoHashes
	}
	if err == nil {
		var late string
		if late, err = b.from(max(0, b.size-mostLine)); err == nil && late != "" && late < first {
			err = errNoHashes
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return b, nil
}

// Has says whether the passphrase is in the list, as it was typed or composed as it is kept.
func (b *Breached) Has(passphrase string) (bool, error) {
	if b == nil {
		return false, nil
	}
	for _, form := range slices.Compact([]string{passphrase, norm.NFKC.String(passphrase)}) {
		sum := sha1.Sum([]byte(form)) //nolint:gosec // see above
		if has, err := b.search(strings.ToUpper(hex.EncodeToString(sum[:]))); has || err != nil {
			return has, err
		}
	}
	return false, nil
}

// search finds the first line that is not before the hash.
func (b *Breached) search(hash string) (has bool, err error) {
	sort.Search(int(b.size), func(at int) bool {
		line, failed := b.from(int64(at))
		has, err = has || line == hash, errors.Join(err, failed)
		return line == "" || line >= hash
	})
	return has, err
}

// from returns the hash of the first line that begins at the byte or behind it; empty if none does.
func (b *Breached) from(at int64) (string, error) {
	start := max(0, at-1) // a line begins behind the end of another
	window := make([]byte, 2*mostLine)
	n, err := b.list.ReadAt(window, start)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the breached passwords: %w", err)
	}
	window = window[:n]
	if at > 0 {
		end := bytes.IndexByte(window, '\n')
		if end < 0 && n > mostLine {
			return "", errNoHashes
		}
		window = window[end+1:]
		if end < 0 {
			window = nil
		}
	}
	if len(bytes.TrimSpace(window)) == 0 {
		return "", nil
	}
	if len(window) < hashLetters {
		return "", errNoHashes
	}
	hash := strings.ToUpper(string(window[:hashLetters]))
	if _, err := hex.DecodeString(hash); err != nil {
		return "", errNoHashes
	}
	return hash, nil
}
