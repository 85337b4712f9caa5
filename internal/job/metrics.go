package job

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// What /metrics says; a job's arguments are never in it.
var (
	inState = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "linggong_jobs", Help: "Jobs by state; one that is dead waits for a person.",
	}, []string{"state"})
	failures = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "linggong_job_failures_total", Help: "Tries of jobs that failed.",
	}, []string{"kind"})
)

// measureEvery is how old the numbers of /metrics may be.
const measureEvery = 15 * time.Second

// measure counts the jobs in the database: every replica says the same.
func (w *Workers) measure(ctx context.Context) error {
	counts, err := w.q.Count(ctx)
	if err != nil {
		return err
	}
	for _, s := range []State{Ready, Running, Done, Dead} {
		inState.WithLabelValues(string(s)).Set(float64(counts[s]))
	}
	return nil
}
