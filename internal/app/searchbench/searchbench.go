// Package searchbench measures a city's search as kiosks use it: through the
// contract, beside the engine called directly in the same run. It is all tests:
// small, they hold that the two give the same answer; `make bench-search` gives
// them a hundred thousand postings. docs/search-speed.md says what came out.
package searchbench
