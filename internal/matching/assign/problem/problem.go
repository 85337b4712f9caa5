// Package problem is the assignment of workers to places (指派问题) as data:
// the problem, its result, their file format and what makes them well formed.
//
// It solves nothing. The solver and the checker of its certificate both speak
// these types and nothing else of each other.
package problem

// MaxWeight bounds the absolute value of a weight.
const MaxWeight = 1 << 40

// MaxCapacity bounds a capacity.
const MaxCapacity = 1 << 30

// Sense says whether the sum of weights is to be great or small.
type Sense string

// The senses.
const (
	Max Sense = "max"
	Min Sense = "min"
)

// Problem asks which workers go to which places so that the weights of the
// pairs sum to the best. A pair is made at most once; only listed edges may be
// paired. Ids are free text, unique among workers and among places.
type Problem struct {
	Workers []Worker
	Places  []Place
	Edges   []Edge
	Sense   Sense

	// RequireAllWorkers demands that every worker fills all of its capacity.
	RequireAllWorkers bool
}

// Worker can be paired with up to Capacity places; 0 means 1.
type Worker struct {
	ID       string
	Capacity int64
}

// Units returns the capacity, which is 1 where none is given.
func (w Worker) Units() int64 {
	if w.Capacity == 0 {
		return 1
	}
	return w.Capacity
}

// Place has Capacity seats, at least Min of which must be taken.
type Place struct {
	ID       string
	Capacity int64
	Min      int64
}

// Edge allows a pair. Worker and Place are indexes into the problem's slices.
type Edge struct {
	Worker, Place int32
	Weight        int64
}

// Pair is one worker at one place, by index.
type Pair struct {
	Worker, Place int32
}

// Result is an answer with its certificate. For the sense max, and any prices
// u of workers (≥ 0 unless all are required) and p of places,
//
//	Bound = Σ unitsᵢ·uᵢ + Σ (pⱼ>0 ? capacityⱼ : minⱼ)·pⱼ + Σ max(0, wᵢⱼ−uᵢ−pⱼ)
//
// is at least the value of every lawful set of pairs; the pairs are optimal if
// it equals theirs. For min the same holds of −w, −u, −p: prices have the sign
// of weights. The price of a place is what one more seat there is worth.
type Result struct {
	Pairs     []Pair
	Objective int64 // Σ weights of the pairs
	Optimal   bool  // proved: Objective = Bound
	Bound     int64 // no answer is better than this
	Prices    Prices
}

// Prices are the dual values, in the order of the problem's slices.
type Prices struct {
	Workers []int64
	Places  []int64
}
