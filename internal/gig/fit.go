package gig

// Fit is how well a worker and a shift go together, and why.
type Fit struct {
	Total    int64
	Blockers []string
}

// FitOf judges a pair.
func (s *Service) FitOf(w WorkerView, p Posting, sh Shift) Fit { return Fit{} }
