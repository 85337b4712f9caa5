//go:build !race

package raced

// Enabled says the race detector is on.
const Enabled = false
