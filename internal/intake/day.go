package intake

import (
	"errors"
	"fmt"
	"strings"

	"sayso/internal/exercise"
)

// format is a way to write a day: letters of a field (D, M or Y with its width) or signs between.
type format []piece

type piece struct {
	field       byte // 'D', 'M', 'Y', or 0 for the sign
	sign        byte
	least, most int // digits
}

// parseFormat reads such as DD/MM/YYYY.
func parseFormat(s string) (format, error) {
	var f format
	count := map[byte]int{}
	for i := 0; i < len(s); {
		n := 1
		for i+n < len(s) && s[i+n] == s[i] {
			n++
		}
		p := piece{field: s[i], least: n, most: n}
		switch {
		case strings.IndexByte("DM", s[i]) >= 0 && n <= 2:
			p.most = 2
		case s[i] == 'Y' && n == 4:
		case strings.IndexByte("/-. ,", s[i]) >= 0 && n == 1:
			p = piece{sign: s[i]}
		default:
			return nil, fmt.Errorf("%s can stand for nothing", s[i:i+n])
		}
		count[p.field]++
		f = append(f, p)
		i += n
	}
	if count['D'] != 1 || count['M'] != 1 || count['Y'] != 1 {
		return nil, errors.New("it needs a D, an M and a YYYY, each once")
	}
	return f, nil
}

// day reads the cell, of which a time of day behind the day is left out.
func (f format) day(cell string) (exercise.Day, bool) {
	var d, m, y int
	for _, p := range f {
		if p.field == 0 {
			if cell == "" || cell[0] != p.sign {
				return "", false
			}
			cell = cell[1:]
			continue
		}
		n, value := 0, 0
		for n < p.most && n < len(cell) && '0' <= cell[n] && cell[n] <= '9' {
			value = value*10 + int(cell[n]-'0')
			n++
		}
		if n < p.least {
			return "", false
		}
		cell = cell[n:]
		switch p.field {
		case 'D':
			d = value
		case 'M':
			m = value
		default:
			y = value
		}
	}
	if cell != "" && cell[0] != ' ' && cell[0] != 'T' {
		return "", false
	}
	day, err := exercise.ParseDay(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	if err != nil || y < 1900 {
		return "", false
	}
	return day, true
}
