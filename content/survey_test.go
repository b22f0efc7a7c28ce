package content_test

import (
	"io/fs"
	"slices"
	"testing"

	"sayso/content"
	"sayso/internal/exercise"
	"sayso/internal/survey"
)

func areas(t *testing.T) exercise.Areas {
	t.Helper()
	var file struct {
		Areas []exercise.Area `yaml:"areas"`
	}
	decode(t, "areas/demonstration.yaml", &file)
	checkTexts(t, "areas", file.Areas)
	tree, err := exercise.NewAreas(file.Areas)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestPopulationsAddUp(t *testing.T) {
	for _, a := range areas(t).Systems() {
		total := map[string]int64{}
		for _, p := range a.Population {
			for _, n := range p.Counts {
				total[p.Variable] += n
			}
			checkCategories(t, a, p)
		}
		if total["age_band"] != total["place"] || total["place"] != total["language"] {
			t.Errorf("%s: the people of the variables differ: %v", a.ID, total)
		}
	}
}

func checkCategories(t *testing.T, a exercise.Area, p exercise.PopulationOf) {
	t.Helper()
	for c := range p.Counts {
		isPlace := slices.ContainsFunc(a.Places, func(x exercise.Area) bool { return x.ID == c })
		if p.Variable == "place" && !isPlace || p.Variable == "age_band" && !slices.Contains(exercise.AgeBands, c) {
			t.Errorf("%s: %q is no %s", a.ID, c, p.Variable)
		}
	}
}

// known is what survey files may name.
func known(t *testing.T) survey.Known {
	t.Helper()
	listed := pictures(t)
	return survey.Known{
		Areas:    areas(t),
		Picture:  func(id string) bool { return listed == nil || listed[id] },
		Codebook: codebook,
		Language: func(tag string) bool { return slices.Contains(languages, tag) },
	}
}

// codebook says whether there is such a codebook, or none at all yet.
func codebook(id string) bool {
	if _, err := fs.Stat(content.FS, "codebooks"); err != nil {
		return true
	}
	found, err := fs.Glob(content.FS, "codebooks/"+id+".*")
	return err == nil && len(found) > 0
}

// surveys reads every survey, by id.
func surveys(t *testing.T) map[string]survey.Survey {
	t.Helper()
	all, known := map[string]survey.Survey{}, known(t)
	for _, name := range matches(t, "surveys/*.yaml") {
		raw, err := fs.ReadFile(content.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		s, problems := survey.ReadFile(raw, known)
		for _, p := range problems {
			t.Errorf("%s:%v", name, p)
		}
		if s.ID != stem(name) {
			t.Errorf("%s holds the survey %q", name, s.ID)
		}
		all[s.ID] = s
	}
	return all
}

func TestSurveysAreWhole(t *testing.T) {
	for id, s := range surveys(t) {
		for i := range s.Questions {
			q := &s.Questions[i]
			if q.Kind == survey.Place { // filled with places and "elsewhere", whose word is not in the file
				q.Options = nil
			}
			if q.Ask["en-x-easy"] == "" || len(q.Hint) > 0 && q.Hint["en-x-easy"] == "" && !q.About {
				t.Errorf("%s.%s is not written in Easy Read", id, q.ID)
			}
		}
		checkTexts(t, id, s)
		if len(s.Offered()) != len(languages) {
			t.Errorf("%s is offered in %v", id, s.Offered())
		}
	}
}

func TestSurveysUseEveryKind(t *testing.T) {
	used := map[survey.Kind]bool{}
	for _, s := range surveys(t) {
		for _, q := range s.Questions {
			used[q.Kind] = true
		}
	}
	kinds := []survey.Kind{survey.Choice, survey.Several, survey.Faces, survey.Agree, survey.Text, survey.LongText,
		survey.Number, survey.AgeBand, survey.Place, survey.Info, survey.Consent}
	for _, k := range kinds {
		if !used[k] {
			t.Errorf("no survey shows a question of kind %s", k)
		}
	}
}
