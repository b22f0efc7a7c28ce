package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"sayso/internal/budget"
	"sayso/internal/fault"
)

type budgetCommand struct {
	Count   budgetCountCommand   `cmd:"" help:"Count the ballots of a file by a rule, and tell why, for anyone to check."`
	Convert budgetConvertCommand `cmd:"" help:"Write an election again as .pb, .csv or .xlsx."`
}

type budgetCountCommand struct {
	File    string   `arg:"" help:"Election: a .pb file as Pabulib describes it, or the same as .csv or .xlsx."`
	Rule    string   `default:"mes_cost_add1_integral+greedy" help:"Rule, such as greedy_votes, mes_cost, mes_cost_add1+greedy, phragmen, stv; \"all\" lays the usual ones side by side."`
	Ties    string   `default:"lexico" help:"Order that breaks ties: lexico, cheapest_mostvotes_id, lot:SEED or list:ID,ID,…"`
	Groups  string   `help:"Tell who got what, by this column of the ballots, such as district; a column of ages in years is taken as under 18 and from 18."`
	Changes string   `default:"auto" enum:"auto,yes,no" help:"Work out what would have funded each project that is not: ${enum}. It takes some sixty counts a project; auto does it where that is quick."`
	Project []string `help:"Work that out for these projects only."`
	JSON    bool     `help:"As JSON: winners in order, cost, rounds, reasons."`
}

// Run counts and prints.
func (k budgetCountCommand) Run(out io.Writer) error {
	e, remarks, err := readElection(k.File)
	if err != nil {
		return err
	}
	order, err := budget.ParseOrder(k.Ties)
	if err != nil {
		return err
	}
	c, err := budget.NewCounter(e, order)
	if err != nil {
		return why(err)
	}
	if k.Rule == "all" {
		return k.sideBySide(out, e, c)
	}
	rule, err := budget.ParseRule(k.Rule)
	if err != nil {
		return err
	}
	begun := time.Now()
	x, err := c.Explain(rule)
	if err != nil {
		return why(err)
	}
	s := &said{Explanation: x, e: e, remarks: remarks, file: k.File}
	if k.wantsChanges(e, x, time.Since(begun)) {
		if err := s.work(c, rule, k.Project); err != nil {
			return why(err)
		}
	}
	if s.groups, err = k.shares(e, x.Outcome); err != nil {
		return err
	}
	if k.JSON {
		return json.NewEncoder(out).Encode(s.json())
	}
	s.print(out)
	return nil
}

// quick is how long working out changes may take before one has to ask for it.
const quick = 5 * time.Second

func (k budgetCountCommand) wantsChanges(e *budget.Election, x *budget.Explanation, one time.Duration) bool {
	losers := len(e.Projects) - len(x.Funded(e))
	if len(k.Project) > 0 {
		losers = min(losers, len(k.Project))
	}
	return k.Changes == "yes" || k.Changes == "auto" && time.Duration(60*losers)*one < quick
}

func (k budgetCountCommand) shares(e *budget.Election, o *budget.Outcome) ([]budget.GroupShare, error) {
	if k.Groups == "" {
		return nil, nil
	}
	of := e.By(k.Groups)
	if of == nil {
		return nil, fmt.Errorf("the ballots have no column %q; they have: %s", k.Groups, strings.Join(e.Traits, ", "))
	}
	for i := range e.Ballots {
		if _, err := strconv.Atoi(of(i)); err == nil && k.Groups == "age" {
			of = e.ByAge(k.Groups, []budget.AgeBand{{From: 0, Name: "under 18"}, {From: 18, Name: "18 and over"}})
			break
		}
	}
	return budget.WhoGot(e, o, of), nil
}

// sideBySide prints what the usual rules make of the same ballots.
func (k budgetCountCommand) sideBySide(out io.Writer, e *budget.Election, c *budget.Counter) error {
	outcomes, err := c.Compare(budget.RulesFor(e.Kind))
	if err != nil {
		return why(err)
	}
	if k.JSON {
		rows := make([]map[string]any, len(outcomes))
		for i, o := range outcomes {
			rows[i] = map[string]any{"rule": o.Rule, "winners": o.Winners, "cost": amount(e, o.Cost)}
		}
		return json.NewEncoder(out).Encode(map[string]any{"outcomes": rows})
	}
	fmt.Fprintf(out, "%-30s", "project")
	for i := range outcomes {
		fmt.Fprintf(out, " %3d", i+1)
	}
	fmt.Fprintln(out)
	for _, p := range e.Projects {
		fmt.Fprintf(out, "%-30s", short(p.ID+" "+p.Name["en"], 30))
		for _, o := range outcomes {
			mark := "·"
			for at, id := range o.Winners {
				if id == p.ID {
					mark = strconv.Itoa(at + 1)
				}
			}
			fmt.Fprintf(out, " %3s", mark)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out)
	for i, o := range outcomes {
		fmt.Fprintf(out, "%3d %-34s %3d projects for %s of %s\n", i+1, o.Rule, len(o.Winners), amount(e, o.Cost), amount(e, e.Budget))
	}
	return nil
}

type budgetConvertCommand struct {
	From string `arg:"" help:"Election: .pb, .csv or .xlsx."`
	To   string `arg:"" help:"File to write: .pb, .csv or .xlsx. It must not be there yet."`
}

// Run writes the election in another form, with everything that stands in it.
func (k budgetConvertCommand) Run(out io.Writer) (err error) {
	f, err := readTables(k.From)
	if err != nil {
		return err
	}
	write := map[string]func(io.Writer) error{".pb": f.WritePB, ".csv": f.WriteCSV, ".xlsx": f.WriteXLSX}[ending(k.To)]
	if write == nil {
		return fmt.Errorf("%s: the name of the file must end in .pb, .csv or .xlsx", k.To)
	}
	to, err := os.OpenFile(k.To, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already, and stays as it is", k.To)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if err := write(to); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d projects and %d ballots.\n", k.To, len(f.Projects.Rows), len(f.Votes.Rows))
	return nil
}

func ending(path string) string { return strings.ToLower(filepath.Ext(path)) }

// readTables reads the tables of an election.
func readTables(path string) (*budget.File, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s", path)
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	switch ending(path) {
	case ".pb":
		return budget.ReadPB(path, file)
	case ".csv":
		return budget.ReadCSV(path, file)
	case ".xlsx":
		return budget.ReadXLSX(path, file)
	}
	return nil, fmt.Errorf("%s: the name of the file must end in .pb, .csv or .xlsx", path)
}

func readElection(path string) (*budget.Election, []budget.Remark, error) {
	f, err := readTables(path)
	if err != nil {
		return nil, nil, err
	}
	return f.Election()
}

// why says a fault by its cause, which is a sentence for whoever runs commands.
func why(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Unwrap() != nil {
		return f.Unwrap()
	}
	return err
}
