package ballot

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"sayso/internal/budget"
)

// file writes the ballots as a .pb file that anyone can count again. It holds wishes and nothing of who cast them: a
// column for a group of people would tell of each of them, since every ballot stands for itself.
func (t *tally) file() *budget.File {
	e, el := t.e, t.election
	f := &budget.File{Name: FileName(e.ID)}
	f.Meta.Head = []string{"key", "value"}
	meta := func(key, value string) { f.Meta.Rows = append(f.Meta.Rows, []string{key, value}) }
	meta("description", e.Title["en"])
	meta("num_projects", strconv.Itoa(len(e.Projects)))
	meta("num_votes", strconv.Itoa(len(el.Ballots)))
	meta("budget", inUnits(el, el.Budget))
	meta("vote_type", string(el.Kind))
	meta("rule", e.Rule)
	meta("date_begin", string(e.Opens))
	meta("date_end", string(e.Closes))
	t.bounds(meta)
	t.projectTable(&f.Projects)
	t.voteTable(&f.Votes)
	return f
}

// bounds writes what no ballot goes beyond. Where people vote in two ways that is what both have in common.
func (t *tally) bounds(meta func(key, value string)) {
	e, other := t.e, t.e.By(Second)
	switch {
	case e.Ballot != other.Ballot:
	case e.Ballot == UpTo || e.Ballot == Order:
		meta("max_length", strconv.Itoa(max(e.Most, other.Most)))
	case e.Ballot == Points:
		meta("max_sum_points", strconv.Itoa(e.Most))
	case e.Ballot == Purse:
		meta("max_sum_cost", inUnits(t.election, t.election.Budget))
	}
}

func (t *tally) projectTable(table *budget.Table) {
	votes := make([]int, len(t.e.Projects))
	for _, b := range t.election.Ballots {
		for _, p := range b.Wishes {
			votes[p]++
		}
	}
	table.Head = []string{"project_id", "cost", "votes", "name"}
	for i, p := range t.election.Projects {
		table.Rows = append(table.Rows, []string{p.ID, inUnits(t.election, p.Cost), strconv.Itoa(votes[i]), p.Name["en"]})
	}
}

func (t *tally) voteTable(table *budget.Table) {
	table.Head = []string{"voter_id", "vote"}
	pointed := t.e.Ballot == Points
	if pointed {
		table.Head = append(table.Head, "points")
	}
	for i, b := range t.election.Ballots {
		ids, points := make([]string, len(b.Wishes)), make([]string, len(b.Points))
		for j, p := range b.Wishes {
			ids[j] = t.election.Projects[p].ID
		}
		for j, n := range b.Points {
			points[j] = strconv.FormatInt(n, 10)
		}
		row := []string{strconv.Itoa(i + 1), strings.Join(ids, ",")}
		if pointed {
			row = append(row, strings.Join(points, ","))
		}
		table.Rows = append(table.Rows, row)
	}
}

// inUnits writes an amount in units of money, with pence only where there are any.
func inUnits(e *budget.Election, n int64) string {
	if n%e.Unit == 0 {
		return strconv.FormatInt(n/e.Unit, 10)
	}
	return fmt.Sprintf("%d.%02d", n/e.Unit, n%e.Unit)
}

// FileName is what the file with the votes of the exercise is called.
func FileName(exercise string) string { return exercise + ".pb" }

// pack returns the file compressed, and the SHA-256 of it as it is, in hex.
func pack(f *budget.File) (packed []byte, sum string, err error) {
	var b bytes.Buffer
	h := sha256.New()
	z := gzip.NewWriter(&b)
	if err := f.WritePB(io.MultiWriter(z, h)); err != nil {
		return nil, "", err
	}
	if err := z.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), hex.EncodeToString(h.Sum(nil)), nil
}

// Unpack writes the ballots of a count as a .pb file.
func (o *Outcome) Unpack(out io.Writer) error {
	z, err := gzip.NewReader(bytes.NewReader(o.File))
	if err != nil {
		return fmt.Errorf("unpack the votes of %s: %w", o.Exercise, err)
	}
	_, err = io.Copy(out, z)
	return err
}
