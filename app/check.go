package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sayso/content"
	"sayso/internal/authoring"
	"sayso/internal/ballot"
	"sayso/internal/survey"
)

type checkCommand struct {
	Path []string `arg:"" optional:"" help:"Files or folders. Left out: the surveys and budget exercises that Sayso ships."`
}

// Run prints every problem as file:line: what to do.
func (k checkCommand) Run(c *Config, out io.Writer) error {
	h, err := furnish(c)
	if err != nil {
		return err
	}
	found, files := 0, 0
	look := func(name string, data []byte) {
		files++
		problems, fine := h.lookAt(data)
		for _, p := range problems {
			fmt.Fprintf(out, "%s:%s\n", name, p)
		}
		found += len(problems)
		if len(problems) == 0 {
			fmt.Fprintf(out, "%s: %s\n", name, fine)
		}
	}
	if len(k.Path) == 0 {
		for _, folder := range []string{"surveys", "budgets"} {
			err = errors.Join(err, walkYAML(content.FS, folder, func(p string) string { return filepath.Join("content", p) }, look))
		}
	}
	for _, path := range k.Path {
		if err = walkPath(path, look); err != nil {
			break
		}
	}
	switch {
	case err != nil:
		return err
	case files == 0:
		return fmt.Errorf("there is no file of a survey or budget exercise (.yaml) in %s", strings.Join(k.Path, ", "))
	case found > 0:
		return fmt.Errorf("to mend: %d; files looked at: %d", found, files)
	}
	return nil
}

// lookAt reads a file of a survey or a budget exercise and says what to mend, or what is fine.
func (h *house) lookAt(data []byte) (problems []authoring.Problem, fine string) {
	if isBudget(data) {
		e, problems := ballot.ReadFile(data, h.budgetKnown())
		return problems, fmt.Sprintf("%s is fine (%d projects).", e.ID, len(e.Projects))
	}
	sv, problems := survey.ReadFile(data, h.known())
	return problems, fmt.Sprintf("%s is fine (%d questions).", sv.ID, len(sv.Questions))
}

// walkPath gives the file, or every YAML file below the folder, to look.
func walkPath(path string, look func(string, []byte)) error {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no file or folder %s", path)
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		return walkYAML(os.DirFS(path), ".", func(p string) string { return filepath.Join(path, p) }, look)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	look(path, data)
	return nil
}

// walkYAML gives every YAML file below root to look.
func walkYAML(files fs.FS, root string, name func(string) string, look func(string, []byte)) error {
	return fs.WalkDir(files, root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" && filepath.Ext(path) != ".yml" {
			return err
		}
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		look(name(path), data)
		return nil
	})
}
