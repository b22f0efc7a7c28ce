package i18n

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
)

// woff2Header is the head of a font file, from https://www.w3.org/TR/WOFF2/#woff20Header.
type woff2Header struct {
	Signature, Flavor, Length                      uint32
	Tables, Reserved                               uint16
	SfntSize, CompressedSize                       uint32
	Major, Minor                                   uint16
	MetaOffset, MetaLength, MetaSize, PrivateStart uint32
	PrivateLength                                  uint32
}

// Numbers that stand for a table in the directory of a font.
const (
	cmapTable = 0
	glyfTable = 10
	locaTable = 11
	ownTag    = 63 // four letters follow
)

// characters returns those that a font in the format WOFF2 has a glyph for.
func characters(font []byte) (map[rune]bool, error) {
	in := bytes.NewReader(font)
	var head woff2Header
	if err := binary.Read(in, binary.BigEndian, &head); err != nil {
		return nil, err
	}
	if head.Signature != 0x774F4632 { // wOF2
		return nil, errors.New("no font in the format WOFF2")
	}
	from, length, err := findCmap(in, int(head.Tables))
	if err != nil {
		return nil, err
	}
	tables, err := io.ReadAll(brotli.NewReader(io.LimitReader(in, int64(head.CompressedSize))))
	if err != nil {
		return nil, err
	}
	if from+length > len(tables) {
		return nil, errors.New("the table of characters ends behind the file")
	}
	return readCmap(tables[from : from+length])
}

// findCmap reads the directory of tables up to its end and says where in the unpacked data the table of characters is.
func findCmap(in *bytes.Reader, tables int) (from, length int, err error) {
	at := 0
	for range tables {
		kind, size, err := tableEntry(in)
		if err != nil {
			return 0, 0, err
		}
		if kind == cmapTable {
			from, length = at, size
		}
		at += size
	}
	if length == 0 {
		return 0, 0, errors.New("the font has no table of characters")
	}
	return from, length, nil
}

// tableEntry reads one entry of the directory: which table it is, and how long as it is packed.
func tableEntry(in *bytes.Reader) (kind byte, size int, err error) {
	flags, err := in.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	kind = flags & 63
	if kind == ownTag {
		if _, err := in.Seek(4, io.SeekCurrent); err != nil {
			return 0, 0, err
		}
	}
	if size, err = base128(in); err != nil {
		return 0, 0, err
	}
	plain := byte(0)
	if kind == glyfTable || kind == locaTable {
		plain = 3
	}
	if flags>>6 != plain {
		size, err = base128(in)
	}
	return kind, size, err
}

// base128 reads a number of seven bits a byte, the high bit meaning that more follow.
func base128(in *bytes.Reader) (int, error) {
	n := 0
	for range 5 {
		b, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		n = n<<7 | int(b&127)
		if b < 128 {
			return n, nil
		}
	}
	return 0, errors.New("a number of more than five bytes")
}

// readCmap reads the subtables for Unicode, from https://learn.microsoft.com/typography/opentype/spec/cmap.
func readCmap(table []byte) (map[rune]bool, error) {
	has := map[rune]bool{}
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(table[at:])) }
	for i := range u16(2) {
		at := 4 + 8*i
		platform, start := u16(at), int(binary.BigEndian.Uint32(table[at+4:]))
		if platform != 0 && platform != 3 {
			continue
		}
		switch format := u16(start); format {
		case 4:
			readSegments(table[start:], has)
		case 12:
			readGroups(table[start:], has)
		case 14: // which look of a character, not whether it is there
		default:
			return nil, fmt.Errorf("a table of characters in the format %d", format)
		}
	}
	return has, nil
}

// readSegments reads the format 4: runs of characters below 0x10000, each with an offset to its glyphs.
func readSegments(t []byte, has map[rune]bool) {
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(t[at:])) }
	double := u16(6) // twice the number of segments
	for i := 0; i < double; i += 2 {
		end, start := u16(14+i), u16(16+double+i)
		delta, offsetAt := u16(16+2*double+i), 16+3*double+i
		for c := start; c <= end && c < 0xFFFF; c++ {
			glyph := c + delta
			if offset := u16(offsetAt); offset != 0 {
				if glyph = u16(offsetAt + offset + 2*(c-start)); glyph != 0 {
					glyph += delta
				}
			}
			if glyph&0xFFFF != 0 {
				has[rune(c)] = true
			}
		}
	}
}

// readGroups reads the format 12: runs of characters with their first glyph.
func readGroups(t []byte, has map[rune]bool) {
	u32 := func(at int) uint32 { return binary.BigEndian.Uint32(t[at:]) }
	for i := range int(u32(12)) {
		at := 16 + 12*i
		for c := u32(at); c <= u32(at+4); c++ {
			if u32(at+8)+c-u32(at) != 0 {
				has[rune(c)] = true
			}
		}
	}
}
