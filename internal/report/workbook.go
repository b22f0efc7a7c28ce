package report

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// workbook writes a spreadsheet of one sheet, row by row: the least of Office Open XML (ECMA-376) that programs open.
// Its cells are numbers and plain text and nothing else.
type workbook struct {
	zip   *zip.Writer
	sheet *bufio.Writer // keeps the first error until it is flushed
}

const (
	xmlHead       = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace     = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relationSpace = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	officeSpace   = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	mainType      = `application/vnd.openxmlformats-officedocument.spreadsheetml`
)

// parts are the files that stand around the sheet, in their order.
var parts = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + mainType + `.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + mainType + `.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<Relationships ` + relationSpace + `><Relationship Id="rId1" Type="` + officeSpace +
		`/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<workbook ` + mainSpace + ` xmlns:r="` + officeSpace + `"><sheets>` +
		`<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships ` + relationSpace + `><Relationship Id="rId1" Type="` + officeSpace +
		`/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

func newWorkbook(w io.Writer) (*workbook, error) {
	b := &workbook{zip: zip.NewWriter(w)}
	for _, p := range parts {
		part, err := b.zip.Create(p[0])
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(part, xmlHead+p[1]); err != nil {
			return nil, err
		}
	}
	part, err := b.zip.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	b.sheet = bufio.NewWriter(part)
	_, err = b.sheet.WriteString(xmlHead + `<worksheet ` + mainSpace + `><sheetData>`)
	return b, err
}

// row writes the next row; its cells are of type int or string.
func (b *workbook) row(cells []any) error {
	fmt.Fprint(b.sheet, "<row>")
	for _, c := range cells {
		switch c := c.(type) {
		case int:
			fmt.Fprint(b.sheet, "<c><v>"+strconv.Itoa(c)+"</v></c>")
		case string:
			fmt.Fprint(b.sheet, `<c t="inlineStr"><is><t xml:space="preserve">`)
			if err := xml.EscapeText(b.sheet, []byte(c)); err != nil {
				return err
			}
			fmt.Fprint(b.sheet, "</t></is></c>")
		default:
			return fmt.Errorf("a cell of type %T", c)
		}
	}
	_, err := b.sheet.WriteString("</row>")
	return err
}

// flush lets what is ready go out; the sheet itself goes out as it is compressed.
func (b *workbook) flush() error {
	if err := b.sheet.Flush(); err != nil {
		return err
	}
	return b.zip.Flush()
}

func (b *workbook) end() error {
	fmt.Fprint(b.sheet, "</sheetData></worksheet>")
	if err := b.sheet.Flush(); err != nil {
		return err
	}
	return b.zip.Close()
}
