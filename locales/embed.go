// Package locales holds the catalogues of short phrases, one file a language.
//
// active.en.toml is the source. A message written as { description = "draft", other = "…" } is a machine-made
// translation that no speaker of the language has checked yet.
package locales

import "embed"

// FS holds active.<language>.toml and languages.toml.
//
//go:embed *.toml
var FS embed.FS
