package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"sayso/internal/people"
)

// Config is every setting. It comes from the environment or from flags; what is not set works.
type Config struct {
	Addr     string   `env:"SAYSO_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	URL      string   `env:"SAYSO_URL" help:"Address by which people reach us, such as https://say.example.org. With https, cookies are for https alone."`
	Data     string   `env:"SAYSO_DATA" default:"./data" help:"Folder of the SQLite file and the secret, where no MongoDB is set."`
	MongoDB  string   `env:"SAYSO_MONGODB_URI" name:"mongodb-uri" help:"Keep everything in this MongoDB instead." secret:"uri"`
	Database string   `env:"SAYSO_MONGODB_DATABASE" name:"mongodb-database" default:"sayso" help:"Its database."`
	Secret   string   `env:"SAYSO_SECRET" help:"Server secrets as id:base64, newest first, parted by commas. Left out: made once and kept in the data folder." secret:"all"`
	Home     string   `env:"SAYSO_HOME" help:"Area whose page is the front page. Left out: people choose."`
	Leave    string   `env:"SAYSO_LEAVE" default:"https://www.bbc.co.uk/weather" help:"Where 'Leave this page' goes."`
	Surveys  string   `env:"SAYSO_SURVEYS" help:"Folder of survey files to publish at the start. Left out: none but those published before."`
	Budgets  string   `env:"SAYSO_BUDGETS" help:"Folder of files of budget exercises to publish at the start. Left out: none but those published before."`
	Areas    string   `env:"SAYSO_AREAS" help:"Folder of area files. Left out: the fictional areas of the demonstration."`
	Proxies  []string `env:"SAYSO_PROXIES" help:"Addresses of proxies in front of us whose X-Forwarded-For counts."`

	SecretFile  string        `env:"SAYSO_SECRET_FILE" help:"File that holds what SAYSO_SECRET would."`
	MongoDBFile string        `env:"SAYSO_MONGODB_URI_FILE" name:"mongodb-uri-file" help:"File that holds what SAYSO_MONGODB_URI would."`
	Operation   string        `env:"SAYSO_OPERATION_ADDR" name:"operation-addr" help:"Address for /metrics and /debug/pprof that only operators can reach, such as 127.0.0.1:9464. Left out: none."`
	Drain       time.Duration `env:"SAYSO_DRAIN" default:"2s" help:"How long to say that we are stopping, and still answer, before the door is shut."`

	TLSCert      string `env:"SAYSO_TLS_CERT" name:"tls-cert" help:"File with our certificate, where no proxy in front of us ends TLS. Read again when it changes."`
	TLSKey       string `env:"SAYSO_TLS_KEY" name:"tls-key" help:"File with its key."`
	TLSDomain    string `env:"SAYSO_TLS_DOMAIN" name:"tls-domain" help:"Instead of files: the name for which an authority gives us certificates (ACME)."`
	TLSEmail     string `env:"SAYSO_TLS_EMAIL" name:"tls-email" help:"Where the authority writes to when something is wrong."`
	TLSAuthority string `env:"SAYSO_TLS_AUTHORITY" name:"tls-authority" help:"Its directory. Left out: Let's Encrypt."`
	TLSRedirect  string `env:"SAYSO_TLS_REDIRECT_ADDR" name:"tls-redirect-addr" help:"Address that sends visitors on to https, and answers the authority, such as :80. Left out: none."`

	Breached string `env:"SAYSO_BREACHED_PASSWORDS" name:"breached-passwords" help:"File of passwords known from breaches, as haveibeenpwned.com gives it: their SHA-1, a line each. None of them can be a passphrase. Left out: no such list is looked at."`

	Log string `env:"SAYSO_LOG" default:"info" enum:"debug,info,warn,error" help:"How much to log: ${enum}."`
}

const mostDrain = 15 * time.Second // of the farewell

// check says what is wrong with the settings.
func (c *Config) check() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return fmt.Errorf("SAYSO_ADDR is %q; write an address with a port, such as 127.0.0.1:8080", c.Addr)
	}
	if _, _, err := net.SplitHostPort(c.Operation); c.Operation != "" && err != nil {
		return fmt.Errorf("SAYSO_OPERATION_ADDR is %q; write an address of its own with a port, such as 127.0.0.1:9464", c.Operation)
	}
	if c.Drain < 0 || c.Drain > mostDrain {
		return fmt.Errorf("SAYSO_DRAIN is %v; write 0s to %v", c.Drain, mostDrain)
	}
	for _, address := range []struct{ name, value string }{{"SAYSO_URL", c.URL}, {"SAYSO_LEAVE", c.Leave}} {
		if address.value == "" {
			continue
		}
		if u, err := url.Parse(address.value); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("%s is %q; write a whole address, such as https://say.example.org", address.name, address.value)
		}
	}
	for _, p := range c.Proxies {
		if net.ParseIP(p) == nil {
			if _, _, err := net.ParseCIDR(p); err != nil {
				return fmt.Errorf("SAYSO_PROXIES holds %q; write addresses such as 10.0.0.1 or 10.0.0.0/8, parted by commas", p)
			}
		}
	}
	return c.checkTLS()
}

// readFiles reads the settings that stand in files of their own, as containers and services are given secrets.
func (c *Config) readFiles() error {
	for _, s := range []struct {
		name, path string
		into       *string
	}{
		{"SAYSO_SECRET", c.SecretFile, &c.Secret},
		{"SAYSO_MONGODB_URI", c.MongoDBFile, &c.MongoDB},
	} {
		if s.path == "" {
			continue
		}
		if *s.into != "" {
			return fmt.Errorf("set %s or %s_FILE, not both", s.name, s.name)
		}
		data, err := os.ReadFile(s.path)
		if err != nil {
			return fmt.Errorf("%s_FILE: %w", s.name, err)
		}
		if *s.into = strings.TrimSpace(string(data)); *s.into == "" {
			return fmt.Errorf("%s_FILE: %s is empty", s.name, s.path)
		}
	}
	return nil
}

func (c *Config) secure() bool { return strings.HasPrefix(c.URL, "https://") }

func (c *Config) host() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// secrets returns the server's secrets. With the embedded store they are made once and kept beside it; with MongoDB
// several servers share them, so they must be given.
func (c *Config) secrets() (people.Secrets, error) {
	if c.Secret != "" {
		s, err := people.ParseSecrets(c.Secret)
		if err != nil {
			return people.Secrets{}, errors.New("SAYSO_SECRET cannot be used; each secret is written as id:base64, with 32 bytes in base64, such as " + people.NewSecrets().Encode())
		}
		return s, nil
	}
	if c.MongoDB != "" {
		return people.Secrets{}, fmt.Errorf("with SAYSO_MONGODB_URI set SAYSO_SECRET too, such as SAYSO_SECRET=%s", people.NewSecrets().Encode())
	}
	if err := c.makeData(); err != nil {
		return people.Secrets{}, err
	}
	return keptSecrets(filepath.Join(c.Data, "secret"))
}

// keptSecrets reads the secrets from the file, which is made if it is not there.
func keptSecrets(file string) (people.Secrets, error) {
	data, err := os.ReadFile(file)
	if err == nil {
		s, err := people.ParseSecrets(strings.TrimSpace(string(data)))
		if err != nil {
			return people.Secrets{}, fmt.Errorf("the secret in %s is damaged: bring it back from a backup, since keys of pictures open nothing without it", file)
		}
		return s, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return people.Secrets{}, fmt.Errorf("read the secret: %w", err)
	}
	if err := keepSecret(file, people.NewSecrets()); err != nil && !errors.Is(err, os.ErrExist) { // another server made one meanwhile
		return people.Secrets{}, fmt.Errorf("keep the secret: %w", err)
	}
	return keptSecrets(file)
}

// keepSecret puts a whole secret on the disk, and only then gives it its name, so that no other server and no power cut
// meets half of it. It is os.ErrExist if there is one.
func keepSecret(file string, s people.Secrets) (err error) {
	folder := filepath.Dir(file)
	made, err := os.CreateTemp(folder, "secret-") // only its owner may read it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(made.Name())) }()
	_, err = made.WriteString(s.Encode() + "\n")
	if err = errors.Join(err, made.Sync(), made.Close()); err != nil {
		return err
	}
	if err := os.Link(made.Name(), file); err != nil {
		return err
	}
	return syncFolder(folder)
}

// makeData makes the data folder, and says what to do if nothing can be written there.
func (c *Config) makeData() error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder %s cannot be made (%w); set SAYSO_DATA to a folder that can be written", c.Data, err)
	}
	probe, err := os.CreateTemp(c.Data, "probe-")
	if err != nil {
		return fmt.Errorf("nothing can be written to the data folder %s (%w); set SAYSO_DATA to a folder that can be written", c.Data, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

type configCommand struct{}

// Run prints the settings, one a line, as they would be set in the environment.
func (configCommand) Run(c *Config, out io.Writer) error {
	if err := c.readFiles(); err != nil {
		return err
	}
	wrong := c.check() // which also fills in what follows from other settings
	t, v := reflect.TypeFor[Config](), reflect.ValueOf(*c)
	for i := range t.NumField() {
		f := t.Field(i)
		value := fmt.Sprint(v.Field(i).Interface())
		if list, ok := v.Field(i).Interface().([]string); ok {
			value = strings.Join(list, ",")
		}
		fmt.Fprintf(out, "%s=%s\n", f.Tag.Get("env"), masked(f.Tag.Get("secret"), value))
	}
	return errors.Join(wrong, c.sayKey(out))
}

// sayKey prints which secret is in force and which only open what they sealed, or says why none can be.
func (c *Config) sayKey(out io.Writer) error {
	s, err := c.secretsThere()
	if errors.Is(err, errNoSecret) {
		fmt.Fprintf(out, "# No secret yet: the first start makes one and keeps it in %s.\n", c.Data)
		return nil
	}
	if err != nil {
		return err
	}
	newest, older, rotated := strings.Cut(masked("all", s.Encode()), ",")
	fmt.Fprintf(out, "# The secret in force is %s", newest)
	if rotated {
		fmt.Fprintf(out, "; what others sealed is still opened: %s", older)
	}
	fmt.Fprintln(out)
	return nil
}

// masked hides what must not be read over a shoulder.
func masked(how, value string) string {
	switch {
	case value == "" || how == "":
		return value
	case how == "uri":
		return maskedURI(value)
	}
	var ids []string
	for _, s := range strings.Split(value, ",") {
		id, _, named := strings.Cut(s, ":")
		if !named { // then it may be the secret itself
			id = ""
		}
		ids = append(ids, strings.TrimPrefix(id+":(hidden)", ":"))
	}
	return strings.Join(ids, ",")
}

// maskedURI leaves the name and the host of a URI, and hides the password and the options, which may hold others.
func maskedURI(value string) string {
	u, err := url.Parse(value)
	if err != nil || strings.Contains(u.Host+u.Path+u.Opaque, "@") {
		return "(hidden)"
	}
	if u.RawQuery != "" {
		u.RawQuery = "(hidden)"
	}
	u.Fragment = ""
	return u.Redacted()
}
