package main

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"sayso/internal/exercise"
	"sayso/internal/intake"
	"sayso/internal/survey"
)

// bringer makes tables of responses to the survey that is measured, and imports them.
type bringer struct {
	*house
	file string
}

// The columns before those of the questions.
var benchColumns = []string{"Number", "Day", "Voice", "Language"}

const benchSplit = ";"

// write makes a table of n responses up, all of the day unless it is empty.
func (b bringer) write(seed uint64, n int, day exercise.Day) (err error) {
	sv, err := b.survey(benchSurvey)
	if err != nil {
		return err
	}
	made, err := b.madeUp(seed, map[string]int{benchSurvey: n})
	if err != nil {
		return err
	}
	file, err := os.Create(b.file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	out := csv.NewWriter(file)
	head, at := benchColumns, map[string]int{}
	for _, q := range sv.Questions {
		if q.Kind != survey.Info {
			at[q.ID] = len(head)
			head = append(head, q.ID)
		}
	}
	if err := out.Write(head); err != nil {
		return err
	}
	row, number := make([]string, len(head)), 0
	for r := range made {
		if r.Survey != benchSurvey {
			continue
		}
		number++
		if day != "" {
			r.Day = day
		}
		clear(row)
		copy(row, []string{fmt.Sprintf("%d-%d", seed, number), string(r.Day), string(r.Voice), r.Language})
		for _, list := range [][]survey.Answer{r.Answers, r.About} {
			for _, a := range list {
				row[at[a.Question]] = cellOf(a)
			}
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func cellOf(a survey.Answer) string {
	switch {
	case a.Number != nil:
		return strconv.FormatInt(*a.Number, 10)
	case a.Words != "":
		return a.Words
	}
	return strings.Join(a.Choices, benchSplit)
}

// mapping reads the tables of write.
func (b bringer) mapping(sv *survey.Survey) intake.Mapping {
	m := intake.Mapping{Survey: sv.ID, Empty: "keep", Longer: "keep", Day: intake.Day{Column: "Day", Formats: []string{"YYYY-MM-DD"}},
		Voice:    intake.Chosen{Column: "Voice", Values: map[string]string{}},
		Language: intake.Chosen{Column: "Language", Values: map[string]string{}}}
	for _, v := range sv.Voices {
		m.Voice.Values[string(v)] = string(v)
	}
	for _, tag := range sv.Offered() {
		m.Language.Values[tag] = tag
	}
	for i := range sv.Questions {
		q := &sv.Questions[i]
		if q.Kind == survey.Info {
			continue
		}
		c := intake.Column{Question: q.ID, Column: q.ID}
		if q.Kind == survey.Several {
			c.Split = benchSplit
		}
		for _, id := range q.OptionIDs() {
			if c.Values == nil {
				c.Values = map[string]string{}
			}
			c.Values[id] = id
		}
		m.Columns = append(m.Columns, c)
	}
	return m
}

// bring imports the table, by the way that the command import takes.
func (b bringer) bring(ctx context.Context, want int) (err error) {
	sv, err := b.survey(benchSurvey)
	if err != nil {
		return err
	}
	file, err := os.Open(b.file)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	result, err := intake.Run(ctx, intake.Options{Survey: *sv, Mapping: b.mapping(sv), Input: file, Size: info.Size(),
		Key: b.secrets.Derive("import"), Today: b.surveys.Today()}, b.store)
	if err != nil {
		return unusable(io.Discard, err)
	}
	if result.Kept != want {
		return fmt.Errorf("%d of %d responses were kept: %+v", result.Kept, want, result)
	}
	return nil
}

func (b bringer) more(ctx context.Context, seed uint64, n int, day exercise.Day) error {
	if err := b.write(seed, n, day); err != nil {
		return err
	}
	return b.bring(ctx, n)
}

// rowsOfSheet counts the rows under the heading of the one sheet of a workbook.
func rowsOfSheet(path string) (n int, err error) {
	book, err := zip.OpenReader(path)
	if err != nil {
		return 0, err
	}
	defer book.Close()
	sheet, err := book.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		return 0, err
	}
	defer sheet.Close()
	for in := xml.NewDecoder(sheet); ; {
		token, err := in.RawToken()
		if errors.Is(err, io.EOF) {
			return n - 1, nil
		}
		if err != nil {
			return 0, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "row" {
			n++
		}
	}
}
