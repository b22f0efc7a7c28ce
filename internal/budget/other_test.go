package budget

import (
	"path/filepath"
	"testing"
)

func TestOthersTry(t *testing.T) {
	folder, elections := expected(t)
	for name := range elections {
		e := election(t, filepath.Join(folder, name))
		for _, rn := range []string{"maximin_support", "cstv", "stv", "phragmen"} {
			r := rule(t, rn)
			if !r.For(e.Kind) {
				continue
			}
			o, err := Count(e, r, Lexico)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(name, rn, len(o.Winners), o.Cost, e.Budget, o.Winners)
			if o.Cost > e.Budget {
				t.Error("over")
			}
		}
	}
}
