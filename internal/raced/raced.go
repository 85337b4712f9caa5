// Package raced tells a test whether the race detector watches it. A test that
// is minutes long under it, and gains nothing from it, leaves that run; the
// checks run it once more without (internal/check, "plain go tests").
package raced

import "testing"

// Skip ends a test that takes too long under the race detector.
func Skip(tb testing.TB, why string) {
	tb.Helper()
	if Enabled {
		tb.Skip("under the race detector: " + why + "; the step \"plain go tests\" runs it")
	}
}
