// Package content holds what people read and answer: surveys, codebooks, help lines, guides and areas, as files.
package content

import "embed"

// FS holds the folders beside this file.
//
//go:embed *
var FS embed.FS
