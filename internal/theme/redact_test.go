package theme

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func bare(kind string) string { return kind }

func TestRedact(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Write to sam.jones+1@example.co.uk please", "Write to [email] please"},
		{"sam (at) example.org", "[email]"},
		{"see https://example.com/a?b=c now", "see [link] now"},
		{"www.example.org/x", "[link]"},
		{"on myschool.sch.uk today", "on [link] today"},
		{"follow @kid_99 and @x.y", "follow [handle] and [handle]"},
		{"ring 07700 900123 or 0191 498 0000", "ring [phone] or [phone]"},
		{"ring (0191) 498-0000", "ring [phone]"},
		{"+44 7700 900 123", "[phone]"},
		{"+48 600 000 000", "[phone]"},
		{"٠٧٧٠٠٩٠٠١٢٣", "[phone]"},
		{"my number 943 476 5919 is", "my number [nhs_number] is"},
		{"hospital no. 12345678", "hospital no. [number]"},
		{"born 3/4/2011 here", "born [date] here"},
		{"2011-04-03", "[date]"},
		{"on 3rd of April 2011, then", "on [date], then"},
		{"April 3rd, 2011", "[date]"},
		{"3 września 2012", "[date]"},
		{"3 Medi 2012", "[date]"},
		{"٣ يناير ٢٠١٢", "[date]"},
		{"my dob is 030411", "my dob is [date]"},
		{"I live in NE1 4ST now", "I live in [postcode] now"},
		{"postcode sw1a1aa", "postcode [postcode]"},
		{"at 12 High Street, Leeds", "at [address], Leeds"},
		{"12b Old Mill Lane", "[address]"},
		{"12 high street", "[address]"},
		{"Flat 3, 12 The Green", "[address] [address]"},
		{"we live on Station Road", "we live on [address]"},
		{"i live on station road", "i live on [address]"},
		{"Heol Fawr 12", "[address]"},
		{"my name is sam and I", "my name is [name] and I"},
		{"My name is Sam Jones-Smith and I", "My name is [name] and I"},
		{"my son's name is Ali", "my son's name is [name]"},
		{"I am called Ali", "I am called [name]"},
		{"I'm called ali", "I'm called [name]"},
		{"my sister is called Ffion", "my sister is called [name]"},
		{"mam na imię Ania", "mam na imię [name]"},
		{"Fy enw i yw Siôn", "Fy enw i yw [name]"},
		{"اسمي علي وأنا", "اسمي [name] وأنا"},
		{"میرا نام علی ہے", "میرا نام [name] ہے"},
		{"میرا نام عائشہ خان ہے اور", "میرا نام [name] ہے اور"},
		{"اسمي محمد أحمد", "اسمي [name]"},
		{"اسمي محمد أحمد حسن وأنا هنا", "اسمي [name] وأنا هنا"},
		{"called Sarah Jones", "called [name]"},
		{"a nurse called Sarah helped me", "a nurse called [name] helped me"},
		{"Dr patel", "Dr [name]"},
		{"dr ahmed listened", "dr [name] listened"},
		{"Dr Patel was kind", "Dr [name] was kind"},
		{"Dr. O'Neil", "Dr. [name]"},
		{"dr patel", "dr [name]"},
		{"Mrs Ann Van Dyke helped", "Mrs [name] helped"},
		{"Miss Smith and Mr Khan", "Miss [name] and Mr [name]"},
		{"ms jones", "ms [name]"},
		{"Nurse Joy", "Nurse [name]"},
		{"Hi, I'm Zara and I go there", "Hi, I'm [name] and I go there"},
		{"my son Ali waited", "my son [name] waited"},
		{"Our social worker Jane Smith left", "Our social worker [name] left"},
		{"(Mr Khan)", "(Mr [name])"},
	} {
		got, removed := Redact(c.text, bare)
		if got != c.want || len(removed) == 0 {
			t.Errorf("%q = %q %v, want %q", c.text, got, removed, c.want)
		}
	}
}

func TestRedactLeavesOrdinaryWords(t *testing.T) {
	for _, text := range []string{
		"", "We waited 14 months for help", "I miss school", "the dr was kind", "the nurse was late",
		"It is a 5 minute drive", "3 hours on the road", "I am 12 years old", "10/10", "I'd give it 9 out of 10",
		"call back", "Dr listened to me", "the dr explained it", "we called Camhs again", "I called Mum", "I'm happy", "my son waited", "my son I think", "my GP", "I AM VERY SAD", "my son EHCP", "from 9 to 5", "I may go", "ages 8-11", "A&E in 2021", "the 2 lovely people on the way",
		"نريد حدائق أكثر", "ہمیں مدد چاہیے", "Dim byd", "year 7", "£20 a week", "24/7 help",
	} {
		if got, removed := Redact(text, bare); got != text || removed != nil {
			t.Errorf("%q = %q %v", text, got, removed)
		}
	}
}

func TestRedactNamesWhatItRemoved(t *testing.T) {
	_, removed := Redact("My name is Sam, ring 07700 900123 or 07700 900124", bare)
	if want := []string{KindName, KindPhone}; !slices.Equal(removed, want) {
		t.Errorf("removed %v, want %v", removed, want)
	}
	got, _ := Redact("Dr Patel", func(kind string) string { return "nazwisko" })
	if got != "Dr [nazwisko]" {
		t.Errorf("the caller's label is not used: %q", got)
	}
}

func FuzzRedact(f *testing.F) {
	for _, s := range []string{
		"", "my name is my name is Sam", "Dr Mr Dr Patel", "07700 900123 07700", "1/2/3/4/5/6", "a@b.c@d.e",
		"12 High Street Road Lane", "Flat 1 Flat 2 3 4 5 6", "born 1 born 2", "[phone] 12 [name] road", "\xff Dr \xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once, _ := Redact(text, bare)
		twice, again := Redact(once, bare)
		if once != twice {
			t.Errorf("%q → %q → %q %v", text, once, twice, again)
		}
		if strings.Contains(once, "sam@example.org") {
			t.Errorf("%q kept an address", text)
		}
	})
}

// TestDetailsHaveTheirSigns looks whether a form that is not tried could have matched.
func TestDetailsHaveTheirSigns(t *testing.T) {
	parts := strings.Fields("sam example .com .uk @ (at) [at] http:// www. / born flat 4 ٤ ۴ 07700 May 1st ul. Road my name is Dr x - , ( [")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 1, 12).Draw(t, "parts"), rapid.SampledFrom([]string{"", " "}).Draw(t, "between"))
		for _, d := range details {
			if d.form.MatchString(text) && signsOf(text)&d.has != d.has {
				t.Errorf("%q holds %s %s, and not its signs", text, d.kind, d.form)
			}
		}
	})
}

func BenchmarkRedact(b *testing.B) {
	const text = "We waited too long for help at school, and nobody told my mum what happens next. It should be easier to ask."
	for b.Loop() {
		Redact(text, bare)
	}
}
