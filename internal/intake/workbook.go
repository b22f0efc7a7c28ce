package intake

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"sayso/internal/exercise"
)

// Bounds of a workbook once unpacked, in bytes.
const (
	mostUnpacked = 2 << 30
	mostPart     = 64 << 20 // of a part that is kept in memory
	mostInMemory = 16 << 20 // of sheets and words; larger ones are read from a temporary file
	mostParts    = 10_000
)

// workbook is one sheet of a workbook.
type workbook struct {
	file     *excelize.File
	sheet    string
	size     int64 // of the file
	unpacked int64
	lines    int // in the sheet, as it says; 0: it does not
	since04  bool
	titles   []string
	headLine int
}

// errDamaged says that the parts of a workbook cannot be unpacked.
var errDamaged = errors.New("the workbook is damaged, or is none; save it once more as .xlsx, or as CSV")

// openWorkbook opens the sheet of the name, or the first.
func openWorkbook(in io.ReaderAt, size int64, sheet string) (w *workbook, err error) {
	defer func() { // the library trusts what is inside a workbook
		if p := recover(); p != nil {
			w, err = nil, fmt.Errorf("the workbook cannot be read: %v", p)
		}
	}()
	unpacked, err := weigh(in, size)
	if err != nil {
		return nil, err
	}
	file, err := excelize.OpenReader(io.NewSectionReader(in, 0, size),
		excelize.Options{RawCellValue: true, UnzipSizeLimit: mostUnpacked, UnzipXMLSizeLimit: mostInMemory})
	if err != nil {
		return nil, fmt.Errorf("the workbook cannot be read: %w", err)
	}
	w = &workbook{file: file, size: size, unpacked: unpacked}
	if err := w.choose(sheet); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

func (w *workbook) choose(sheet string) error {
	sheets := w.file.GetSheetList()
	switch {
	case len(sheets) == 0:
		return errors.New("the workbook has no sheet")
	case sheet == "":
		sheet = sheets[0]
	case !slices.Contains(sheets, sheet):
		return fmt.Errorf("the workbook has no sheet called %q; there are: %s", sheet, strings.Join(sheets, ", "))
	}
	w.sheet = sheet
	if p, err := w.file.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		w.since04 = *p.Date1904
	}
	if d, err := w.file.GetSheetDimension(sheet); err == nil {
		_, last, _ := strings.Cut(d, ":")
		if _, n, err := excelize.CellNameToCoordinates(last); err == nil {
			w.lines = n
		}
	}
	for rw, err := range w.rows(nil) {
		if err != nil {
			return err
		}
		w.titles, w.headLine = slices.Clone(rw.cells), rw.line
		return nil
	}
	return fmt.Errorf("the sheet %q is empty", sheet)
}

func (w *workbook) head() []string   { return w.titles }
func (w *workbook) weight() int64    { return w.unpacked / 4 } // a cell is written with about three times its length around it
func (w *workbook) encoding() string { return "workbook" }
func (w *workbook) note() string     { return "" }
func (w *workbook) close()           { _ = w.file.Close() } // only its temporary files, which were read

// day reads the number by which a workbook keeps a day.
func (w *workbook) day(cell string) (exercise.Day, bool) {
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || n < 1 || n > 200_000 {
		return "", false
	}
	t, err := excelize.ExcelDateToTime(n, w.since04)
	return exercise.DayOf(t), err == nil
}

func (w *workbook) rows(mine func(at int) bool) iter.Seq2[*row, error] {
	return func(yield func(*row, error) bool) {
		rows, err := w.file.Rows(w.sheet)
		if err != nil {
			yield(nil, fmt.Errorf("the sheet %q cannot be read: %w", w.sheet, err))
			return
		}
		defer rows.Close()
		at := 0
		for rw := (row{line: 1}); ; rw.line++ {
			found, err := w.next(rows, &rw)
			if err != nil {
				yield(nil, err)
				return
			}
			if !found {
				return
			}
			if len(rw.cells) == 0 || rw.line <= w.headLine {
				continue
			}
			if (mine == nil || mine(at)) && !yield(&rw, nil) {
				return
			}
			at++
		}
	}
}

// next reads one row, with as many cells as the head.
func (w *workbook) next(rows *excelize.Rows, rw *row) (found bool, err error) {
	defer func() { // the library trusts what is inside a workbook
		if p := recover(); p != nil {
			found, err = false, fmt.Errorf("line %d of the workbook cannot be read: %v", rw.line, p)
		}
	}()
	if !rows.Next() {
		return false, rows.Error()
	}
	if w.lines > 0 {
		rw.at = w.size * int64(min(rw.line, w.lines)) / int64(w.lines)
	}
	rw.cells, err = rows.Columns()
	if err != nil {
		return false, fmt.Errorf("line %d of the workbook cannot be read: %w", rw.line, err)
	}
	if n := len(w.titles); n > 0 && len(rw.cells) > 0 {
		w.fit(rw, n)
	}
	return true, nil
}

// fit adds the empty cells that a workbook leaves out at the end, and takes cells away that stand under no name: in a
// workbook they cannot have pushed the others aside.
func (w *workbook) fit(rw *row, n int) {
	rw.cells = rw.cells[:min(n, len(rw.cells))]
	for len(rw.cells) < n {
		rw.cells = append(rw.cells, "")
	}
}

// weigh unpacks everything once, keeping nothing, so that a workbook made to fill the memory is refused before it
// does, and a damaged one before half of it is read.
func weigh(in io.ReaderAt, size int64) (total int64, err error) {
	z, err := zip.NewReader(in, size)
	if err != nil {
		return 0, errDamaged
	}
	if len(z.File) > mostParts {
		return 0, fmt.Errorf("the workbook has %d parts, more than any should have", len(z.File))
	}
	buf := make([]byte, 1<<16)
	for _, f := range z.File {
		n, err := weighPart(f, mostUnpacked-total, buf)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

func weighPart(f *zip.File, most int64, buf []byte) (total int64, err error) {
	name := strings.ToLower(strings.ReplaceAll(f.Name, "\\", "/"))
	streamed := strings.HasPrefix(name, "xl/worksheets/sheet") || name == "xl/sharedstrings.xml"
	if !streamed {
		most = min(most, mostPart)
	}
	part, err := f.Open()
	if err != nil {
		return 0, errDamaged
	}
	defer part.Close()
	for run := 0; ; {
		n, err := part.Read(buf)
		if total += int64(n); total > most {
			return 0, errors.New("the workbook is too large once unpacked; save the sheet as CSV")
		}
		if run = longestRun(run, buf[:n]); streamed && run > mostCell {
			return 0, errors.New("the workbook has a cell larger than any cell can be")
		}
		if errors.Is(err, io.EOF) {
			return total, nil
		}
		if err != nil {
			return 0, fmt.Errorf("the workbook is damaged: %w", err)
		}
	}
}

// longestRun returns how long the text without a tag is at the end of b, or mostCell+1 as soon as one is longer.
func longestRun(run int, b []byte) int {
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			return run + len(b)
		}
		if run+i > mostCell {
			return mostCell + 1
		}
		run, b = 0, b[i+1:]
	}
}
