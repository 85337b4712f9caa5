package httpapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"linggong/internal/access"
	"linggong/internal/dbx"
)

const sessionCookie = "lg_session"

type (
	actorKey   struct{}
	requestKey struct{}
)

// requestInfo is what the transport knows of a request.
type requestInfo struct {
	id             string
	english        bool
	idempotencyKey string
	who            string // whose idempotency keys: session, or nobody
	bearer         bool
	token          string
}

func requestOf(ctx context.Context) requestInfo {
	info, _ := ctx.Value(requestKey{}).(requestInfo) // absent means the zero value
	return info
}

func actorOf(ctx context.Context) access.Actor {
	if a, ok := ctx.Value(actorKey{}).(access.Actor); ok {
		return a
	}
	return access.Nobody
}

func (a *API) recovered(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // it is compared as net/http does
				panic(p)
			}
			a.renderProblem(c, fmt.Errorf("panic: %v", p))
		}
	}()
	c.Next()
}

func (a *API) requestID(c *gin.Context) {
	info := requestInfo{
		id:             dbx.NewID(),
		english:        strings.HasPrefix(strings.ToLower(c.GetHeader("Accept-Language")), "en"),
		idempotencyKey: c.GetHeader("Idempotency-Key"),
	}
	if t, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer "); ok {
		info.token, info.bearer = t, true
	} else if t, err := c.Cookie(sessionCookie); err == nil {
		info.token = t
	}
	c.Header("X-Request-Id", info.id)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestKey{}, info))
	c.Next()
}

// logged writes one line for each request: the route, never the address as it
// was typed, which may carry what a person searched for.
func (a *API) logged(c *gin.Context) {
	start := a.opts.Now()
	c.Next()
	took := a.opts.Now().Sub(start)
	path := c.FullPath()
	if path == "" {
		path = "(none)"
	}
	observe(c.Request.Method, path, c.Writer.Status(), took)
	actor := actorOf(c.Request.Context())
	a.opts.Log.InfoContext(c.Request.Context(), "request", "method", c.Request.Method, "route", path,
		"status", c.Writer.Status(), "ms", took.Milliseconds(), "role", actor.Role, "account", actor.Account,
		"request", requestOf(c.Request.Context()).id)
}

func securityHeaders(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "camera=(), microphone=(self), geolocation=(self)")
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		h.Set("Cache-Control", "no-store")
	}
	c.Next()
}

// signedIn finds who is acting. A dead or unknown session is nobody, so public
// pages go on working; an operation that needs more says so itself.
func (a *API) signedIn(c *gin.Context) {
	ctx := c.Request.Context()
	info := requestOf(ctx)
	actor := access.Nobody
	if info.token != "" && strings.HasPrefix(c.Request.URL.Path, "/api/") {
		found, err := a.Sessions.Authenticate(ctx, info.token)
		switch {
		case err == nil:
			actor = found
		case !errors.Is(err, access.ErrSignIn):
			a.renderProblem(c, err)
			return
		}
	}
	actor.Origin, actor.Request = c.ClientIP(), info.id
	info.who = cmp.Or(actor.Account, actor.Session) // who signs in anew after a failure repeats her own act
	ctx = context.WithValue(ctx, requestKey{}, info)
	c.Request = c.Request.WithContext(context.WithValue(ctx, actorKey{}, actor))
	c.Next()
}

// csrf refuses what another site's page could make a signed-in browser send:
// such a page cannot set a header of its own.
func csrf(c *gin.Context) {
	switch c.Request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		c.Next()
		return
	}
	info := requestOf(c.Request.Context())
	if !info.bearer && c.GetHeader("X-Linggong") == "" && strings.HasPrefix(c.Request.URL.Path, "/api/") {
		p := newProblem(errCSRF, info.english, info.id)
		c.Header("Content-Type", p.ContentType(""))
		c.AbortWithStatusJSON(p.Status, p)
		return
	}
	c.Next()
}

const (
	readsPerMinute  = 1200 // a station's kiosks share one address
	writesPerMinute = 300
)

func (a *API) limited(c *gin.Context) {
	if a.opts.Limit == nil || !strings.HasPrefix(c.Request.URL.Path, "/api/") {
		c.Next()
		return
	}
	actor := actorOf(c.Request.Context())
	who := actor.Session
	if who == "" {
		who = actor.Origin
	}
	limit, class := readsPerMinute, "read"
	if c.Request.Method != http.MethodGet {
		limit, class = writesPerMinute, "write"
	}
	ok, after, err := a.opts.Limit.Allow(c.Request.Context(), "http:"+class+":"+who, limit, time.Minute)
	if err != nil {
		a.opts.Log.WarnContext(c.Request.Context(), "rate limit", "err", err)
		c.Next()
		return
	}
	if !ok {
		c.Header("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
		a.renderProblem(c, errTooOften)
		return
	}
	c.Next()
}
