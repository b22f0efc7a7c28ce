// Package exercise holds what surveys, forums and budgets share: words in several languages, areas,
// audience, the decision an exercise feeds, and its opening times.
package exercise
