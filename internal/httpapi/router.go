package httpapi

import (
	"fmt"
	"log/slog"

	"github.com/gin-gonic/gin"

	"linggong/internal/errs"
)

var errNoAddress = errs.New(errs.NotFound, "address_not_found", "没有这个地址", "There is nothing at this address.")

// NewRouter returns the router that New and the pages are mounted on. Only
// proxies named here are believed about where a request came from.
func NewRouter(proxies []string) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.ContextWithFallback = true
	if err := r.SetTrustedProxies(proxies); err != nil {
		return nil, fmt.Errorf("trusted proxies: %w", err)
	}
	return r, nil
}

// NotFound answers an address that is neither an operation nor a page.
func (a *API) NotFound(c *gin.Context) { a.renderProblem(c, errNoAddress) }

// Contract returns the OpenAPI document; it needs no service and no database.
func Contract() ([]byte, error) {
	r, err := NewRouter(nil)
	if err != nil {
		return nil, err
	}
	return New(r, Services{}, Options{Version: ContractVersion, Log: slog.New(slog.DiscardHandler)}).Document()
}
