package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/gig"
)

// Employers is the roster of those who post work.
type Employers interface {
	RegisterEmployer(ctx context.Context, actor access.Actor, f gig.EmployerForm) (gig.Employer, error)
	ChangeEmployer(ctx context.Context, actor access.Actor, id gig.EmployerID, f gig.EmployerForm, version int64) (gig.Employer, error)
	VerifyEmployer(ctx context.Context, actor access.Actor, id gig.EmployerID, ok bool, note string) (gig.Employer, error)
	Employer(ctx context.Context, actor access.Actor, id gig.EmployerID) (gig.Employer, error)
	Employers(ctx context.Context, actor access.Actor, f gig.EmployerFilter) (gig.Page[gig.Employer], error)
}

// Employer is one who posts work, masked.
type Employer struct {
	ID                string     `json:"id" format:"uuid"`
	Name              string     `json:"name"`
	Kind              string     `json:"kind" enum:"organisation,household"`
	CreditCodeMasked  string     `json:"credit_code_masked,omitempty"`
	ContactNameMasked string     `json:"contact_name_masked"`
	PhoneMasked       string     `json:"phone_masked"`
	Town              string     `json:"town"`
	TownName          string     `json:"town_name"`
	Village           string     `json:"village"`
	VillageName       string     `json:"village_name"`
	Status            string     `json:"status" enum:"pending,verified,rejected"`
	VerifiedAt        *time.Time `json:"verified_at,omitempty"`
	Evidence          string     `json:"evidence,omitempty" doc:"what the verifier looked at, or why it was rejected"`
	Rating            *Rating    `json:"rating,omitempty" doc:"absent below three ratings"`
	CreatedAt         time.Time  `json:"created_at"`
	Version           int64      `json:"version"`
}

// Rating is an average of stars.
type Rating struct {
	Average float64 `json:"average"`
	Count   int64   `json:"count"`
}

func (a *API) employerRoutes() {
	const tag = "employers 用工主体"
	handle(a, route{method: http.MethodGet, path: "/employers", id: "list-employers", tag: tag, summary: "用工主体名录", may: access.EmployerRead}, a.listEmployers)
	handle(a, route{method: http.MethodPost, path: "/employers/search", id: "search-employers", tag: tag, summary: "按名称、信用代码、手机号查找（不进入网址）", may: access.EmployerRead, unkept: true}, a.searchEmployers)
	handle(a, route{method: http.MethodPost, path: "/employers", id: "register-employer", tag: tag, summary: "登记用工主体", may: access.EmployerRegister, status: http.StatusCreated}, a.registerEmployer)
	handle(a, route{method: http.MethodGet, path: "/employers/me", id: "get-own-employer", tag: tag, summary: "我的用工主体", may: access.EmployerRead}, a.ownEmployer)
	handle(a, route{method: http.MethodPut, path: "/employers/me", id: "put-own-employer", tag: tag, summary: "登记或修改我的用工主体", may: access.EmployerRegister}, a.putOwnEmployer)
	handle(a, route{method: http.MethodGet, path: "/employers/{id}", id: "get-employer", tag: tag, summary: "用工主体", may: access.EmployerRead}, a.getEmployer)
	handle(a, route{method: http.MethodPut, path: "/employers/{id}", id: "change-employer", tag: tag, summary: "修改用工主体", may: access.PostingWrite}, a.changeEmployer)
	handle(a, route{method: http.MethodPost, path: "/employers/{id}/verify", id: "verify-employer", tag: tag, summary: "核验", may: access.EmployerVerify}, a.verifyEmployer)
}

func newRating(sum, count int64) *Rating {
	hundredths := gig.Rating(sum, count)
	if hundredths == 0 {
		return nil
	}
	return &Rating{Average: float64(hundredths) / 100, Count: count}
}

func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (a *API) newEmployer(e gig.Employer) Employer {
	return Employer{
		ID: string(e.ID), Name: e.Name, Kind: string(e.Kind), CreditCodeMasked: e.CreditCodeMasked,
		ContactNameMasked: e.ContactNameMasked, PhoneMasked: e.PhoneMasked,
		Town: e.Town, TownName: a.Names.Region(e.Town), Village: e.Village, VillageName: a.Names.Region(e.Village),
		Status: string(e.Status), VerifiedAt: instant(e.VerifiedAt), Evidence: e.Evidence,
		Rating: newRating(e.RatingSum, e.RatingCount), CreatedAt: e.CreatedAt, Version: e.Version,
	}
}

