package theme

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// The kinds of personal details that Redact removes.
const (
	KindEmail    = "email"
	KindLink     = "link"
	KindHandle   = "handle"
	KindPhone    = "phone"
	KindNHS      = "nhs_number"
	KindNumber   = "number"
	KindDate     = "date"
	KindPostcode = "postcode"
	KindAddress  = "address"
	KindName     = "name"
)

// Kinds lists what Redact removes, for whoever words the labels.
func Kinds() []string {
	return []string{KindEmail, KindLink, KindHandle, KindPhone, KindNHS, KindNumber, KindDate, KindPostcode, KindAddress, KindName}
}

// detail is one kind of personal detail. keep, when set, is given the match's groups and says how much of
// the start and of the end of the match stays, in bytes; a negative start means that all of it stays.
type detail struct {
	kind string
	has  sign // without which the form matches nothing
	form *regexp.Regexp
	keep func(groups []string) (start, end int)
}

// sign is what a text must hold for some details to be in it: most texts hold none, and are read faster for it.
type sign uint8

const (
	digit  sign = 1 << iota
	at          // an at sign, or a bracket that may stand around one
	dot         // a full stop, or a slash as in an address
	arabic      // a letter of the Arabic script
	called      // the word
)

func signsOf(text string) (found sign) {
	if strings.Contains(text, "called") {
		found = called
	}
	for _, r := range text {
		if r >= 0x0600 && r <= 0x06ff {
			found |= arabic
		}
		switch {
		case r == '@' || r == '(' || r == '[':
			found |= at
		case r == '.' || r == '/':
			found |= dot
		case r > '9' && r < 0x80:
		case unicode.Is(unicode.Nd, r):
			found |= digit
		}
	}
	return found
}

const (
	months = `jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?` +
		`|stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrze[sś]nia|pa[zź]dziernika|listopada|grudnia` +
		`|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|tachwedd|rhagfyr`
	arabicMonths = `يناير|فبراير|مارس|أبريل|ابريل|مايو|يونيو|يوليو|أغسطس|اغسطس|سبتمبر|أكتوبر|اكتوبر|نوفمبر|ديسمبر` +
		`|جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر`
	roads = `street|st|road|rd|lane|ln|avenue|ave|drive|close|crescent|court|gardens?|grove|terrace|square|mews|way|walk|hill|place|row|park|green|view|rise|parade|villas?|heol|stryd|ffordd|ulica`
	// persons are words for people, before whose name they may stand.
	persons = `son|daughter|child|boy|girl|baby|brother|sister|twin|mum|mom|dad|mother|father|step-?mum|step-?dad|nan|gran|grandma|grandad|cousin|niece|nephew|friend|mate|husband|wife|partner|carer|teacher|tutor|head|senco|doctor|gp|nurse|midwife|therapist|counsellor|consultant|psychologist|psychiatrist|worker|dentist|lady|man|woman|kid|person|someone|somebody|assistant`
	// nameWord is one word of a name as it is written with a capital, or in a script without capitals.
	nameWord = `(?:\p{Lu}|\p{Lo})[\p{L}\p{M}'’-]*`
	// capitalName is one to three words that begin with a capital and go on in small letters.
	capitalName = `\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}'’-]*(?:[ \t]+\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}'’-]*){0,2}`
)

