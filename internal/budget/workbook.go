package budget

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook once unpacked, in bytes.
const (
	mostUnpacked = 1 << 30
	mostInMemory = 64 << 20
)

// lineEnd is the property of a workbook that says how lines end in the text it was made from, if not as on Unix.
const (
	lineEnd = "SaysoLineEnd"
	crlf    = "CRLF"
)

// WriteXLSX writes the three tables as sheets of a workbook. All cells are text, so that an id such as 0012 stays one. A
// row shorter than its head is filled up when it is read again; all else comes back as it was. What a workbook cannot
// hold is an error.
func (f *File) WriteXLSX(out io.Writer) error {
	book := excelize.NewFile()
	defer book.Close()
	for i, part := range f.parts() {
		if i == 0 {
			if err := book.SetSheetName(book.GetSheetName(0), part.name); err != nil {
				return err
			}
		} else if _, err := book.NewSheet(part.name); err != nil {
			return err
		}
		if err := writeSheet(book, part); err != nil {
			return err
		}
	}
	if f.CRLF {
		if err := book.SetCustomProps(excelize.CustomProperty{Name: lineEnd, Value: crlf}); err != nil {
			return err
		}
	}
	return book.Write(out)
}

func writeSheet(book *excelize.File, part part) error {
	w, err := book.NewStreamWriter(part.name)
	if err != nil {
		return err
	}
	for i, row := range append([][]string{part.t.Head}, part.t.Rows...) {
		cells := make([]any, len(row))
		for j, c := range row {
			if len(utf16.Encode([]rune(c))) > excelize.TotalCellChars {
				return fmt.Errorf("a cell in row %d of %s is longer than a workbook can hold", i+1, part.name)
			}
			if strings.ContainsFunc(c, foreign) {
				return fmt.Errorf("a cell in row %d of %s has a control character, which a workbook cannot hold", i+1, part.name)
			}
			cells[j] = c
		}
		if last := len(row) - 1; last >= 0 && row[last] == "" && (i == 0 || len(row) > len(part.t.Head) || blank(row)) {
			cells[last] = nothing
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

// nothing is an empty cell that is there: of empty text at the end of a row, programs keep nothing, and of a row without
// any text not even the row, though it may be a ballot.
var nothing = excelize.Cell{Formula: `""`}

// blank says whether no cell holds anything.
func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(c string) bool { return c != "" })
}

// foreign says whether XML, and so a workbook, has no way to write the letter.
func foreign(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
}

// ReadXLSX reads a workbook with the sheets META, PROJECTS and VOTES. In sentences about faults, a line is the row of
// the sheet that the sentence is about.
func ReadXLSX(name string, in io.Reader) (f *File, err error) {
	f = &File{Name: name}
	defer func() { // the library trusts what is inside a workbook
		if p := recover(); p != nil {
			f, err = nil, &FileError{File: name, Sentence: fmt.Sprintf("The workbook cannot be read (%v).", p)}
		}
	}()
	book, err := excelize.OpenReader(in, excelize.Options{RawCellValue: true, UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostInMemory})
	if err != nil {
		return nil, f.wrong(0, "The workbook cannot be read (%v).", err)
	}
	defer book.Close()
	if properties, err := book.GetCustomProps(); err == nil { // other programs may write there what they like
		f.CRLF = slices.Contains(properties, excelize.CustomProperty{Name: lineEnd, Value: crlf})
	}
	for _, part := range f.parts() {
		if !slices.Contains(book.GetSheetList(), part.name) {
			return nil, f.wrong(0, "The workbook has no sheet called %s.", part.name)
		}
		if err := f.readSheet(book, part); err != nil {
			return nil, err
		}
	}
	return f, f.whole()
}

func (f *File) readSheet(book *excelize.File, part part) error {
	rows, err := book.Rows(part.name)
	if err != nil {
		return f.wrong(0, "The sheet %s cannot be read (%v).", part.name, err)
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return f.wrong(line, "The sheet %s cannot be read (%v).", part.name, err)
		}
		if len(cells) == 0 {
			continue
		}
		for len(cells) < len(part.t.Head) { // empty cells at the end of a row are not kept
			cells = append(cells, "")
		}
		part.t.Line = max(part.t.Line, 1)
		if err := f.add(part.t, cells, line); err != nil {
			return err
		}
	}
	return rows.Error()
}
