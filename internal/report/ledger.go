package report

import (
	"sayso/internal/disclosure"
	"sayso/internal/survey"
)

// The parts of the ledgers. What was not covered in a language is PartNotCovered, a colon and its tag.
const (
	PartInWords    = "in_words" // wrote in their own words
	PartTicked     = "ticked"   // answered without words
	PartWithdrawn  = "withdrawn"
	PartHeld       = "held_back" // a person decided that it does not count; why is a ledger of its own
	PartThemed     = "themed"
	PartNoMatch    = "no_match"    // no theme of the codebook was found
	PartNotCovered = "not_covered" // the codebook has no words in the language
	PartEmpty      = "empty"       // said nothing, such as "don't know"
	PartNoCodebook = "no_codebook" // the survey has none
)

func (m *making) responses() (disclosure.Ledger, error) {
	return disclosure.PublishLedger(m.rules, m.tally.received, m.receivedParts())
}

// receivedParts sum to the responses that were received.
func (m *making) receivedParts() []disclosure.Part {
	wrote := m.tally.people(m.plan, wroteRow)
	return []disclosure.Part{
		{Name: PartInWords, Count: wrote},
		{Name: PartTicked, Count: m.tally.people(m.plan, everyoneRow) - wrote},
		{Name: PartWithdrawn, Count: m.tally.withdrawn},
		{Name: PartHeld, Count: m.tally.heldBack()},
	}
}

// held is why responses are held back. Under the floor nothing is said of the reasons.
func (m *making) held() (disclosure.Ledger, error) {
	if m.tally.heldBack() < m.rules.Floor {
		return disclosure.Ledger{Entries: []disclosure.Entry{}}, nil
	}
	var parts []disclosure.Part
	for i, why := range survey.Holds {
		parts = append(parts, disclosure.Part{Name: PartHeld + "." + string(why), Count: m.tally.held[i]})
	}
	return disclosure.PublishLedger(m.rules, m.tally.heldBack(), parts)
}

func (m *making) wrote() (disclosure.Ledger, error) {
	return disclosure.PublishLedger(m.rules, m.tally.people(m.plan, wroteRow), m.wroteParts())
}

// wroteParts sum to the people who wrote. A language is named if those who wrote in it may be counted aloud.
func (m *making) wroteParts() []disclosure.Part {
	if m.plan.book == nil {
		return []disclosure.Part{{Name: PartNoCodebook, Count: m.tally.people(m.plan, noCodebookRow)}}
	}
	parts := []disclosure.Part{
		{Name: PartThemed, Count: m.tally.people(m.plan, themedRow)},
		{Name: PartNoMatch, Count: m.tally.people(m.plan, noMatchRow)},
		{Name: PartEmpty, Count: m.tally.people(m.plan, emptyRow)},
	}
	v := &m.plan.vars[languageVar]
	var others int64
	for i, g := range v.Groups {
		n := m.tally.row(notCoveredRow)[v.first+i]
		switch {
		case n == 0:
		case g.ID != Other && m.figure(WroteTable(v.ID), g.ID).Shown():
			parts = append(parts, disclosure.Part{Name: PartNotCovered + ":" + g.ID, Count: n})
		default:
			others += n
		}
	}
	if others > 0 {
		parts = append(parts, disclosure.Part{Name: PartNotCovered, Count: others})
	}
	return parts
}
