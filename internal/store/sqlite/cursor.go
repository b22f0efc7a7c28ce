package sqlite

import (
	"unicode/utf16"
	"unicode/utf8"
)

// cursor walks over JSON. It checks only as much as it needs to walk; bad says that it could not go on.
type cursor struct {
	b   []byte
	at  int
	bad bool
}

// peek returns the next byte that is no white space, 0 at the end.
func (c *cursor) peek() byte {
	for c.at < len(c.b) {
		switch b := c.b[c.at]; b {
		case ' ', '\n', '\t', '\r':
			c.at++
		default:
			return b
		}
	}
	return 0
}

func (c *cursor) fail() {
	c.bad = true
	c.at = len(c.b)
}

// enter steps over an opening bracket.
func (c *cursor) enter(open byte) {
	if c.peek() != open {
		c.fail()
		return
	}
	c.at++
}

// more says whether another element follows, and steps over the comma or the closing bracket.
func (c *cursor) more(end byte) bool {
	b := c.peek()
	if b == ',' {
		c.at++
		b = c.peek()
	}
	switch b {
	case 0:
		c.fail()
		return false
	case end:
		c.at++
		return false
	}
	return true
}

// key reads the name of a member and the colon.
func (c *cursor) key() []byte {
	name, plain := c.raw()
	if !plain || c.peek() != ':' {
		c.fail()
		return nil
	}
	c.at++
	return name
}

// raw returns what stands between two quotes, and whether it stands for itself: without escapes.
func (c *cursor) raw() (s []byte, plain bool) {
	if c.peek() != '"' {
		c.fail()
		return nil, true
	}
	start := c.at + 1
	plain = true
	for i := start; i < len(c.b); i++ {
		switch c.b[i] {
		case '"':
			c.at = i + 1
			return c.b[start:i], plain
		case '\\':
			plain = false
			i++
		}
	}
	c.fail()
	return nil, true
}

// integer reads a whole number.
func (c *cursor) integer() (n int64) {
	minus := c.peek() == '-'
	if minus {
		c.at++
	}
	start := c.at
	for c.at < len(c.b) && '0' <= c.b[c.at] && c.b[c.at] <= '9' {
		n = n*10 - int64(c.b[c.at]-'0') // below zero there is one number more
		c.at++
	}
	if c.at == start {
		c.fail()
	}
	if minus {
		return n
	}
	return -n
}

func (c *cursor) truth() bool {
	yes := c.peek() == 't'
	c.bare()
	return yes
}

// null steps over a null, if there is one.
func (c *cursor) null() bool {
	if c.peek() != 'n' {
		return false
	}
	c.bare()
	return true
}

// bare steps over a value without quotes or brackets: a number, true, false or null.
func (c *cursor) bare() {
	start := c.at
	for c.at < len(c.b) {
		switch c.b[c.at] {
		case ',', ']', '}', ' ', '\n', '\t', '\r':
			if c.at == start {
				c.fail()
			}
			return
		}
		c.at++
	}
}

// skip steps over any value.
func (c *cursor) skip() {
	depth := 0
	for !c.bad {
		switch c.peek() {
		case '"':
			c.raw()
		case '{', '[':
			depth++
			c.at++
			continue
		case '}', ']':
			depth--
			c.at++
		case ',', ':':
			c.at++
			continue
		case 0:
			c.fail()
		default:
			c.bare()
		}
		if depth <= 0 {
			return
		}
	}
}

// unescape appends what the escaped string stands for.
func (c *cursor) unescape(to, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			to = append(to, s[i])
			continue
		}
		i++
		if i == len(s) {
			c.fail()
			return to
		}
		switch s[i] {
		case 'b':
			to = append(to, '\b')
		case 'f':
			to = append(to, '\f')
		case 'n':
			to = append(to, '\n')
		case 'r':
			to = append(to, '\r')
		case 't':
			to = append(to, '\t')
		case 'u':
			r, n := unit(s[i+1:])
			if utf16.IsSurrogate(r) && i+7 <= len(s) && s[i+5] == '\\' && s[i+6] == 'u' {
				low, m := unit(s[i+7:])
				r, n = utf16.DecodeRune(r, low), n+2+m
			}
			if n == 0 {
				c.fail()
				return to
			}
			to = utf8.AppendRune(to, r)
			i += n
		default:
			to = append(to, s[i])
		}
	}
	return to
}

// unit reads four hexadecimal digits and says how many bytes it read, 0 for something else.
func unit(s []byte) (r rune, n int) {
	if len(s) < 4 {
		return 0, 0
	}
	for _, b := range s[:4] {
		switch {
		case '0' <= b && b <= '9':
			b -= '0'
		case 'a' <= b && b <= 'f':
			b -= 'a' - 10
		case 'A' <= b && b <= 'F':
			b -= 'A' - 10
		default:
			return 0, 0
		}
		r = r<<4 | rune(b)
	}
	return r, 4
}
