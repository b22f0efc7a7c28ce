package budget

import (
	"path/filepath"
	"testing"
)

func BenchmarkCount(b *testing.B) {
	folder := shared(b)
	for _, c := range []struct{ file, rule string }{
		{"Hungary_Budapest_2024.pb", "mes_cost"},
		{"Hungary_Budapest_2024.pb", "phragmen"},
		{"Poland_Warszawa_2021_Ursus.pb", "mes_cost"},
		{"Poland_Warszawa_2021_Ursus.pb", "mes_cost_add1"},
		{"Poland_Wieliczka_2023_Green_Budget.pb", "mes_cost_add1"},
		{"Poland_Wieliczka_2023_Green_Budget.pb", "mes_cost_add1_integral_noexh"},
	} {
		e := election(b, filepath.Join(folder, c.file))
		b.Run(c.file+"/"+c.rule, func(b *testing.B) {
			for b.Loop() {
				if _, err := Count(e, rule(b, c.rule), Lexico); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
