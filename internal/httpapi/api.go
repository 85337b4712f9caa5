// Package httpapi is the contract: typed operations, from which the OpenAPI
// document in api/ follows, and how errors, sessions and repeats look outside.
// It decides nothing; a handler turns a request into a use case and its answer
// into a response.
package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/idempotency"
	"linggong/internal/lane"
)

// Base is where every operation of the contract begins.
const Base = "/api/v1"

// ContractVersion is the version of the contract, not of the program: it rises
// when a change could break a client.
const ContractVersion = "1.0.0"

// Options is what the transport itself needs; the services are in Services.
type Options struct {
	Version     string
	Demo        bool
	Secure      bool // cookies only over TLS
	Log         *slog.Logger
	Now         func() time.Time
	Idempotency *idempotency.Store
	Limit       Limiter // nil means no limits
	Lanes       int     // in which applications meet; 0 means 1, for a database with one writer
	Live        Live
	Ready       func(ctx context.Context) []Check
}

// Check is one line of /readyz.
type Check struct {
	Name     string `json:"name"`
	OK       bool   `json:"ok"`
	Required bool   `json:"required"` // not ready without it; else only degraded
	Note     string `json:"note,omitempty"`
}

// Limiter bounds how often something may be done.
type Limiter interface {
	Allow(ctx context.Context, key string, limit int, per time.Duration) (ok bool, retryAfter time.Duration, err error)
}

// API holds the services the handlers call.
type API struct {
	Services
	opts   Options
	lanes  []*lane.Lane[booking, booked]
	huma   huma.API
	routes []RouteInfo
}

// New mounts every operation on r and returns the API.
func New(r *gin.Engine, s Services, o Options) *API {
	configureHuma()
	cfg := huma.DefaultConfig("零工通 Linggong API", ContractVersion)
	cfg.Info.Description = "公共零工市场与就业帮扶。金额为分，时间为 RFC 3339，日期为上海时区的 YYYY-MM-DD。 / Money is fen; dates are Asia/Shanghai days."
	cfg.DocsPath, cfg.SchemasPath, cfg.OpenAPIPath = "", "", ""
	cfg.CreateHooks = nil // no $schema in answers
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie},
		"bearer":  {Type: "http", Scheme: "bearer"},
	}
	a := &API{Services: s, opts: o}
	a.openLanes()
	r.Use(a.recovered, a.requestID, a.logged, securityHeaders, a.signedIn, csrf, a.limited)
	a.huma = humagin.New(r, cfg)
	for _, mount := range operations {
		mount(a)
	}
	a.serveDocument(r)
	a.serveHealth(r)
	r.NoMethod(func(c *gin.Context) { a.renderProblem(c, errNoMethod) })
	return a
}

// Routes lists every operation and who may call it, for the permission matrix.
func (a *API) Routes() []RouteInfo { return a.routes }

// Document returns the OpenAPI document of everything mounted.
func (a *API) Document() ([]byte, error) {
	b, err := json.MarshalIndent(a.huma.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write OpenAPI document: %w", err)
	}
	return append(b, '\n'), nil
}

// route is one operation of the contract.
type route struct {
	method  string
	path    string // below Base
	id      string // operationId, verb-noun
	tag     string
	summary string
	// may is the action whose grant the actor's role must have; the service
	// checks it again against the target. Empty only where public is set.
	may    access.Action
	public bool
	status int // 200 by default
	// unkept marks an operation whose answer is not kept for a repeat: it holds a
	// token, a password or whole personal data, or it does many acts that each
	// stand alone, so that one refusal must not undo the others.
	unkept bool
	// keeps marks an operation that sees to its repeats itself.
	keeps bool
}

// body is a response with nothing but a JSON body.
type body[T any] struct{ Body T }

// list is one page of a list.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"cursor of the next page, empty on the last"`
	Total *int64 `json:"total,omitempty"`
}

