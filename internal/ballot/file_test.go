package ballot

import (
	"slices"
	"strings"
	"testing"

	"sayso/internal/authoring"
	"sayso/internal/exercise"
)

// money is an exercise without fault; the tests break it in one place each.
const money = `id: early
area: vale
title: {en: Money for help early on}
why: {en: There is money to share out.}
next: {en: The board answers.}
audience: {en: For 8 to 25}
picture: school
minutes: 5
decision:
  what: {en: What is funded}
  who: {en: the board}
  on: 2027-03-14
opens: 2026-12-01
closes: 2027-01-31
languages:
  - tag: en
    checked_by: youth council
voices: [self, helped, carer]
ballot: tick
amount: 400000
coin: 1000
rule: mes_cost_add1_integral+greedy
seed: dice 1 6 3 3 5
limits:
  - category: sport
    name: {en: Sport}
    most: 1
questions:
  - id: age
    role: age_band
    ask: {en: How old are you?}
  - id: you
    role: priority
    ask: {en: Is one of these you?}
    options:
      - {id: in-care, text: {en: I am in care}}
      - {id: none, text: {en: None of these}, alone: true}
projects:
  - id: room
    name: {en: A quiet room}
    text: {en: A room.}
    cost: 120000
    cost_from: 90000
    groups: [8-11, in-care]
    place: marsh
    help: early
  - id: hall
    name: {en: Late sports hall}
    text: {en: A hall.}
    cost: 60000
    category: sport
  - id: bikes
    name: {en: Bike lessons}
    text: {en: Lessons.}
    cost: 45000
    category: sport
`

