package indicator

import "math/big"

// Value is an exact number in an indicator's raw unit; nil is 不适用, which is
// what a zero denominator gives: never 100 and never 0.
type Value = *big.Rat

// valueOf returns what sums mean for an indicator.
func valueOf(d Definition, s Sums) Value {
	if d.Nature != Ratio {
		return big.NewRat(s.Num, 1)
	}
	if s.Den == 0 {
		return nil
	}
	return new(big.Rat).Mul(big.NewRat(s.Num, s.Den), big.NewRat(100, 1))
}

func fromMicro(micro int64) Value { return big.NewRat(micro, 1_000_000) }

// met compares a value with a target, unrounded.
func met(v Value, op string, target Value) *bool {
	if v == nil || target == nil {
		return nil
	}
	c := v.Cmp(target)
	var ok bool
	switch op {
	case "<":
		ok = c < 0
	case "<=":
		ok = c <= 0
	case ">":
		ok = c > 0
	default:
		ok = c >= 0
	}
	return &ok
}

// Float returns a value for drawing; every comparison uses the exact one.
func Float(v Value) *float64 {
	if v == nil {
		return nil
	}
	f, _ := v.Float64()
	return &f
}