// details are tried in this order; what an earlier one took, a later one no longer sees.
var details = []detail{
	{KindEmail, at | dot, regexp.MustCompile(`(?i)[\p{L}\p{Nd}._%+'-]+(?:@|\s?\(at\)\s?|\s?\[at\]\s?)[\p{L}\p{Nd}-]+(?:\.[\p{L}\p{Nd}-]+)+`), nil},
	{KindLink, dot, regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s\[\]]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|co\.uk|org\.uk|ac\.uk|gov\.uk|nhs\.uk|sch\.uk|uk|wales|cymru|me|info|io|tv|pl|pk)\b(?:/[^\s\[\]]*)?`), nil},
	{KindHandle, at, regexp.MustCompile(`@\s?[\p{L}\p{Nd}_][\p{L}\p{Nd}_.]*`), nil},
	{KindDate, digit, regexp.MustCompile(`\b\p{Nd}{1,4}\s?[/.-]\s?\p{Nd}{1,2}\s?[/.-]\s?\p{Nd}{2,4}\b|[٠-٩۰-۹]{1,4}[/.-][٠-٩۰-۹]{1,2}[/.-][٠-٩۰-۹]{2,4}`), nil},
	{KindDate, digit, regexp.MustCompile(`(?i)\b\p{Nd}{1,2}\s?(?:st|nd|rd|th)?\s+(?:of\s+)?(?:` + months + `)\b(?:,?\s+(?:\p{Nd}{4}|\p{Nd}{2})\b)?`), nil},
	{KindDate, digit, regexp.MustCompile(`(?i)\b(?:` + months + `)\s+(?:the\s+)?\p{Nd}{1,2}(?:st|nd|rd|th)?\b(?:,?\s+\p{Nd}{4}\b)?`), nil},
	{KindDate, digit, regexp.MustCompile(`\p{Nd}{1,2}\s+(?:` + arabicMonths + `)(?:\s+\p{Nd}{2,4})?`), nil},
	{KindDate, digit, regexp.MustCompile(`(?i)\b((?:born|date of birth|d\.?o\.?b\.?|birthday)\b[^\p{Nd}.!?\n]{0,20})\p{Nd}[\p{Nd} /.-]*`), keepLead},
	{KindNumber, digit, regexp.MustCompile(`\+?\(?\p{Nd}(?:[\s().-]{0,3}\p{Nd}){5,}`), nil},
	{KindPostcode, digit, regexp.MustCompile(`(?i)\b[a-z]{1,2}\p{Nd}[a-z\p{Nd}]?\s{0,2}\p{Nd}[a-z]{2}\b`), nil},
	{KindAddress, digit, regexp.MustCompile(`(?i)\b(?:flat|apartment|apt|unit|fflat)\s+\p{Nd}+\s?[a-z]?\b,?`), nil},
	{KindAddress, digit, regexp.MustCompile(`\b\p{Nd}{1,4}\s?[A-Za-z]?,?\s+(?:\p{Lu}[\p{L}'’-]*\s+){1,4}(?i:` + roads + `)\b`), nil},
	{KindAddress, digit, regexp.MustCompile(`(?i)\b\p{Nd}{1,4}[a-z]?,?\s+(?:the\s+)?([\p{L}'’-]+)\s+(?:street|st|road|rd|lane|avenue|ave|drive|close|crescent|gardens|grove|terrace|court|mews|way|stryd|heol)\b`), keepMeasures},
	{KindAddress, 0, regexp.MustCompile(`(?:\p{Lu}[\p{L}'’-]*\s+){1,3}(?:Street|Road|Lane|Avenue|Drive|Close|Crescent|Gardens|Grove|Terrace|Court|Mews)\b`), nil},
	{KindAddress, 0, regexp.MustCompile(`\b(?:Stryd|Heol|Ffordd|ul\.|ulica|Ulica)\s+(?:yr?\s+)?\p{Lu}[\p{L}'’-]*(?:\s+\p{Nd}+[a-z]?)?`), nil},
	{KindAddress, 0, regexp.MustCompile(`(?i)\b((?:live|lives|living|lived|house is|home is)\s+(?:on|in|at|near|by)\s+)(?:[\p{L}'’-]+\s+){1,2}(?:street|road|lane|avenue|crescent|terrace|gardens)\b`), keepLead},
	{KindName, 0, regexp.MustCompile(`(?i:\b((?:my|our|his|her|their|'?s)?\s?(?:full |real |first |last )?(?:name is|name's|names|surname is)\s+|(?:i am|i'm|i’m|im|is|was|he's|she's|he’s|she’s|who is)\s+called\s+|they call me\s+|call me\s+|mam na imię\s+|mam na imie\s+|na imię mi\s+|nazywam się\s+|nazywam sie\s+|fy enw i (?:yw|ydy)\s+|fy enw yw\s+|enw i ydi\s+))(` + givenName + `)`), keepLead},
	{KindName, called, regexp.MustCompile(`\b(called[ \t]+)(\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}'’-]*(?:[ \t]+\p{Lu}[\p{L}'’-]*\p{Ll}[\p{L}'’-]*){1,2})`), keepLead},
	{KindName, called, regexp.MustCompile(`\b((?i:` + persons + `)[ \t]+called[ \t]+)(` + capitalName + `)`), keepLead},
	{KindName, 0, regexp.MustCompile(`\b((?:I am|I'm|I’m|Im|[Tt]his is|[Ss]igned)[ \t]+)(` + capitalName + `)`), keepLead},
	{KindName, 0, regexp.MustCompile(`(?i:\b((?:my|our|his|her|their)\s+(?:\p{L}+\s+)?(?:` + persons + `)\s+))(` + capitalName + `)`), keepLead},
	{KindName, arabic, regexp.MustCompile(`((?:اسمي|إسمي|میرا نام|ميرا نام)\s+)([\p{L}\p{M}]+(?:[ \t]+[\p{L}\p{M}]+){0,2})`), keepRest},
	{KindName, 0, regexp.MustCompile(`(?:^|[^\p{L}])((?:Dr|DR|Doctor|Mr|MR|Mrs|MRS|Ms|MS|Miss|MISS|Mx|Prof|Professor|Sir|Madam|Nurse|Sister|Auntie|Aunty|Aunt|Uncle|Pani|Pan|Pana|Panią)\.?\s+)(` + nameWord + `(?:[ \t]+\p{Lu}[\p{L}'’-]*){0,2})`), keepTitle},
	{KindName, 0, regexp.MustCompile(`(?:^|[^\p{L}])((?:[Dd]r|[Mm]r|[Mm]rs|[Mm]s|[Mm]x)\.?\s+)(\p{Ll}[\p{L}'’-]*)`), keepTitle},
}

// givenName is the first word after "my name is", whatever its letters, and the capitalised words after it.
const givenName = `[\p{L}\p{M}][\p{L}\p{M}'’-]*(?-i:(?:[ \t]+\p{Lu}[\p{L}'’-]*){0,3})`

// measures are words after a number that are no street's name ("a 5 minute drive").
var measures = strings.Fields("minute minutes min mins hour hours mile miles km kilometre kilometres day days week weeks month months year years metre metres people person times time lovely little long more or and to in of the on by")

// plain are words that follow a title in small letters without being a name ("the dr was kind").
var plain = strings.Fields("who was is and at the to in for said told has had that with did does will would can could appointment appointments came comes gave gives be on but as if or so when where which i he she they we it are were not never always about because surgery visit visits please every from list just only then there their my our your his her this being doing saying listening talking looking asking telling giving took made sat saw knew thought got went seemed agreed stayed kept let spoke talked really very all also both again who's isn't wasn't didn't doesn't couldn't wouldn't")

// after are words that follow a name in a script without capitals: what stands from the first of them on is no name.
var after = strings.Fields("ہے ھے ہیں ہوں تھا تھی اور میں میری میرا میرے مجھے ہم سے کا کی کے " +
	"و أنا انا وأنا وانا عمري وعمري في من ونحن وعندي عندي ولدي لدي أعيش وأعيش أسكن وأسكن أدرس وأدرس أذهب وأذهب أحب وأحب أريد وأريد لكن ولكن طالب طالبة ولا وقد")

// past finds verbs such as "listened", but not names that end like them, such as Ahmed, Syed or Wilfred.
var (
	past     = regexp.MustCompile(`^\p{Ll}{4,}ed$`)
	pastName = regexp.MustCompile(`(?:m|y|e|al|ash|fr|dr)ed$`)
)

func keepLead(groups []string) (start, end int) { return len(groups[1]), 0 }

// keepRest keeps what follows the name too.
func keepRest(groups []string) (start, end int) {
	at := 0
	for i, word := range strings.Fields(groups[2]) {
		next := at + strings.Index(groups[2][at:], word)
		if i > 0 && slices.Contains(after, word) {
			return len(groups[1]), len(groups[2]) - at
		}
		at = next + len(word)
	}
	return len(groups[1]), 0
}

func keepMeasures(groups []string) (start, end int) {
	if slices.Contains(measures, strings.ToLower(groups[1])) {
		return -1, 0
	}
	return 0, 0
}

func keepTitle(groups []string) (start, end int) {
	if slices.Contains(plain, groups[2]) || past.MatchString(groups[2]) && !pastName.MatchString(groups[2]) {
		return -1, 0
	}
	return strings.Index(groups[0], groups[1]) + len(groups[1]), 0
}

// Redact replaces personal details by labels in square brackets: e-mail and web addresses, handles,
// telephone and NHS numbers and other long numbers, dates, postcodes, street addresses, and names after a
// title or after words such as "my name is", "I'm" and "my son". It returns the kinds that it removed, sorted. label words a
// kind. When in doubt it removes; a person still has to read what remains. Redacting again changes nothing.
func Redact(text string, label func(kind string) string) (clean string, removed []string) {
	const enough = 8 // rounds; what one removal brings together, the next may take
	for range enough {
		before, signs := text, signsOf(text)
		for i := range details {
			if details[i].has&signs == details[i].has {
				text = details[i].remove(text, label, &removed)
			}
		}
		if text == before {
			break
		}
	}
	slices.Sort(removed)
	return text, slices.Compact(removed)
}

func (d *detail) remove(text string, label func(string) string, removed *[]string) string {
	var out strings.Builder
	last := 0
	for _, at := range d.form.FindAllStringSubmatchIndex(text, -1) {
		start, end := 0, 0
		if d.keep != nil {
			start, end = d.keep(groupsOf(text, at))
		}
		kind := d.kind
		if kind == KindNumber {
			kind = numberKind(text[at[0]:at[1]])
		}
		if start < 0 {
			continue
		}
		out.WriteString(text[last : at[0]+start])
		out.WriteString("[" + label(kind) + "]")
		last = at[1] - end
		*removed = append(*removed, kind)
	}
	out.WriteString(text[last:])
	return out.String()
}

func groupsOf(text string, at []int) []string {
	groups := make([]string, len(at)/2)
	for i := range groups {
		if at[2*i] >= 0 {
			groups[i] = text[at[2*i]:at[2*i+1]]
		}
	}
	return groups
}

// numberKind tells telephone numbers (a plus or a leading 0, 10 to 15 digits) and NHS numbers (ten digits,
// the last a check digit modulo 11) from other long numbers.
func numberKind(s string) string {
	digits := make([]int, 0, len(s))
	for _, r := range s {
		if d, ok := digitOf(r); ok {
			digits = append(digits, d)
		}
	}
	switch n := len(digits); {
	case n >= 10 && n <= 15 && (strings.HasPrefix(strings.TrimLeft(s, "("), "+") || digits[0] == 0):
		return KindPhone
	case n == 10 && isNHSNumber(digits):
		return KindNHS
	}
	return KindNumber
}

func digitOf(r rune) (int, bool) {
	for _, zero := range []rune{'0', '\u0660', '\u06f0'} {
		if r >= zero && r <= zero+9 {
			return int(r - zero), true
		}
	}
	return 0, false
}

func isNHSNumber(digits []int) bool {
	sum := 0
	for i, d := range digits[:9] {
		sum += d * (10 - i)
	}
	return (11-sum%11)%11 == digits[9]
}
