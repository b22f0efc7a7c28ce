// Package budget counts participatory budgets: from projects with a price and anonymous ballots to an outcome, the
// rounds that led to it, and reasons that a page can put into words. It is pure: it reads no clock, no store and no
// network, and two counts of the same ballots in any order give the same outcome.
//
//	rule                      definition                                               source
//	greedy_votes              most votes first; what does not fit is passed over       usual practice; Talmon, Faliszewski, AAAI 2019
//	greedy_votes_per_cost     most votes per unit of money first                       the same
//	greedy_score_per_cost     most points (or Borda points) per unit of money first    the same
//	greedy_borda_per_cost     the same, m-1 points for the first of m projects, m-2 …  the same
//	mes_cost                  equal shares, utility = price of what is funded          Peters, Pierczyński, Skowron, NeurIPS 2021; equalshares.net
//	mes_card                  equal shares, utility = number of wishes funded          Peters, Skowron, EC 2020
//	mes_score                 equal shares, utility = points, or Borda points          Peters, Pierczyński, Skowron, NeurIPS 2021
//	mes_borda                 equal shares, utility = m-1 points for the first of m …  the same
//	…_add1                    again with 1 more per voter, until exhaustive or over    equalshares.net, "Add1"
//	…_add1_integral           the same, starting from B/n rounded down                 the default of the equalshares.net tool
//	…_add1_integral_noexh     the same without the exhaustive stop                     as counted in Wieliczka, 2023
//	…+greedy                  what is left goes to the most votes (points per money)   equalshares.net, "Add1U"
//	phragmen                  voters earn evenly; who can pay first is funded          Phragmén 1894; Brill, Freeman, Janson, Lackner, AAAI 2017
//	maximin_support           keeps the greatest load of any voter least               Sánchez-Fernández and others, AAAI 2021; Aziz, Lee, Talmon, AAMAS 2018
//	cstv                      cumulative support transfers, minimal transfers/cost     Skowron, Slinko, Szufa, Talmon, arXiv:2009.02690
//	stv                       single transferable vote with prices, see stv.go         SSI 2007/42, Scottish Local Government Elections Order
//
// Numbers are exact. Money is whole smallest units (pence). Equal shares and Phragmén keep what voters own as fractions
// over one denominator that grows with the rounds; a float with a proven bound only decides which fractions have to be
// compared. One rule is defined on a grid, and exact upon it: stv, whose votes have five decimals by statute. In cstv
// fractions would double in length every round: it adds up what rounding may have changed, and what may be equal within
// that ties, so that no exact tie is missed (see transfers.go).
//
// Ties are broken by a total order that is published before the ballots open (see Order), and every use is reported.
package budget
