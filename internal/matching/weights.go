package matching

import (
	"strconv"
	"strings"

	"linggong/internal/errs"
)

// ErrWeights says weights are negative or do not make 1000.
var ErrWeights = errs.New(errs.Invalid, "matching_weights_invalid", "匹配权重须不为负，合计 1000", "Weights must not be negative and must make 1000.")

// Weights say how much each part counts. They make 1000.
type Weights struct{ Skill, Distance, Time, Pay, Reliability, Waiting int64 }

// DefaultWeights are the shipped ones, in force where the city sets none (R-FIT-14).
var DefaultWeights = Weights{Skill: 350, Distance: 250, Time: 150, Pay: 100, Reliability: 100, Waiting: 50}

// ParseWeights reads the six weights in the order trade, distance, time, pay,
// reliability, waiting: "350 250 150 100 100 50". It returns ErrWeights for
// anything else.
func ParseWeights(text string) (Weights, error) {
	fields := strings.Fields(text)
	if len(fields) != parts {
		return Weights{}, ErrWeights
	}
	var v [parts]int64
	for i, f := range fields {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return Weights{}, ErrWeights
		}
		v[i] = n
	}
	w := Weights{v[0], v[1], v[2], v[3], v[4], v[5]}
	return w, w.Check()
}

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
