package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var requests = promauto.NewHistogramVec(prometheus.HistogramOpts{
	Name: "linggong_http_request_seconds", Help: "How long requests took, by route.",
	Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
}, []string{"method", "route", "status"})

func observe(method, route string, status int, took time.Duration) {
	requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// serveHealth mounts what operators and load balancers ask. It is outside the
// contract: its answers are for machines that watch this one.
func (a *API) serveHealth(r *gin.Engine) {
	r.GET("/healthz", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"status": "alive", "version": a.opts.Version})
	})
	r.GET("/readyz", func(c *gin.Context) {
		checks := a.opts.Ready(c.Request.Context())
		state, status := "ready", http.StatusOK
		for _, k := range checks {
			switch {
			case !k.OK && k.Required:
				state, status = "not ready", http.StatusServiceUnavailable
			case !k.OK && status == http.StatusOK:
				state = "degraded"
			}
		}
		c.JSON(status, gin.H{"status": state, "checks": checks})
	})
	r.GET("/metrics", gin.WrapH(promhttp.Handler()))
}
