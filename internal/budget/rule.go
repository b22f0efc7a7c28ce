package budget

import (
	"fmt"
	"slices"
	"strings"
)

// Rule names a way to count, exactly: two rules with different names can fund different projects.
type Rule struct {
	Method   Method
	Add1     bool // repeat with one unit of money more for each voter
	Integral bool // Add1 starts from the equal part rounded down to whole units of money
	Beyond   bool // Add1 goes on when nothing more fits, and stops only over the budget
	Greedy   bool // what is left goes to the most votes, or for scores and places to the most points per money
}

// Method is what a rule does in one count.
type Method string

// The methods.
const (
	GreedyVotes  Method = "greedy_votes"
	GreedyDense  Method = "greedy_votes_per_cost"
	GreedyScores Method = "greedy_score_per_cost"
	GreedyBorda  Method = "greedy_borda_per_cost"
	SharesCost   Method = "mes_cost"
	SharesCount  Method = "mes_card"
	SharesScores Method = "mes_score"
	SharesBorda  Method = "mes_borda"
	Phragmen     Method = "phragmen"
	Maximin      Method = "maximin_support"
	Transfers    Method = "cstv"
	STV          Method = "stv"
)

// Methods are all methods.
var Methods = []Method{
	GreedyVotes, GreedyDense, GreedyScores, GreedyBorda, SharesCost, SharesCount, SharesScores, SharesBorda,
	Phragmen, Maximin, Transfers, STV,
}

func (m Method) shares() bool {
	return m == SharesCost || m == SharesCount || m == SharesScores || m == SharesBorda
}

// completion is the rule by which what equal shares leave is given out.
func (m Method) completion() Method {
	switch m {
	case SharesScores:
		return GreedyScores
	case SharesBorda:
		return GreedyBorda
	}
	return GreedyVotes
}

// ParseRule reads the name of a rule, such as "mes_cost_add1_integral+greedy".
func ParseRule(name string) (Rule, error) {
	var r Rule
	rest, greedy := strings.CutSuffix(name, "+greedy")
	rest, r.Beyond = strings.CutSuffix(rest, "_noexh")
	rest, r.Integral = strings.CutSuffix(rest, "_integral")
	rest, r.Add1 = strings.CutSuffix(rest, "_add1")
	r.Greedy, r.Method = greedy, Method(rest)
	switch {
	case !slices.Contains(Methods, r.Method),
		!r.Add1 && (r.Integral || r.Beyond),
		!r.Method.shares() && (r.Add1 || r.Greedy):
		return Rule{}, fmt.Errorf("there is no rule called %q; there are %s", name, strings.Join(RuleNames(), ", "))
	}
	return r, nil
}

// String returns the name of the rule.
func (r Rule) String() string {
	name := string(r.Method)
	for _, part := range []struct {
		on   bool
		name string
	}{{r.Add1, "_add1"}, {r.Integral, "_integral"}, {r.Beyond, "_noexh"}, {r.Greedy, "+greedy"}} {
		if part.on {
			name += part.name
		}
	}
	return name
}

// RuleNames are the names of all rules.
func RuleNames() []string {
	var names []string
	for _, m := range Methods {
		names = append(names, string(m))
		if !m.shares() {
			continue
		}
		for i := 1; i < 10; i++ { // every variant of Add1, each with and without completion
			r := Rule{Method: m, Add1: i > 1, Integral: i > 1 && (i-2)&4 != 0, Beyond: i > 1 && (i-2)&2 != 0, Greedy: i == 1 || i&1 != 0}
			names = append(names, r.String())
		}
	}
	return names
}

// For says whether the rule can count ballots of the kind. Where points are asked for, a wish without any counts as
// one point, and wishes in order as Borda points upon the ballot. Only wishes in order count by places among all projects.
func (r Rule) For(k Kind) bool {
	return k == Ordinal || r.Method != STV && r.Method != SharesBorda && r.Method != GreedyBorda
}

// RulesFor are the methods that make sense of ballots of the kind: those to lay side by side.
func RulesFor(k Kind) []Rule {
	approvals := []string{"greedy_votes", "greedy_votes_per_cost", "mes_cost", "mes_card", "mes_cost_add1_integral+greedy", "phragmen", "maximin_support"}
	scores := []string{"greedy_votes", "greedy_score_per_cost", "mes_score", "mes_score_add1_integral+greedy"}
	names := approvals
	switch k {
	case Ordinal:
		names = []string{"greedy_votes", "greedy_borda_per_cost", "mes_borda", "mes_borda_add1_integral+greedy", "stv"}
	case Cumulative, Scoring:
		names = append(scores, "cstv")
	}
	rules := make([]Rule, len(names))
	for i, name := range names {
		rules[i], _ = ParseRule(name) // a test reads them all
	}
	return rules
}
