// Package worktext understands Chinese work-search text: it normalises what
// people type, knows the 96 trades (工种) of domain.md §7.5 with their synonyms,
// splits text into the tokens a full-text index stores, and turns a query into
// filters and groups of tokens.
//
// It is pure and holds no data of anyone. It does not search: an index stores
// the [Fields] of [Document], and answers a [Match] the way [Match.Accepts]
// defines; filters (pay, place, facets) are answered by the column snapshot.
//
// Nothing here ever fails on any input: what is not understood stays a word.
package worktext
