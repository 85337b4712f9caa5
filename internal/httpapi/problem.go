package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/gin-gonic/gin"

	"linggong/internal/dbx"
	"linggong/internal/errs"
)

var (
	errNoMethod = errs.New(errs.NotFound, "method_not_allowed", "此地址不支持这种操作", "This address does not take that method.")
	errTooOften = errs.New(errs.TooMany, "too_many_requests", "操作太频繁，请稍后再试", "Too many requests; try again shortly.")
	errCSRF     = errs.New(errs.Forbidden, "csrf_header_missing", "请求缺少 X-Linggong 头", "The X-Linggong header is missing.")
)

// statuses maps a kind of error to its HTTP status: the one table.
var statuses = map[errs.Kind]int{
	errs.Internal:        http.StatusInternalServerError,
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Forbidden:       http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.Stale:           http.StatusPreconditionFailed,
	errs.TooMany:         http.StatusTooManyRequests,
	errs.Unavailable:     http.StatusServiceUnavailable,
}

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type      string       `json:"type" doc:"stable address of this kind of problem" example:"/problems/shift_full"`
	Title     string       `json:"title"`
	Status    int          `json:"status"`
	Detail    string       `json:"detail" doc:"what happened, in the reader's language"`
	Code      string       `json:"code" doc:"stable; programs decide by it"`
	Rule      string       `json:"rule,omitempty" doc:"the rule that refused" example:"R-PT-05"`
	Source    string       `json:"source,omitempty" doc:"the text the rule comes from"`
	Remedy    string       `json:"remedy,omitempty" doc:"the smallest change that would be allowed"`
	Errors    []errs.Field `json:"errors,omitempty"`
	RequestID string       `json:"request_id,omitempty"`

	Alternatives []PostingHit `json:"alternatives,omitempty" doc:"with shift_full: near postings that still have places"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Code }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func newProblem(e *errs.Error, english bool, requestID string) *Problem {
	p := &Problem{
		Type: "/problems/" + e.Code, Status: statuses[e.Kind], Code: e.Code, Detail: e.Message,
		Rule: e.Rule, Source: e.Source, Remedy: e.Remedy, Errors: e.Fields, RequestID: requestID,
	}
	if english && e.English != "" {
		p.Detail = e.English
	}
	p.Title = http.StatusText(p.Status)
	return p
}

var errInternal = errs.New(errs.Internal, "internal", "系统出了点问题，请稍后再试或联系工作人员", "Something went wrong; try again or ask the staff.")

// problem renders err for the reader and logs what the reader must not see.
func (a *API) problem(ctx context.Context, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	info := requestOf(ctx)
	e, ok := errors.AsType[*errs.Error](dbx.Passing(err))
	switch {
	case errors.Is(err, context.Canceled):
		e = errInternal
	case !ok || e.Kind == errs.Internal:
		a.opts.Log.ErrorContext(ctx, "request failed", "err", err, "request", info.id)
		e = errInternal
	case e.Kind == errs.Unavailable:
		a.opts.Log.WarnContext(ctx, "not available", "err", err, "request", info.id)
	}
	return newProblem(e, info.english, info.id)
}

// renderProblem is problem for what happens outside an operation.
func (a *API) renderProblem(c *gin.Context, err error) {
	p := a.problem(c.Request.Context(), err)
	c.Header("Content-Type", p.ContentType(""))
	c.AbortWithStatusJSON(p.Status, p)
}

// configureHuma makes huma's own refusals look like ours, once per process.
var configureHuma = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = func(hc huma.Context, status int, msg string, causes ...error) huma.StatusError {
		if len(causes) == 1 {
			if p, ok := errors.AsType[*Problem](causes[0]); ok {
				return p
			}
		}
		var info requestInfo
		if hc != nil {
			info = requestOf(hc.Context())
		}
		return newProblem(refusedByContract(status, msg, causes), info.english, info.id)
	}
	huma.NewError = func(status int, msg string, causes ...error) huma.StatusError {
		return newProblem(refusedByContract(status, msg, causes), false, "")
	}
	chineseValidation()
})

// refusedByContract is what huma found wrong with a request before it reached us.
func refusedByContract(status int, _ string, causes []error) *errs.Error {
	e := errs.New(errs.Invalid, "invalid_request", "提交的内容有误，请检查标出的项目", "The request is not valid; see the marked fields.")
	switch status {
	case http.StatusRequestEntityTooLarge:
		e = errs.New(errs.Invalid, "too_large", "提交的内容太大", "The request is too large.")
	case http.StatusUnsupportedMediaType:
		e = errs.New(errs.Invalid, "unsupported_media_type", "不支持这种内容格式，请使用 JSON", "Use application/json.")
	case http.StatusNotAcceptable:
		e = errs.New(errs.Invalid, "not_acceptable", "只能以 JSON 答复", "Only JSON can be answered.")
	case http.StatusInternalServerError:
		return errInternal
	}
	for _, c := range causes {
		if d, ok := c.(huma.ErrorDetailer); ok { // huma hands them over unwrapped
			detail := d.ErrorDetail()
			e = e.On(strings.TrimPrefix(detail.Location, "body."), "invalid", detail.Message)
		}
	}
	return e
}

// chineseValidation puts huma's sentences into the reader's language. The
// value that was refused is never echoed: it may be an ID number.
func chineseValidation() {
	for p, s := range map[*string]string{
		&validation.MsgUnexpectedProperty:             "不认识这个字段",
		&validation.MsgExpectedRFC3339DateTime:        "应为带时区的时间，例如 2026-11-23T07:00:00+08:00",
		&validation.MsgExpectedRFC3339Date:            "应为日期，例如 2026-11-23",
		&validation.MsgExpectedRFC3339Time:            "应为时间，例如 07:00:00",
		&validation.MsgExpectedRFC4122UUID:            "编号格式不对（%v）",
		&validation.MsgExpectedBoolean:                "应为是或否",
		&validation.MsgExpectedNumber:                 "应为数字",
		&validation.MsgExpectedInteger:                "应为整数",
		&validation.MsgExpectedString:                 "应为文字",
		&validation.MsgExpectedArray:                  "应为列表",
		&validation.MsgExpectedObject:                 "应为一组字段",
		&validation.MsgExpectedOneOf:                  "应为其中之一：%s",
		&validation.MsgExpectedMinimumNumber:          "不能小于 %v",
		&validation.MsgExpectedExclusiveMinimumNumber: "必须大于 %v",
		&validation.MsgExpectedMaximumNumber:          "不能大于 %v",
		&validation.MsgExpectedExclusiveMaximumNumber: "必须小于 %v",
		&validation.MsgExpectedMinLength:              "至少 %d 个字",
		&validation.MsgExpectedMaxLength:              "最多 %d 个字",
		&validation.MsgExpectedMatchPattern:           "格式不对（%s）",
		&validation.MsgExpectedBePattern:              "应为 %s",
		&validation.MsgExpectedMinItems:               "至少 %d 项",
		&validation.MsgExpectedMaxItems:               "最多 %d 项",
		&validation.MsgExpectedArrayItemsUnique:       "有重复的项",
		&validation.MsgExpectedRequiredProperty:       "缺少必填项 %s",
	} {
		*p = s
	}
}
