package budget

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// File is an election as Pabulib writes it (pabulib.org/format): three tables of text. What is not known is kept, in
// its order, so that a file can be written again.
type File struct {
	Name     string // for sentences about faults
	CRLF     bool   // lines end as on Windows
	Meta     Table  // of key and value
	Projects Table
	Votes    Table
}

// Table is one section of a File. Rows may be shorter than the head.
type Table struct {
	Head  []string
	Rows  [][]string
	Lines []int // beside Rows: where each begins; 0 for the first line not known
	Line  int   // where the head stands
}

// FileError says what to mend in a file, in one sentence.
type FileError struct {
	File     string
	Line     int // 0: the file as a whole
	Sentence string
}

// Error is "file:line: sentence".
func (e *FileError) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Sentence
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Sentence)
}

// wrong makes a sentence about a line of the file.
func (f *File) wrong(line int, format string, args ...any) error {
	return &FileError{f.Name, line, fmt.Sprintf(format, args...)}
}

const (
	mostFile = 1 << 30 // bytes
	bom      = "\ufeff"
)

// ReadPB reads a .pb file. Name is what sentences about faults call it. Errors are of type *FileError.
func ReadPB(name string, in io.Reader) (*File, error) { return readText(name, in, ';') }

// ReadCSV reads what WriteCSV writes: the three tables of a .pb file with commas between the cells.
func ReadCSV(name string, in io.Reader) (*File, error) { return readText(name, in, ',') }

func readText(name string, in io.Reader, comma byte) (*File, error) {
	f := &File{Name: name}
	data, err := io.ReadAll(io.LimitReader(in, mostFile+1))
	switch {
	case err != nil:
		return nil, f.wrong(0, "The file cannot be read (%v).", err)
	case len(data) > mostFile:
		return nil, f.wrong(0, "The file is larger than %d MB.", mostFile>>20)
	}
	text := strings.TrimPrefix(string(data), bom)
	if i := strings.IndexByte(text, '\n'); i > 0 {
		f.CRLF = text[i-1] == '\r'
	}
	s := &scanner{file: f, rest: text, comma: comma}
	var table *Table
	for {
		cells, line, err := s.row()
		if errors.Is(err, io.EOF) {
			return f, f.whole()
		}
		if err != nil {
			return nil, err
		}
		if next, err := f.section(cells, line); next != nil || err != nil {
			if table = next; err != nil {
				return nil, err
			}
			continue
		}
		if err := f.add(table, cells, line); err != nil {
			return nil, err
		}
	}
}

// section returns the table that the row begins, nil if it begins none.
func (f *File) section(cells []string, line int) (*Table, error) {
	for _, c := range cells[1:] {
		if c != "" { // a spreadsheet fills the line up
			return nil, nil
		}
	}
	var t *Table
	switch strings.ToUpper(strings.TrimSpace(cells[0])) {
	case "META":
		t = &f.Meta
	case "PROJECTS":
		t = &f.Projects
	case "VOTES":
		t = &f.Votes
	default:
		return nil, nil
	}
	if t.Line != 0 {
		return nil, f.wrong(line, "The part %s stands twice; it began on line %d.", cells[0], t.Line)
	}
	t.Line = line
	return t, nil
}

// add puts the row into the table: as its head if it has none.
func (f *File) add(t *Table, cells []string, line int) error {
	switch {
	case t == nil:
		return f.wrong(line, "A .pb file begins with a line that says META; here stands %q.", clip(cells[0]))
	case t.Head == nil:
		t.Head, t.Line = cells, line
		return nil
	}
	for _, c := range cells[min(len(t.Head), len(cells)):] {
		if strings.TrimSpace(c) != "" {
			return f.wrong(line, "This line has %d cells, but the head on line %d has only %d.", len(cells), t.Line, len(t.Head))
		}
	}
	t.Rows, t.Lines = append(t.Rows, cells), append(t.Lines, line)
	return nil
}

// whole says which part is missing.
func (f *File) whole() error {
	for _, part := range f.parts() {
		if part.t.Head == nil {
			return f.wrong(part.t.Line, "The part %s is missing, or has no head.", part.name)
		}
	}
	return nil
}

