package matching

import "linggong/internal/errs"

// ErrWeights says weights are negative or do not make 1000.
var ErrWeights = errs.New(errs.Invalid, "matching_weights_invalid", "匹配权重须不为负，合计 1000", "Weights must not be negative and must make 1000.")

// Weights say how much each part counts. They make 1000.
type Weights struct{ Skill, Distance, Time, Pay, Reliability, Waiting int64 }

// DefaultWeights are the shipped ones.
var DefaultWeights = Weights{Skill: 350, Distance: 250, Time: 150, Pay: 100, Reliability: 100, Waiting: 50}

// Check returns ErrWeights for weights that cannot be used.
func (w Weights) Check() error {
	var sum int64
	for _, v := range w.list() {
		if v < 0 {
			return ErrWeights
		}
		sum += v
	}
	if sum != full {
		return ErrWeights
	}
	return nil
}

// list gives them in the order of the parts.
func (w Weights) list() [parts]int64 {
	return [parts]int64{w.Skill, w.Distance, w.Time, w.Pay, w.Reliability, w.Waiting}
}
