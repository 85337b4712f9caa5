package assign

import (
	"hash/fnv"
	"math/bits"
)

// scale writes a weight and a tie-break into one number: weight·unit + tie,
// where the ties of any exchange together stay below unit. The best answer by
// the sum is then the best by weight, and as good as always the only one: it
// does not depend on how it was reached.
type scale struct {
	unit int64
	bits uint // of a tie; 0 where the weights leave no room for it
}

// The number of bits of a tie: fewer would not tell apart, more would not help.
const (
	tieBitsLeast = 8
	tieBitsMost  = 24
)

// room64 is what a scaled weight stays below; sums of four fit in 64 bits.
const room64 = 60

// newScale returns the scale for weights up to heaviest among so many nodes. A
// simple path or cycle visits each node once.
func newScale(heaviest int64, nodes int) scale {
	need := bits.Len64(uint64(2*nodes + 2))
	free := room64 - bits.Len64(uint64(heaviest+1)) - need
	if free < tieBitsLeast {
		return scale{unit: 1}
	}
	tie := min(free-free%8, tieBitsMost) // in steps: a small change of the problem leaves ties as they are
	return scale{unit: 1 << (tie + need), bits: uint(tie)}
}

// tie returns the tie-break of a pair from the hashes of its ends.
func (s scale) tie(a, b uint64) int64 {
	x := (a ^ b) * 0x9E3779B97F4A7C15
	x ^= x >> 32
	x *= 0xD6E8FEB86659FD93
	return int64(x >> (64 - s.bits))
}

// most is above every tie.
func (s scale) most() int64 { return 1 << s.bits }

// points returns the weight of which v is the scaled sum, v off by ties only.
func (s scale) points(v int64) int64 {
	if s.unit == 1 {
		return v
	}
	return (v + s.unit/2) >> bits.TrailingZeros64(uint64(s.unit))
}

// hashID mixes an id with the salt of the day.
func hashID(salt, side, id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(salt))
	h.Write([]byte(side))
	h.Write([]byte(id))
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xFF51AFD7ED558CCD
	x ^= x >> 33
	return x
}
