// Command app is Sayso: it serves surveys to children, young people and parent carers, and gives boards what they
// said. It knows every room and joins them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	_ "time/tzdata" // days are those of London, also where the machine knows no zones

	"github.com/alecthomas/kong"
)

// commands are what a person can ask of the program; flags and environment stand in one struct.
type commands struct {
	Config `embed:"" group:"Settings, from flags or from the environment:"`

	Serve   serveCommand   `cmd:"" help:"Serve the real thing, with the settings of the environment."`
	Demo    demoCommand    `cmd:"" help:"Start a lively demonstration in a temporary folder. Nothing is kept when it ends."`
	Check   checkCommand   `cmd:"" help:"Check survey files and say what to mend, by file and line."`
	Import  importCommand  `cmd:"" help:"Import what was collected elsewhere."`
	Export  exportCommand  `cmd:"" help:"Export what people answered."`
	Report  reportCommand  `cmd:"" help:"Make a report of a survey: a frozen snapshot that a person must approve."`
	Codes   codesCommand   `cmd:"" help:"Make invitation codes for a closed survey or vote."`
	Staff   staffCommand   `cmd:"" help:"Invite staff, and list them."`
	Audit   auditCommand   `cmd:"" help:"Look after the audit log."`
	Backup  backupCommand  `cmd:"" help:"Write everything to a file, while the server runs."`
	Restore restoreCommand `cmd:"" help:"Fill an empty store from a backup."`
	Migrate migrateCommand `cmd:"" help:"Move everything between SQLite and MongoDB."`
	Doctor  doctorCommand  `cmd:"" help:"Look the store over and say what to mend."`
	Budget  budgetCommand  `cmd:"" help:"Count participatory budgets, for anyone to check."`
	Bench   benchCommand   `cmd:"" help:"Measure what is promised."`
	Routes  routesCommand  `cmd:"" help:"List every route with its guard."`
	Health  healthCommand  `cmd:"" help:"Ask the server of these settings whether it is ready, for the health checks of containers."`
	Show    configCommand  `cmd:"" name:"config" help:"Print the settings in force, secrets masked."`
}

func main() {
	if runtime.GOMAXPROCS(0) < 2 {
		runtime.GOMAXPROCS(2) // a blocked fsync would hold the only processor
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal does not wait
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "sayso:", err)
		os.Exit(1)
	}
}

// errSaid is an error whose sentences were printed already.
var errSaid = errors.New("something must be mended first")

// run parses the arguments and carries out the command. Without any it says what there is.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var c commands
	helped := false
	parser, err := kong.New(&c,
		kong.Name("sayso"),
		kong.Description("The voice of children, young people and parent carers: surveys they answer, reports that boards must answer.\n\nSettings come from the environment (SAYSO_…) or from flags. Start with: sayso demo"),
		kong.Writers(stdout, stderr),
		kong.NamedMapper("readable", kong.MapperFunc(readable)),
		kong.Exit(func(int) { helped = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.BindTo(stdout, (*io.Writer)(nil)),
	)
	if err != nil {
		return err
	}
	k, err := parser.Parse(args)
	switch {
	case helped:
		return nil
	case err != nil:
		return misread(err)
	}
	return k.Run(&c.Config)
}

// readable reads the path of a file that is there.
func readable(k *kong.DecodeContext, target reflect.Value) error {
	var path string
	if err := k.Scan.PopValueInto("file", &path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s", path)
	case err != nil:
		return fmt.Errorf("%s cannot be opened", path)
	case info.IsDir():
		return fmt.Errorf("%s is a folder, not a file", path)
	}
	target.SetString(path)
	return nil
}

// misread says what is wrong with the arguments, and where to read on.
func misread(err error) error {
	command := "sayso"
	if p, ok := errors.AsType[*kong.ParseError](err); ok && p.Context.Selected() != nil {
		command += " " + p.Context.Selected().Path()
	}
	sentence := err.Error()
	if !strings.HasSuffix(sentence, "?") {
		sentence += "."
	}
	return fmt.Errorf("%s To see what there is: %s --help", sentence, command)
}
