package httpapi

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// serveDocument mounts the OpenAPI document. The page that shows it,
// /api/docs, is one of the embedded apps and works offline.
func (a *API) serveDocument(r *gin.Engine) {
	r.GET("/api/openapi.json", func(c *gin.Context) {
		doc, err := a.Document()
		if err != nil {
			a.renderProblem(c, err)
			return
		}
		c.Data(http.StatusOK, "application/json; charset=utf-8", doc)
	})
}
