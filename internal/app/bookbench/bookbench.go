// Package bookbench measures booking: through the whole program by HTTP, beside
// pgbench with the same rows written by hand. Everything is in its tests;
// `make bench-book` runs them at their whole size.
package bookbench
