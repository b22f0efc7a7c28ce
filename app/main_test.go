package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"sayso/internal/people"
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		beTheProgram()
	}
	for _, setting := range os.Environ() { // no test depends on the settings of whoever runs it
		if name, _, _ := strings.Cut(setting, "="); strings.HasPrefix(name, "SAYSO_") {
			_ = os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}

// sayso runs a command as a person would, and returns what they see.
func sayso(t *testing.T, args ...string) (out string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err = run(t.Context(), args, &stdout, &stderr)
	if stderr.Len() > 0 {
		t.Errorf("sayso %s prints an error that main prints again: %s", strings.Join(args, " "), stderr.String())
	}
	return stdout.String(), err
}

// fine runs a command that must not fail.
func fine(t *testing.T, args ...string) string {
	t.Helper()
	out, err := sayso(t, args...)
	if err != nil {
		t.Fatalf("sayso %s: %v", strings.Join(args, " "), err)
	}
	return out
}

// refused runs a command that must fail with an error that says want.
func refused(t *testing.T, want string, args ...string) {
	t.Helper()
	out, err := sayso(t, args...)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("sayso %s:\n got %v\nwant %s", strings.Join(args, " "), err, want)
		return
	}
	if sentence := err.Error(); strings.Contains(out, sentence) || strings.Contains(sentence, "\n") || strings.Contains(sentence, "%!") {
		t.Errorf("sayso %s: the error %q is printed twice, or is more than a line", strings.Join(args, " "), sentence)
	}
}

func TestHelp(t *testing.T) {
	parser, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	var all []*kong.Node
	if err := kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if n, ok := node.(*kong.Node); ok && n.Type == kong.CommandNode {
			all = append(all, n)
		}
		return next(nil)
	}); err != nil {
		t.Fatal(err)
	}
	if len(all) < 15 {
		t.Fatalf("found only %d commands", len(all))
	}
	for _, node := range all {
		out := fine(t, append(strings.Fields(node.Path()), "--help")...)
		if !strings.HasPrefix(out, "Usage: sayso "+node.Path()) || !strings.HasSuffix(node.Help, ".") || !strings.Contains(plain(out), plain(node.Help)) {
			t.Errorf("the help of %q does not say what it does:\n%s", node.Path(), out)
		}
		for line := range strings.Lines(out) {
			if utf8.RuneCountInString(line) > 81 {
				t.Errorf("the help of %q has a long line: %s", node.Path(), line)
			}
		}
	}
}

// plain is the text without its line breaks.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestNoCommandIsAskedForHelp(t *testing.T) {
	if got, want := fine(t), fine(t, "--help"); got != want || !strings.Contains(plain(got), "Start with: sayso demo") {
		t.Errorf("got\n%s", got)
	}
}

