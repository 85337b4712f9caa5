// Package torture breaks everything around the program, in real processes and
// under load, and compares what clients were told with what is stored. It is
// all tests: a short run in `make test`, the long one by `make torture`, and by
// `make torture-planted` the proof that it would notice. docs/torture.md says
// what came out.
package torture