// scanner takes a text apart into rows of cells. A quote counts only at the beginning of a cell, as in Python's csv.
type scanner struct {
	file  *File
	rest  string
	comma byte
	line  int
}

// row returns the next row that is not empty, and the line where it begins.
func (s *scanner) row() ([]string, int, error) {
	for s.rest != "" {
		s.line++
		begun := s.line
		whole := s.until('\n')
		text := strings.TrimSuffix(whole, "\r")
		if strings.Trim(text, " \t") == "" {
			continue
		}
		if !utf8.ValidString(text) {
			return nil, 0, s.file.wrong(begun, "This line is not text in UTF-8.")
		}
		if strings.IndexByte(text, '"') < 0 {
			return strings.Split(text, string(rune(s.comma))), begun, nil
		}
		cells, err := s.quoted(whole)
		return cells, begun, err
	}
	return nil, 0, io.EOF
}

// until takes what stands before the next end, and the end, from the text.
func (s *scanner) until(end byte) string {
	i := strings.IndexByte(s.rest, end)
	if i < 0 {
		text := s.rest
		s.rest = ""
		return text
	}
	text := s.rest[:i]
	s.rest = s.rest[i+1:]
	return text
}

// quoted takes a row apart in which quotes stand, reading on where a cell goes over several lines: their ends are kept
// as they are, that of the row is not.
func (s *scanner) quoted(text string) ([]string, error) {
	var cells []string
	begun := s.line
	for {
		if text == "" || text[0] != '"' {
			i := strings.IndexByte(text, s.comma)
			if i < 0 {
				return append(cells, strings.TrimSuffix(text, "\r")), nil
			}
			cells, text = append(cells, text[:i]), text[i+1:]
			continue
		}
		var cell strings.Builder
		text = text[1:]
		for {
			i := strings.IndexByte(text, '"')
			if i < 0 {
				if s.rest == "" {
					return nil, s.file.wrong(begun, "A quote opens a cell on this line and is never closed.")
				}
				cell.WriteString(text + "\n")
				s.line++
				if text = s.until('\n'); !utf8.ValidString(text) {
					return nil, s.file.wrong(s.line, "This line is not text in UTF-8.")
				}
				continue
			}
			cell.WriteString(text[:i])
			text = text[i+1:]
			if !strings.HasPrefix(text, `"`) {
				break
			}
			cell.WriteByte('"')
			text = text[1:]
		}
		i := strings.IndexByte(text, s.comma)
		if i < 0 {
			return append(cells, cell.String()+strings.TrimSuffix(text, "\r")), nil
		}
		cells, text = append(cells, cell.String()+text[:i]), text[i+1:]
	}
}

// clip shortens what a sentence quotes.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= 40 {
		return s
	}
	return string([]rune(s)[:40]) + "…"
}

// WritePB writes the file as Pabulib does.
func (f *File) WritePB(out io.Writer) error { return f.writeText(out, ';') }

// WriteCSV writes the three tables below each other with commas between the cells, for spreadsheets.
func (f *File) WriteCSV(out io.Writer) error { return f.writeText(out, ',') }

func (f *File) writeText(out io.Writer, comma byte) error {
	w := bufio.NewWriter(out)
	end := "\n"
	if f.CRLF {
		end = "\r\n"
	}
	for _, part := range f.parts() {
		fmt.Fprint(w, part.name, end, written(part.t.Head, comma), end)
		for _, row := range part.t.Rows {
			fmt.Fprint(w, written(row, comma), end)
		}
	}
	return w.Flush() // keeps the first error
}

// part is a table with its name.
type part struct {
	name string
	t    *Table
}

func (f *File) parts() []part {
	return []part{{"META", &f.Meta}, {"PROJECTS", &f.Projects}, {"VOTES", &f.Votes}}
}

// written writes a row, with quotes where they are needed.
func written(cells []string, comma byte) string {
	var b strings.Builder
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(comma)
		}
		if strings.IndexByte(c, comma) >= 0 || strings.ContainsAny(c, "\"\r\n") || alone(cells) {
			c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
		b.WriteString(c)
	}
	return b.String()
}

// alone says whether the row is one cell that would be taken for an empty line, or for the name of a part.
func alone(cells []string) bool { return len(cells) == 1 && strings.TrimSpace(cells[0]) == "" }
