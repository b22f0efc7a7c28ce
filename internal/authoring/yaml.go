package authoring

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a file. The largest survey imagined has a twentieth of it.
const (
	mostBytes   = 1 << 20
	mostNesting = 20  // brackets inside brackets
	mostColumn  = 200 // where a field or an item may begin
)

// parse reads the one YAML document in data. Its tree is no deeper than the bounds allow, and has no anchors,
// aliases or tags, so that a walk over it takes time in proportion to data.
func parse(data []byte, thing string) (ast.Node, *Problem) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	switch {
	case len(data) > mostBytes:
		return nil, &Problem{1, fmt.Sprintf("The file is larger than %d KiB. Is it a %s? Leave out what does not belong to it.", mostBytes>>10, thing)}
	case !utf8.Valid(data) || bytes.ContainsRune(data, 0):
		return nil, &Problem{1, "This is not plain text. Save the file as plain text in the encoding UTF-8."}
	}
	tokens := lexer.Tokenize(string(data))
	if p := bounded(tokens, thing); p != nil {
		return nil, p
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxProblem(data, err)
	}
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.NullType {
			return doc.Body, nil
		}
	}
	return nil, &Problem{1, "The file is empty."}
}

// Decode reads the first YAML document in data into a value; fields it does not have are an error, and io.EOF says that
// there is none. The library panics on some tags that fit nothing: that is a fault of the file too.
func Decode(data []byte, into any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("look for a tag, such as !x, and remove it")
		}
	}()
	return yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(into)
}

// bounded says what in the tokens is too deep, or has no place in the thing that the file is.
func bounded(tokens token.Tokens, thing string) *Problem {
	depth, begun := 0, false
	for _, t := range tokens {
		say := func(format string, args ...any) *Problem {
			return &Problem{t.Position.Line, fmt.Sprintf(format, args...)}
		}
		switch t.Type {
		case token.CommentType, token.DocumentEndType:
			continue
		case token.DocumentHeaderType:
			if begun {
				return say("A second document begins here (---). Give each %s a file of its own.", thing)
			}
		case token.AnchorType, token.AliasType, token.TagType, token.DirectiveType, token.MappingKeyType, token.MergeKeyType:
			return say("Text that begins with %s must stand in quotation marks. Sayso gives this sign no other meaning.", t.Value)
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
		if block := t.Type == token.SequenceEntryType || t.Type == token.MappingValueType; depth > mostNesting || depth == 0 && block && t.Position.Column > mostColumn {
			return say("This is nested too deep for a %s. Take brackets or spaces away.", thing)
		}
		begun = true
	}
	return nil
}

// syntaxProblem says in plain words what the parser stumbled over.
func syntaxProblem(data []byte, err error) *Problem {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return &Problem{1, "This cannot be read as YAML."}
	}
	n := e.GetToken().Position.Line
	return &Problem{n, hint(line(data, n))}
}

// line returns the nth line, from 1.
func line(data []byte, n int) string {
	for range n - 1 {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	first, _, _ := bytes.Cut(data, []byte("\n"))
	return string(first)
}

// hint says what is most often wrong with a line like this.
func hint(line string) string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	_, words, _ := strings.Cut(line, ": ")
	words = strings.TrimSpace(words)
	switch {
	case strings.Contains(indent, "\t"):
		return "This line begins with a tab. Begin it with spaces instead, as many as its neighbours have."
	case words != "" && strings.ContainsAny(words[:1], "@`%"):
		return fmt.Sprintf("Text that begins with %s must stand in quotation marks.", words[:1])
	case strings.Contains(words, ": ") && !strings.ContainsAny(words[:1], `"'[{`):
		return "Text with a colon in it must stand in quotation marks."
	}
	return "This line does not fit those above it. Check that it begins with as many spaces as its neighbours, and that every quotation mark and bracket is closed."
}
