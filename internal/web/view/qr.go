package view

import (
	"fmt"
	"strings"

	"github.com/skip2/go-qrcode"
)

// qrShape draws the text as a QR code: the side of the square in modules, its quiet border included, and the path of its
// dark modules, a run of them a row. An address is far below the 2,331 bytes that fit, and what does not is no code.
func qrShape(text string) (side int, path string) {
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return 0, ""
	}
	rows := code.Bitmap()
	var b strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			from := x
			for x < len(row) && row[x] {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from, y, x-from, x-from)
			}
		}
	}
	return len(rows), b.String()
}

func viewBox(side int) string { return fmt.Sprintf("0 0 %d %d", side, side) }
