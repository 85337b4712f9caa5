// Package errs defines the one error type that may cross a package boundary.
//
// A plain error (fmt.Errorf, a driver error) is an internal failure: users see
// "系统出了点问题", operators see the text in the log. Only an *Error may tell a user
// something, and only through its exported fields.
package errs

import (
	"errors"
	"strings"
)

// Kind is the class of an error. It decides the HTTP status, the exit code and
// whether a job retries; it never decides the wording.
type Kind uint8

// The zero value is Internal, so an unclassified error is never shown.
const (
	Internal        Kind = iota
	Invalid              // the request is malformed or breaks a rule: 422
	Unauthenticated      // no valid session: 401
	Forbidden            // the actor may not do this: 403
	NotFound             // absent, or hidden from this actor: 404
	Conflict             // the state of the thing does not allow it: 409
	Stale                // someone changed the thing since it was read: 412
	TooMany              // a rate limit was reached: 429
	Unavailable          // try again later: 503
)

// Field names one input that was refused and why, in the reader's words.
type Field struct {
	Name    string `json:"name"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Error is an error a caller can act on. A refusal by a rule names the rule,
// its source, and what would be allowed.
type Error struct {
	Kind    Kind
	Code    string // stable snake_case identifier; part of the public API
	Message string // zh-CN, shown as is; never carries ids, SQL or personal data
	English string // the same in English

	Rule   string // rule id of domain.md, "R-PT-05"; empty when no rule refused
	Source string // the text the rule comes from, "劳动合同法 第72条"
	Remedy string // zh-CN: the smallest change that would be allowed

	Fields []Field
	Err    error // cause, for the log only
}

// New returns an error to be declared once, as a package variable.
func New(kind Kind, code, message, english string) *Error {
	return &Error{Kind: kind, Code: code, Message: message, English: english}
}

// With returns a copy of e caused by err. The copy still matches e in errors.Is.
func (e *Error) With(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// Saying returns a copy of e with other words; the code stays.
func (e *Error) Saying(message, english string) *Error {
	c := *e
	c.Message, c.English = message, english
	return &c
}

// Because returns a copy of e that names the rule which refused, its source,
// and what would be allowed.
func (e *Error) Because(rule, source, remedy string) *Error {
	c := *e
	c.Rule, c.Source, c.Remedy = rule, source, remedy
	return &c
}

// On returns a copy of e that points at one more input field.
func (e *Error) On(name, code, message string) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{Name: name, Code: code, Message: message})
	return &c
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	if e.Rule != "" {
		b.WriteString(" (" + e.Rule + ")")
	}
	for _, f := range e.Fields {
		b.WriteString(" " + f.Name + "=" + f.Code)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is matches on Code, so a changed copy equals the variable it came from.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// KindOf returns the kind of the first *Error in err's chain, or Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