func someKnown(t testing.TB) authoring.Known {
	t.Helper()
	areas, err := exercise.NewAreas([]exercise.Area{{ID: "vale", Name: exercise.Text{"en": "Vale"}, Places: []exercise.Area{{ID: "marsh", Name: exercise.Text{"en": "Marsh"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return authoring.Known{Areas: areas, Picture: func(id string) bool { return id == "school" }, Language: func(tag string) bool { return tag == "en" || tag == "ur" }}
}

// sample is the exercise with parts replaced.
func sample(t testing.TB, replace ...string) Exercise {
	t.Helper()
	e, problems := ReadFile([]byte(strings.NewReplacer(replace...).Replace(money)), someKnown(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return e
}

func TestReadFile(t *testing.T) {
	e := sample(t)
	if e.Amount != 400_000_00 || e.Projects[0].CostFrom.Coins(e.Coin) != 90 || e.Projects[2].Cost != 45_000_00 {
		t.Errorf("money is read as %d, %+v", e.Amount, e.Projects)
	}
	e = sample(t, "coin: 1000\n", "", "cost: 45000", `cost: "45000.05"`)
	if pounds, pence := e.Projects[2].Cost.Pounds(); e.Projects[2].Cost != 45_000_05 || pounds != 45000.05 || !pence {
		t.Errorf("pence are read as %d", e.Projects[2].Cost)
	}
}

// second stands in place of "ballot: tick" where people vote in two ways.
const second = `ballot: purse
for: {en: For 12 to 25}
also: {ballot: up_to, most: 3, coin: 5000, for: {en: For 7 to 11}}`

func TestTwoWaysToVote(t *testing.T) {
	e := sample(t, "ballot: tick", second, "coin: 1000\n", "")
	if e.Ballot != Purse || e.Coin != 0 || e.Also.Ballot != UpTo || e.Also.Most != 3 || e.Also.Coin != 5000_00 || e.Also.For["en"] != "For 7 to 11" {
		t.Errorf("read %+v, %+v", e, e.Also)
	}
	for _, c := range []struct{ from, to, want string }{
		{"ballot: up_to, most: 3", "ballot: up_to", "Say how many one may choose, or give, at most (most), from 1 to 1000."},
		{"ballot: up_to, most: 3", "ballot: points, most: 3", "Two ways to vote must count alike, so each is one of tick, up_to, purse."},
		{"ballot: purse", "ballot: order\nmost: 3", "Two ways to vote must count alike, so each is one of tick, up_to, purse."},
		{"ballot: up_to, most: 3, coin: 5000", "ballot: purse", "Both ways to vote are the same. Change one of them, or take also away."},
		{"coin: 5000", "coin: 7000", "The amount is no whole number of coins. Choose what a coin stands for so that it is."},
		{"coin: 5000", "coin: 25000", "The cost is no whole number of coins. Round it up."},
		{", for: {en: For 7 to 11}", "", "Write whom the second way to vote is for (for) in English (en)."},
		{"for: {en: For 12 to 25}\n", "", "Write whom the first way to vote is for (for) in English (en)."},
		{"\nalso: {ballot: up_to, most: 3, coin: 5000, for: {en: For 7 to 11}}", "", "For is whom this way to vote is for, where there is another (also). Take it away, or write the other."},
	} {
		whole := strings.NewReplacer("ballot: tick", second, "coin: 1000\n", "").Replace(money)
		broken := strings.Replace(whole, c.from, c.to, 1)
		if broken == whole {
			t.Errorf("there is no %q to break", c.from)
		}
		_, problems := ReadFile([]byte(broken), someKnown(t))
		if !slices.ContainsFunc(problems, func(p authoring.Problem) bool { return p.Sentence == c.want }) {
			t.Errorf("%s: says %v, want %s", c.to, problems, c.want)
		}
	}
}

func TestReadFileSaysWhatToMend(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"amount: 400000", "amount: 400,000", `20: "amount": this is no amount of money. Write pounds in digits without commas, such as 120000 or 1250.50`},
		{"amount: 400000\n", "", "1: Say how many pounds there are to share out, such as amount: 400000."},
		{"amount: 400000", "amount: [4]", `20: "amount" is one value, not a list or fields. Write it on this line.`},
		{"coin: 1000", "coin: 700", "21: The amount is no whole number of coins. Choose what a coin stands for so that it is."},
		{"ballot: tick", "ballot: tik", "19: Say how people vote: one of tick, up_to, order, points, purse, thumbs."},
		{"ballot: tick", "ballot: up_to", "1: Say how many one may choose, or give, at most (most), from 1 to 1000."},
		{"ballot: tick", "ballot: tick\nmost: 3", "20: A ballot of the kind tick has no most. Take it away."},
		{"rule: mes_cost_add1_integral+greedy", "rule: stv", "22: The rule stv counts favourites in order (ballot: order)."},
		{"rule: mes_cost_add1_integral+greedy", "rule: mes_borda", "22: The rule mes_borda counts favourites in order (ballot: order)."},
		{"ballot: tick", "ballot: up_to\nmost: 4", "20: One may choose 4 (most), and there are only 3 projects. Write a smaller number."},
		{"ballot: tick", "ballot: order\nmost: 4", "20: One may choose 4 (most), and there are only 3 projects. Write a smaller number."},
		{"seed: dice 1 6 3 3 5", "seed: x", "23: Write the seed of the lot that breaks ties, of at least 6 letters or digits, drawn where people can see it."},
		{"cost: 60000", "cost: 0", "50: Say what the project costs, in pounds, at the most."},
		{"cost_from: 90000", "cost_from: 190000", "43: cost_from is what it costs at the least, and more than cost. Exchange them."},
		{"place: marsh", "place: hill", `45: The area has no place called "hill".`},
		{"help: early", "help: soon", "46: Say early or late, or leave help out."},
		{"[8-11, in-care]", "[8-11, girls]", `44: There is no group called "girls". Groups are age bands (0-3, 4-7, 8-11, 12-15, 16-17, 18-25, 26+) and options of the question with the role priority.`},
		{"id: bikes", "id: room", `52: Two projects are called "room". Give one of them another id.`},
		{"  - category: sport", "  - category: music", `25: No project is of the category "music".`},
		{"role: priority", "role: quote", "33: Say what is asked about the person: one of age_band, place, priority, group."},
		{"amount: 400000", "sum: 400000", "20: There is no field called"},
	} {
		broken := strings.Replace(money, c.from, c.to, 1)
		if broken == money {
			t.Errorf("there is no %q to break", c.from)
		}
		_, problems := ReadFile([]byte(broken), someKnown(t))
		found := false
		for _, p := range problems {
			found = found || strings.HasPrefix(p.String(), c.want)
		}
		if !found {
			t.Errorf("%s: says %v, want %s", c.to, problems, c.want)
		}
	}
}

func TestRulesForFavouritesInOrder(t *testing.T) {
	const by = "rule: mes_cost_add1_integral+greedy"
	for rule, want := range map[string]string{
		"mes_score+greedy":               "By mes_score+greedy a vote for one project alone would be worth nothing. For favourites in order write rule: mes_borda+greedy.",
		"mes_score_add1_integral+greedy": "By mes_score_add1_integral+greedy a vote for one project alone would be worth nothing. For favourites in order write rule: mes_borda_add1_integral+greedy.",
		"greedy_score_per_cost":          "By greedy_score_per_cost a vote for one project alone would be worth nothing. For favourites in order write rule: greedy_borda_per_cost.",
		"cstv":                           "The rule cstv counts points (ballot: points). For favourites in order write rule: mes_borda+greedy, or rule: stv.",
	} {
		_, problems := ReadFile([]byte(strings.NewReplacer("ballot: tick", "ballot: order\nmost: 3", by, "rule: "+rule).Replace(money)), someKnown(t))
		if len(problems) != 1 || problems[0].Sentence != want {
			t.Errorf("%s: says %v, want %s", rule, problems, want)
		}
		sample(t, "ballot: tick", "ballot: points\nmost: 10", by, "rule: "+rule)
	}
	for _, rule := range []string{"mes_borda+greedy", "greedy_borda_per_cost", "stv", "mes_cost"} {
		sample(t, "ballot: tick", "ballot: order\nmost: 3", by, "rule: "+rule)
	}
}
