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
	files, err := k.gather()
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("there is no file of a survey or budget exercise (.yaml) in %s", strings.Join(k.Path, ", "))
	}
	found := 0
	for _, f := range h.lookAt(files) {
		for _, p := range f.problems {
			fmt.Fprintf(out, "%s:%s\n", f.name, p)
		}
		found += len(f.problems)
		if len(f.problems) == 0 {
			fmt.Fprintf(out, "%s: %s\n", f.name, f.fine)
		}
	}
	if found > 0 {
		return fmt.Errorf("to mend: %d; files looked at: %d", found, len(files))
	}
	return nil
}

// checked is a file with what there is to mend in it, or with what is fine.
type checked struct {
	name     string
	data     []byte
	problems []authoring.Problem
	fine     string
}

// gather reads the files that are named, or those that ship.
func (k checkCommand) gather() (files []checked, err error) {
	take := func(name string, data []byte) { files = append(files, checked{name: name, data: data}) }
	if len(k.Path) == 0 {
		for _, folder := range []string{"surveys", "budgets"} {
			err = errors.Join(err, walkYAML(content.FS, folder, func(p string) string { return filepath.Join("content", p) }, take))
		}
	}
	for _, path := range k.Path {
		if err = walkPath(path, take); err != nil {
			break
		}
	}
	return files, err
}

// lookAt reads files of surveys and budget exercises and says what to mend in each. Exercises are held against the
// surveys, and the other exercises, among the files.
func (h *house) lookAt(files []checked) []checked {
	surveys, surveyIDs, budgetIDs := map[string]*survey.Survey{}, idFiles{}, idFiles{}
	for i, f := range files {
		if isBudget(f.data) {
			continue
		}
		sv, problems := survey.ReadFile(f.data, h.known())
		problems = append(surveyIDs.twice(sv.ID, f), problems...)
		if len(problems) == 0 {
			surveys[sv.ID] = &sv
		}
		files[i].problems, files[i].fine = problems, fmt.Sprintf("%s is fine (%d questions).", sv.ID, len(sv.Questions))
	}
	known := h.budgetKnown()
	known.Idea = h.ideaIn(surveys)
	var before []*ballot.Exercise
	for i, f := range files {
		if !isBudget(f.data) {
			continue
		}
		e, problems := ballot.ReadFile(f.data, known)
		problems = append(budgetIDs.twice(e.ID, f), problems...)
		for _, other := range before {
			if clash := e.Clash(other, h.sameSystem); clash != "" {
				problems = append(problems, authoring.Problem{Line: authoring.LineOf(f.data, "round"), Sentence: clash})
			}
		}
		before = append(before, &e)
		files[i].problems, files[i].fine = problems, fmt.Sprintf("%s is fine (%d projects).", e.ID, len(e.Projects))
		if ideas := e.Ideas; ideas != nil && surveys[ideas.Survey] == nil {
			files[i].fine += fmt.Sprintf(" Its ideas come from the survey %s, which is not among these files.", ideas.Survey)
		}
	}
	return files
}

// idFiles are the names of files by the id that each gives to what it holds.
type idFiles map[string]string

// twice finds a file before this one that has the same id. Each would be published as a newer version of the other.
func (ids idFiles) twice(id string, f checked) []authoring.Problem {
	first, taken := ids[id]
	if !taken || id == "" || first == f.name {
		ids[id] = f.name
		return nil
	}
	return []authoring.Problem{{Line: authoring.LineOf(f.data, "id"), Sentence: fmt.Sprintf("The id %q is that of %s. Give each file an id of its own.", id, first)}}
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