func TestMisreadArguments(t *testing.T) {
	for args, want := range map[string]string{
		"demo --answers=0":         "the demonstration makes up 1 to 1000000 answers, not 0",
		"demo --answers=-5":        "the demonstration makes up 1 to 1000000 answers, not -5",
		"chek":                     `unexpected argument chek, did you mean "check"? To see what there is: sayso --help`,
		"staff":                    `expected one of "add", "list". To see what there is: sayso staff --help`,
		"staff add":                `missing flags: --role=STRING. To see what there is: sayso staff add --help`,
		"staff add me --role king": `--role must be one of "administrator","author","analyst","board" but got "king". To see what there is: sayso staff add --help`,
		"demo --answers many":      `--answers: expected a valid 64 bit int but got "many". To see what there is: sayso demo --help`,
		"demo --log loud":          `--log must be one of "debug","info","warn","error" but got "loud". To see what there is: sayso demo --help`,
		"routes --jsn":             `unknown flag --jsn, did you mean "--json"? To see what there is: sayso routes --help`,
		"import responses testdata/meals.csv --survey meals": `missing flags: --mapping=STRING. To see what there is: sayso import responses --help`,
	} {
		refused(t, want, strings.Fields(args)...)
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, []byte("not a folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	const secret = "s:not-base64"
	for flag, want := range map[string]string{
		"--addr=8080":             `SAYSO_ADDR is "8080"; write an address with a port, such as 127.0.0.1:8080`,
		"--url=say.example.org":   `SAYSO_URL is "say.example.org"; write a whole address, such as https://say.example.org`,
		"--leave=ftp://x":         `SAYSO_LEAVE is "ftp://x"; write a whole address, such as https://say.example.org`,
		"--proxies=10.0.0.1,lan":  `SAYSO_PROXIES holds "lan"; write addresses such as 10.0.0.1 or 10.0.0.0/8, parted by commas`,
		"--home=atlantis":         `SAYSO_HOME is "atlantis", but there is no such area; the areas are east-marsh`,
		"--areas=" + t.TempDir():  `but there is no area file (.yaml) in such a folder`,
		"--secret=" + secret:      `SAYSO_SECRET cannot be used; each secret is written as id:base64, with 32 bytes in base64, such as`,
		"--data=" + file:          `set SAYSO_DATA to a folder that can be written`,
		"--data=" + file + "/sub": `set SAYSO_DATA to a folder that can be written`,
		"--data=/proc/sayso":      `set SAYSO_DATA to a folder that can be written`, // nobody can write there, not even root
		"--mongodb-uri=mongodb:/": `with SAYSO_MONGODB_URI set SAYSO_SECRET too, such as SAYSO_SECRET=`,
	} {
		refused(t, want, "staff", "list", "--data="+t.TempDir(), flag)
	}
	if _, err := sayso(t, "staff", "list", "--secret="+secret); strings.Contains(err.Error(), "not-base64") {
		t.Errorf("the secret can be read in: %v", err)
	}
}

func TestAreasWithAMistake(t *testing.T) {
	for written, want := range map[string]string{
		"": `SAYSO_AREAS: areas.yaml:1: there is no area in it; write a list of areas`,
		"areas:\n  - id: a\n    title: {en: A}\n": `SAYSO_AREAS: areas.yaml:3: there is no field called "title" here; look for a slip of the pen`,
		"areas:\n  - id: [a\n":                    `SAYSO_AREAS: areas.yaml:2: `,
		"areas: 5\n":                              `SAYSO_AREAS: areas.yaml:1: `,
	} {
		folder := t.TempDir()
		if err := os.WriteFile(folder+"/areas.yaml", []byte(written), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, want, "staff", "list", "--data="+t.TempDir(), "--areas="+folder)
	}
}

func TestDamagedSecret(t *testing.T) {
	data := t.TempDir()
	if err := os.WriteFile(data+"/secret", []byte("s:aGFsZg=="), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "the secret in "+data+"/secret is damaged: bring it back from a backup", "staff", "list", "--data", data)
}

func TestConfigPrintsEverySettingAndNoSecret(t *testing.T) {
	_, key, _ := strings.Cut(people.NewSecrets().Encode(), ":")
	out := fine(t, "config", "--mongodb-uri", "mongodb://sayso:hunter2@db.example.org/?authSource=hunter2", "--secret", "new:"+key+",old:"+key,
		"--proxies", "10.0.0.1,10.0.0.2")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	settings := reflect.TypeFor[Config]()
	if len(lines) != settings.NumField()+1 {
		t.Fatalf("%d lines for %d settings", len(lines), settings.NumField())
	}
	for i, line := range lines[:settings.NumField()] {
		if name := settings.Field(i).Tag.Get("env"); !strings.HasPrefix(line, name+"=") || !strings.HasPrefix(name, "SAYSO_") {
			t.Errorf("%q stands for %s", line, name)
		}
	}
	for _, want := range []string{"SAYSO_ADDR=127.0.0.1:8080", "SAYSO_SECRET=new:(hidden),old:(hidden)", "SAYSO_PROXIES=10.0.0.1,10.0.0.2",
		"SAYSO_MONGODB_URI=mongodb://sayso:xxxxx@db.example.org/?(hidden)",
		"# The secret in force is new:(hidden); what others sealed is still opened: old:(hidden)"} {
		if !strings.Contains(out, want+"\n") {
			t.Errorf("there is no line %s", want)
		}
	}
	if strings.Contains(out, "hunter2") || strings.Contains(out, key) {
		t.Errorf("a secret can be read in\n%s", out)
	}
}

func TestConfigSaysWhichSecretIsInForce(t *testing.T) {
	data := t.TempDir()
	if out := fine(t, "config", "--data", data); !strings.Contains(out, "# No secret yet") {
		t.Errorf("an empty folder:\n%s", out)
	}
	fine(t, "staff", "list", "--data", data)
	if out := fine(t, "config", "--data", data); !strings.Contains(out, "# The secret in force is ") {
		t.Errorf("a folder in use:\n%s", out)
	}
	refused(t, "SAYSO_SECRET cannot be used", "config", "--secret=zz")
	refused(t, "set SAYSO_SECRET too", "config", "--mongodb-uri=mongodb://db.example.org/")
}

// Servers that start at the same time on an empty folder keep the same secret.
func TestSecretIsMadeOnce(t *testing.T) {
	for range 20 {
		file := filepath.Join(t.TempDir(), "secret")
		all := make([]string, 8)
		var group sync.WaitGroup
		for i := range all {
			group.Go(func() {
				s, err := keptSecrets(file)
				if err != nil {
					t.Error(err)
				}
				all[i] = s.Encode()
			})
		}
		group.Wait()
		if slices.Sort(all); all[0] != all[len(all)-1] || all[0] == "" {
			t.Fatalf("%d servers have different secrets", len(all))
		}
		if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
			t.Fatalf("left in the folder: %v, %v", left, err)
		}
	}
}

func TestMasked(t *testing.T) {
	for value, want := range map[string]string{
		"":                              "",
		"hunter2":                       "(hidden)",
		"new:hunter2":                   "new:(hidden)",
		"new:hunter2,hunter2":           "new:(hidden),(hidden)",
		"mongodb://db.example.org":      "mongodb://db.example.org",
		"mongodb://a:hunter2@b:1,c:2/x": "mongodb://a:xxxxx@b:1,c:2/x",
		"mongodb://a:1/hunter2@b/x":     "(hidden)",
		"mongodb://a:hunter2":           "(hidden)",
		"mongodb:hunter2@b":             "(hidden)",
	} {
		how := "all"
		if strings.HasPrefix(value, "mongodb") {
			how = "uri"
		}
		if got := masked(how, value); got != want {
			t.Errorf("%q is shown as %q, want %q", value, got, want)
		}
	}
}

// opened opens the house over the data folder, and closes it when the test ends.
func opened(t *testing.T, data string) *house {
	t.Helper()
	h, err := open(context.Background(), &Config{Addr: "127.0.0.1:0", Data: data, Log: "error"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}