// PageQuery is what every list takes. It is exported because huma passes over
// embedded structs that are not.
type PageQuery struct {
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"20"`
}

// nothing is an input or output without fields.
type nothing struct{}

// ByID is the input of operations on one thing; exported as PageQuery is.
type ByID struct {
	ID string `path:"id" format:"uuid"`
}

// handle mounts an operation. The wrapper checks the role, keeps repeated
// requests from acting twice, and turns errors into problems.
func handle[I, O any](a *API, r route, fn func(ctx context.Context, actor access.Actor, in *I) (*O, error)) {
	if r.may == "" && !r.public {
		panic("httpapi: operation " + r.id + " says neither who may nor that it is public")
	}
	for f := range reflect.TypeFor[I]().Fields() {
		if f.Anonymous && !f.IsExported() { // huma does not look into it: its parameters would be ignored in silence
			panic("httpapi: operation " + r.id + " embeds " + f.Name + ", which must be exported")
		}
	}
	a.routes = append(a.routes, RouteInfo{r.method, Base + r.path, r.id, r.may, r.public})
	op := huma.Operation{
		Method: r.method, Path: Base + r.path, OperationID: r.id, Tags: []string{r.tag}, Summary: r.summary,
		DefaultStatus: r.status, MaxBodyBytes: 1 << 20,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusTooManyRequests},
	}
	if !r.public {
		op.Security = []map[string][]string{{"session": {}}, {"bearer": {}}}
	}
	if r.method == http.MethodPost && !r.unkept {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", MaxLength: ptr(100)},
			Description: "同一编号重复提交只办理一次，并得到第一次的答复 / repeating it gives the first answer again",
		})
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		actor := actorOf(ctx)
		if r.may != "" {
			if err := access.May(actor, r.may); err != nil {
				return nil, a.problem(ctx, err)
			}
		}
		call := func(ctx context.Context) (*O, error) { return fn(ctx, actor, in) }
		var out *O
		var err error
		if r.keeps {
			out, err = call(ctx)
		} else {
			out, err = once(ctx, a, r, in, call)
		}
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// once runs fn, or gives the first answer to a repeated request.
func once[I, O any](ctx context.Context, a *API, r route, in *I, fn func(ctx context.Context) (*O, error)) (*O, error) {
	info := requestOf(ctx)
	if r.method != http.MethodPost || r.unkept || info.idempotencyKey == "" || info.who == "" {
		return fn(ctx)
	}
	asked, err := keyed(info, in)
	if err != nil {
		return nil, err
	}
	var out *O
	answer, repeated, err := a.opts.Idempotency.Once(ctx, info.who, info.idempotencyKey, a.opts.Idempotency.Hash(r.id, asked),
		func(ctx context.Context) ([]byte, error) {
			var err error
			if out, err = fn(ctx); err != nil {
				return nil, err
			}
			return writeKept(out)
		})
	if err != nil {
		return nil, err
	}
	if !repeated {
		return out, nil
	}
	return readKept[O](answer)
}

// writeKept and readKept are how an answer is kept for a repeat.
func writeKept[O any](out *O) ([]byte, error) {
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	return b, nil
}

func readKept[O any](kept []byte) (*O, error) {
	out := new(O)
	if err := json.Unmarshal(kept, out); err != nil {
		return nil, fmt.Errorf("read kept answer: %w", err)
	}
	return out, nil
}

// keyed returns what was asked, for the fingerprint beside its key.
func keyed(info requestInfo, in any) ([]byte, error) {
	if len(info.idempotencyKey) > 100 {
		return nil, errs.New(errs.Invalid, "idempotency_key_too_long", "请求编号过长", "The Idempotency-Key is too long.")
	}
	asked, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	return asked, nil
}

// today is the business date of the server.
func (a *API) today() day.Date { return day.Of(a.opts.Now()) }

func ptr[T any](v T) *T { return &v }

// RouteInfo is one operation as the permission matrix lists it.
type RouteInfo struct {
	Method, Path, ID string
	May              access.Action
	Public           bool
}
