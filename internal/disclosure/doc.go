// Package disclosure turns raw counts into figures that may be published. Raw counts and published figures
// are different types, and only this package makes the one into the other.
//
// What is hidden at once. The NHS Digital rule for figures below national level ("Disclosure control
// methodology for Hospital Episode Statistics and Emergency Care Data Set", 2018): a count from 1 to 7 is
// written "*", any other is rounded to the nearest 5, totals are computed and then rounded, and percentages
// come from the rounded figures. On top of it, a group of fewer than 10 people is not shown at all, and
// where all or all but one of a group smaller than 30 gave one answer, the answers of that group are hidden.
// Nought is shown: it says that nobody of a group of 10 or more gave an answer, and where that would tell
// what they did say, the rule of all but one hides it. Where nobody in all gave an answer, nought is shown
// for hidden groups too, because it follows.
//
// What is hidden so that this stays hidden. The Government Statistical Service's guidance on disclosure
// control for tables asks for secondary suppression, and for looking at linked tables and at differences
// from what is already out. Here all tables of a snapshot and all earlier releases of the exercise are one
// system of linear equations: every margin is the sum of its parts, and a cell that stands in several tables
// is one cell. A hidden cell can be worked out when its unit vector lies in the row space of the equations
// left after taking out what is shown; exact elimination in whole numbers finds all of these. Simple
// propagation of bounds finds cells that can only lie in a range narrower than the rounding base, which
// count as worked out; it gives outer bounds, so a range may be narrower than it says, but elimination
// assures that it is never one value. Cells are hidden one after another, the cheapest first, until nothing
// is found.
//
// The audit gives the reader more than there is: shown counts are taken as exact, although they are rounded.
// Of earlier releases only the figures are kept, never the counts, so there each figure stands for all
// counts that round to it; counts are taken to grow from one release to the next, unless the figures
// themselves prove that people withdrew.
//
// What is refused. Comparing two releases that differ by one person finds that person. MayReplace lets a
// release follow another only when every group shown has 10 new people, and Publish insists on it. What the
// audit does not cover: that the newcomers to a group, 10 or more, may all have given one answer, which the
// difference of two releases then shows to within the rounding of both.
package disclosure