// EmployerForm is what is written of an employer.
type EmployerForm struct {
	Name        string `json:"name,omitempty" maxLength:"100" doc:"of an organisation; a household is called by its surname"`
	Kind        string `json:"kind,omitempty" enum:"organisation,household"`
	CreditCode  string `json:"credit_code,omitempty" maxLength:"18"`
	ContactName string `json:"contact_name,omitempty" maxLength:"40"`
	Phone       string `json:"phone,omitempty" maxLength:"11"`
	Village     string `json:"village,omitempty" maxLength:"12"`
	Address     string `json:"address,omitempty" maxLength:"200"`
}

func (f EmployerForm) form() gig.EmployerForm {
	return gig.EmployerForm{
		Kind: gig.EmployerKind(f.Kind), Name: f.Name, Village: f.Village,
		Contact: gig.Contact{CreditCode: f.CreditCode, Name: f.ContactName, Phone: f.Phone, Address: f.Address},
	}
}

type employerInput struct{ Body EmployerForm }

type employerChange struct {
	ByID
	IfMatch
	Body EmployerForm
}

type employerQuery struct {
	PageQuery
	Status string `query:"status" enum:"pending,verified,rejected"`
}

// searchEmployers takes whom to look for in the body: a phone stands in no
// address and no log.
func (a *API) searchEmployers(ctx context.Context, actor access.Actor, in *struct {
	Body struct {
		Q string `json:"q" minLength:"1" maxLength:"100" doc:"part of the name, or a whole credit code or phone"`
	}
},
) (*body[list[Employer]], error) {
	page, err := a.Employers.Employers(ctx, actor, gig.EmployerFilter{Query: in.Body.Q, Limit: 50})
	if err != nil {
		return nil, err
	}
	return &body[list[Employer]]{list[Employer]{Items: a.newEmployers(page.Items)}}, nil
}

func (a *API) listEmployers(ctx context.Context, actor access.Actor, in *employerQuery) (*body[list[Employer]], error) {
	page, err := a.Employers.Employers(ctx, actor, gig.EmployerFilter{Status: gig.EmployerStatus(in.Status), Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return &body[list[Employer]]{list[Employer]{Items: a.newEmployers(page.Items), Next: page.Next}}, nil
}

func (a *API) newEmployers(all []gig.Employer) []Employer {
	out := make([]Employer, len(all))
	for i, e := range all {
		out[i] = a.newEmployer(e)
	}
	return out
}

func (a *API) employer(e gig.Employer, err error) (*body[Employer], error) {
	if err != nil {
		return nil, err
	}
	return &body[Employer]{a.newEmployer(e)}, nil
}

func (a *API) registerEmployer(ctx context.Context, actor access.Actor, in *employerInput) (*body[Employer], error) {
	return a.employer(a.Employers.RegisterEmployer(ctx, actor, in.Body.form()))
}

func (a *API) getEmployer(ctx context.Context, actor access.Actor, in *ByID) (*body[Employer], error) {
	return a.employer(a.Employers.Employer(ctx, actor, gig.EmployerID(in.ID)))
}

func (a *API) ownEmployer(ctx context.Context, actor access.Actor, _ *nothing) (*body[Employer], error) {
	if actor.Employer == "" {
		return nil, gig.ErrEmployerNotFound
	}
	return a.employer(a.Employers.Employer(ctx, actor, gig.EmployerID(actor.Employer)))
}

func (a *API) putOwnEmployer(ctx context.Context, actor access.Actor, in *struct {
	IfMatch
	Body EmployerForm
},
) (*body[Employer], error) {
	if actor.Role != access.Employer {
		return nil, access.ErrForbidden
	}
	if actor.Employer == "" {
		return a.employer(a.Employers.RegisterEmployer(ctx, actor, in.Body.form()))
	}
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return a.employer(a.Employers.ChangeEmployer(ctx, actor, gig.EmployerID(actor.Employer), in.Body.form(), version))
}

func (a *API) changeEmployer(ctx context.Context, actor access.Actor, in *employerChange) (*body[Employer], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return a.employer(a.Employers.ChangeEmployer(ctx, actor, gig.EmployerID(in.ID), in.Body.form(), version))
}

func (a *API) verifyEmployer(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		OK     bool   `json:"ok"`
		Reason string `json:"reason" maxLength:"500" doc:"which papers were seen, or why not"`
	}
},
) (*body[Employer], error) {
	return a.employer(a.Employers.VerifyEmployer(ctx, actor, gig.EmployerID(in.ID), in.Body.OK, in.Body.Reason))
}
