package follow

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// What /metrics says. The labels are names of collections and engines, never a
// document's.
var (
	freshness = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Name: "linggong_search_freshness_seconds", Help: "From the act that changed a document until the search engine finds it.",
		Buckets: []float64{.05, .1, .2, .5, 1, 2, 3, 5, 10, 30, 120, 600},
	}, []string{"collection"})
	waiting = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "linggong_search_waiting", Help: "Documents that changed and that the search engine does not find yet.",
	}, []string{"collection"})
	oldest = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "linggong_search_oldest_change_seconds", Help: "Since when the oldest of them waits.",
	}, []string{"collection"})
	refused = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "linggong_search_refused_total", Help: "Documents the search engine refused; each try counts.",
	}, []string{"collection"})
	drift = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "linggong_search_drift_total", Help: "Documents the audit found different from their rows.",
	}, []string{"collection", "engine", "kind"})
	audited = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "linggong_search_audited_seconds", Help: "When the last audit ended, in seconds since 1970.",
	}, []string{"collection", "engine"})
)
