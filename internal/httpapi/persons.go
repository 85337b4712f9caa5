package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/person"
	"linggong/internal/rules"
)

// Persons is the registry of human beings.
type Persons interface {
	List(ctx context.Context, actor access.Actor, f person.Filter) (person.Views, error)
	Person(ctx context.Context, actor access.Actor, id string) (person.View, error)
	Enter(ctx context.Context, actor access.Actor, n person.NewPerson) (person.View, person.Registered, error)
	Change(ctx context.Context, actor access.Actor, id string, c person.Change) (person.View, error)
	Reveal(ctx context.Context, actor access.Actor, id string, fields []person.Field, reason string) (person.Particulars, error)
	Export(ctx context.Context, actor access.Actor, id, reason string) (person.Own, error)
	Consents(ctx context.Context, actor access.Actor, id string) ([]person.Consent, error)
	Agree(ctx context.Context, actor access.Actor, id string, purpose person.Purpose, how person.How) error
	Withdraw(ctx context.Context, actor access.Actor, id string, purpose person.Purpose) error
}

// PersonRoles says what a person is elsewhere. Only those who may read cases
// are told.
type PersonRoles interface {
	// Roles returns what is known of those of ids that are anything, in a few queries.
	Roles(ctx context.Context, ids []string) (map[string]PersonRole, error)
	// InGroup returns the ids of all who are in a key group now.
	InGroup(ctx context.Context, key string) ([]string, error)
}

// PersonRole is what a person is in the rest of the system.
type PersonRole struct {
	HouseholdID string             `json:"household_id,omitempty"`
	Groups      []PersonGroup      `json:"groups"`
	WorkerID    string             `json:"worker_id,omitempty"`
	OpenCase    *PersonCase        `json:"open_case,omitempty"`
	Recognition *PersonRecognition `json:"recognition,omitempty"`
}

// PersonGroup is a key group a person is in.
type PersonGroup struct {
	Key   string   `json:"key"`
	Since day.Date `json:"since" format:"date"`
}

// PersonCase is a person's open help case.
type PersonCase struct {
	ID     string `json:"id" format:"uuid"`
	Status string `json:"status"`
}

// PersonRecognition is a person's latest recognition.
type PersonRecognition struct {
	ID         string   `json:"id" format:"uuid"`
	Status     string   `json:"status"`
	Categories []string `json:"categories"`
	ValidTo    day.Date `json:"valid_to,omitempty" format:"date"`
}

// Person is one registered human being, masked.
type Person struct {
	ID             string      `json:"id" format:"uuid"`
	NameMasked     string      `json:"name_masked"`
	IDNumberMasked string      `json:"id_number_masked,omitempty"`
	PhoneMasked    string      `json:"phone_masked,omitempty"`
	AddressMasked  string      `json:"address_masked,omitempty"`
	Sex            string      `json:"sex,omitempty" enum:"female,male"`
	BirthMonth     string      `json:"birth_month,omitempty" example:"1970-02" doc:"absent where only a year was told"`
	Age            int         `json:"age,omitempty" doc:"absent where no birth is known"`
	Village        string      `json:"village"`
	VillageName    string      `json:"village_name"`
	RetireCategory string      `json:"retire_category,omitempty" enum:"M,F55,F50"`
	Retirement     *Retirement `json:"retirement"`
	Proof          string      `json:"proof" enum:",phone,id_number,document" doc:"how far it is proved who this is"`
	Version        int64       `json:"version"`
	PersonRole
}

// Retirement is the statutory retirement month.
type Retirement struct {
	Month     string `json:"month" example:"2031-09"`
	Label     string `json:"label"`
	Confirmed bool   `json:"confirmed" doc:"false: the category is not recorded, the later age is shown (R-RET-01)"`
}

func (a *API) personRoutes() {
	const tag = "persons 人员"
	handle(a, route{method: http.MethodGet, path: "/persons", id: "list-persons", tag: tag, summary: "人员", may: access.PersonRead}, a.listPersons)
	handle(a, route{method: http.MethodPost, path: "/persons/search", id: "search-persons", tag: tag, summary: "按姓名、手机号、身份证号查找（不进入网址）", may: access.PersonRead}, a.searchPersons)
	handle(a, route{method: http.MethodPost, path: "/persons", id: "register-person", tag: tag, summary: "登记人员", may: access.PersonRegister, status: http.StatusCreated}, a.registerPerson)
	handle(a, route{method: http.MethodGet, path: "/persons/{id}", id: "get-person", tag: tag, summary: "人员", may: access.PersonRead}, a.getPerson)
	handle(a, route{method: http.MethodPut, path: "/persons/{id}", id: "change-person", tag: tag, summary: "修改资料", may: access.PersonChange}, a.changePerson)
	handle(a, route{method: http.MethodPost, path: "/persons/{id}/reveal", id: "reveal-person", tag: tag, summary: "查看完整信息（说明理由，留痕）", may: access.PersonReveal, unkept: true}, a.revealPerson)
	handle(a, route{method: http.MethodPost, path: "/persons/{id}/export", id: "export-person", tag: tag, summary: "导出本人资料", may: access.PersonRead, unkept: true}, a.exportPerson)
	handle(a, route{method: http.MethodGet, path: "/persons/{id}/consents", id: "list-consents", tag: tag, summary: "同意记录", may: access.PersonRead}, a.listConsents)
	handle(a, route{method: http.MethodPost, path: "/persons/{id}/consents", id: "give-consent", tag: tag, summary: "记录同意", may: access.PersonChange}, a.giveConsent)
	handle(a, route{method: http.MethodDelete, path: "/persons/{id}/consents/{purpose}", id: "withdraw-consent", tag: tag, summary: "撤回同意", may: access.PersonChange}, a.withdrawConsent)
}

func (a *API) newPerson(v person.View, role PersonRole) Person {
	c := v.Card
	p := Person{
		ID: v.ID, NameMasked: c.NameMasked, IDNumberMasked: c.IDMasked, PhoneMasked: c.PhoneMasked, AddressMasked: c.AddressMasked,
		Sex: string(c.Sex), Age: c.Age(a.today()), Village: c.Village, VillageName: a.Names.Region(c.Village),
		RetireCategory: string(c.Retire), Proof: string(v.Proof), Version: v.Version, PersonRole: role,
	}
	if p.Groups == nil {
		p.Groups = []PersonGroup{}
	}
	if c.Birth != "" && !c.Declared {
		p.BirthMonth = c.Birth.YearMonth()
		p.Retirement = retirementOf(c)
	}
	return p
}

func retirementOf(c person.Card) *Retirement {
	if c.Sex == "" {
		return nil
	}
	category, known := rules.CategoryOf(string(c.Sex), string(c.Retire))
	month := rules.Retirement(category, c.Birth).Month()
	label := month[:4] + "年" + month[5:] + "月"
	if !known {
		label += "（类别待确认，按较晚年龄计）"
	}
	return &Retirement{Month: month, Label: label, Confirmed: known}
}

// newPersons adds to each what the actor may know of the rest.
func (a *API) newPersons(ctx context.Context, actor access.Actor, all []person.View) ([]Person, error) {
	roles := map[string]PersonRole{}
	if a.PersonRoles != nil && len(all) > 0 && access.May(actor, access.CaseRead) == nil {
		ids := make([]string, len(all))
		for i, v := range all {
			ids[i] = v.ID
		}
		var err error
		if roles, err = a.PersonRoles.Roles(ctx, ids); err != nil {
			return nil, err
		}
	}
	out := make([]Person, len(all))
	for i, v := range all {
		out[i] = a.newPerson(v, roles[v.ID])
	}
	return out, nil
}

func (a *API) person(ctx context.Context, actor access.Actor, v person.View, err error) (*body[Person], error) {
	if err != nil {
		return nil, err
	}
	all, err := a.newPersons(ctx, actor, []person.View{v})
	if err != nil {
		return nil, err
	}
	return &body[Person]{all[0]}, nil
}

type personQuery struct {
	PageQuery
	Q       string `query:"q" maxLength:"40" doc:"a whole name; phones and ID numbers belong into search-persons, not into an address"`
	Village string `query:"village" maxLength:"12" doc:"a village, a town or the city"`
	Group   string `query:"group" maxLength:"40" doc:"key group"`
}

func (a *API) listPersons(ctx context.Context, actor access.Actor, in *personQuery) (*body[list[Person]], error) {
	f := person.Filter{Query: in.Q, Under: regionPrefix(in.Village), Cursor: in.Cursor, Limit: in.Limit}
	if in.Group != "" {
		if err := access.May(actor, access.CaseRead); err != nil {
			return nil, err
		}
		var err error
		if f.IDs, err = a.PersonRoles.InGroup(ctx, in.Group); err != nil {
			return nil, err
		}
		if f.IDs == nil {
			f.IDs = []string{}
		}
	}
	return a.persons(ctx, actor, f)
}

func (a *API) searchPersons(ctx context.Context, actor access.Actor, in *struct {
	Body struct {
		Q       string `json:"q" minLength:"1" maxLength:"40" doc:"a whole name, phone or ID number"`
		Village string `json:"village,omitempty" maxLength:"12"`
	}
},
) (*body[list[Person]], error) {
	return a.persons(ctx, actor, person.Filter{Query: in.Body.Q, Under: regionPrefix(in.Body.Village), Limit: 50})
}

func (a *API) persons(ctx context.Context, actor access.Actor, f person.Filter) (*body[list[Person]], error) {
	page, err := a.Persons.List(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	items, err := a.newPersons(ctx, actor, page.Items)
	if err != nil {
		return nil, err
	}
	return &body[list[Person]]{list[Person]{Items: items, Next: page.Next}}, nil
}

// regionPrefix cuts a 12-digit code to the digits of its level.
func regionPrefix(code string) string {
	for len(code) > 6 && code[len(code)-3:] == "000" {
		code = code[:len(code)-3]
	}
	return code
}

func (a *API) getPerson(ctx context.Context, actor access.Actor, in *ByID) (*body[Person], error) {
	v, err := a.Persons.Person(ctx, actor, in.ID)
	return a.person(ctx, actor, v, err)
}

// PersonEntered is the person that was registered, or was there already.
type PersonEntered struct {
	Person
	Existing bool     `json:"existing" doc:"the ID number was registered already; nothing was changed"`
	Similar  []string `json:"similar" doc:"ids of others with the same phone and name: perhaps the same person"`
}

func (a *API) registerPerson(ctx context.Context, actor access.Actor, in *struct {
	Body struct {
		Name           string `json:"name" minLength:"1" maxLength:"50"`
		IDNumber       string `json:"id_number,omitempty" maxLength:"20"`
		Phone          string `json:"phone,omitempty" maxLength:"20"`
		Address        string `json:"address,omitempty" maxLength:"200"`
		BirthYear      int    `json:"birth_year,omitempty" doc:"where there is no ID number"`
		Village        string `json:"village" minLength:"12" maxLength:"12"`
		RetireCategory string `json:"retire_category,omitempty" enum:"M,F55,F50"`
		Document       bool   `json:"document,omitempty" doc:"the ID card was seen"`
		Consent        string `json:"consent,omitempty" enum:"paper,spoken,self" doc:"to being offered work"`
	}
},
) (*body[PersonEntered], error) {
	b := in.Body
	n := person.NewPerson{
		Name: b.Name, IDNumber: b.IDNumber, Phone: b.Phone, Address: b.Address, BirthYear: b.BirthYear, Village: b.Village,
		Retire: person.RetireCategory(b.RetireCategory), Document: b.Document,
	}
	if b.Consent != "" {
		n.Purpose, n.How = person.ForGigMarket, person.How(b.Consent)
	}
	v, done, err := a.Persons.Enter(ctx, actor, n)
	if err != nil {
		return nil, err
	}
	all, err := a.newPersons(ctx, actor, []person.View{v})
	if err != nil {
		return nil, err
	}
	out := PersonEntered{Person: all[0], Existing: done.Existing, Similar: done.Similar}
	if out.Similar == nil {
		out.Similar = []string{}
	}
	return &body[PersonEntered]{out}, nil
}

func (a *API) changePerson(ctx context.Context, actor access.Actor, in *struct {
	ByID
	IfMatch
	Body struct {
		Name           *string `json:"name,omitempty" minLength:"1" maxLength:"50"`
		IDNumber       *string `json:"id_number,omitempty" maxLength:"20"`
		Phone          *string `json:"phone,omitempty" maxLength:"20"`
		Address        *string `json:"address,omitempty" maxLength:"200"`
		Village        *string `json:"village,omitempty" minLength:"12" maxLength:"12"`
		RetireCategory *string `json:"retire_category,omitempty" enum:"M,F55,F50"`
		Document       bool    `json:"document,omitempty" doc:"the ID card was seen"`
		Reason         string  `json:"reason,omitempty" maxLength:"200"`
	}
},
) (*body[Person], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	c := person.Change{
		Name: b.Name, IDNumber: b.IDNumber, Phone: b.Phone, Address: b.Address, Village: b.Village,
		Document: b.Document, Reason: b.Reason, Version: version,
	}
	if b.RetireCategory != nil {
		c.Retire = ptr(person.RetireCategory(*b.RetireCategory))
	}
	v, err := a.Persons.Change(ctx, actor, in.ID, c)
	return a.person(ctx, actor, v, err)
}

// Revealed is what was asked to be seen whole.
type Revealed struct {
	Name      string `json:"name,omitempty"`
	IDNumber  string `json:"id_number,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Address   string `json:"address,omitempty"`
	ExpiresIn int    `json:"expires_in" doc:"seconds a screen shows it"`
}

func newRevealed(p person.Particulars) Revealed {
	return Revealed{Name: p.Name, IDNumber: p.IDNumber, Phone: p.Phone, Address: p.Address, ExpiresIn: int(person.ShownFor.Seconds())}
}

func (a *API) revealPerson(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Fields []person.Field `json:"fields" minItems:"1" maxItems:"4" enum:"name,id_number,phone,address"`
		Reason string         `json:"reason" maxLength:"200"`
	}
},
) (*body[Revealed], error) {
	p, err := a.Persons.Reveal(ctx, actor, in.ID, in.Body.Fields, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &body[Revealed]{newRevealed(p)}, nil
}

// Consent is what a person agreed to.
type Consent struct {
	Purpose     string     `json:"purpose" enum:"gig_market,publicity,sharing"`
	How         string     `json:"how" enum:"paper,spoken,self"`
	At          time.Time  `json:"at"`
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty"`
}

func newConsents(all []person.Consent) []Consent {
	out := make([]Consent, len(all))
	for i, c := range all {
		out[i] = Consent{Purpose: string(c.Purpose), How: string(c.How), At: c.At, WithdrawnAt: instant(c.WithdrawnAt)}
	}
	return out
}

// PersonExport is everything the registry keeps of a person.
type PersonExport struct {
	ID           string    `json:"id" format:"uuid"`
	Particulars  Revealed  `json:"particulars"`
	Sex          string    `json:"sex,omitempty"`
	Birth        day.Date  `json:"birth,omitempty" format:"date"`
	Village      string    `json:"village"`
	RegisteredAt time.Time `json:"registered_at"`
	Consents     []Consent `json:"consents"`
}

func (a *API) exportPerson(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"200" doc:"required of staff"`
	}
},
) (*body[PersonExport], error) {
	own, err := a.Persons.Export(ctx, actor, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &body[PersonExport]{PersonExport{
		ID: own.Person.ID, Particulars: newRevealed(own.Particulars), Sex: string(own.Person.Sex), Birth: own.Person.Birth,
		Village: own.Person.Village, RegisteredAt: own.Person.CreatedAt, Consents: newConsents(own.Consents),
	}}, nil
}

// consents answers a write with what holds now.
func (a *API) consents(ctx context.Context, actor access.Actor, id string, err error) (*body[list[Consent]], error) {
	if err != nil {
		return nil, err
	}
	all, err := a.Persons.Consents(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &body[list[Consent]]{list[Consent]{Items: newConsents(all)}}, nil
}

func (a *API) listConsents(ctx context.Context, actor access.Actor, in *ByID) (*body[list[Consent]], error) {
	return a.consents(ctx, actor, in.ID, nil)
}

func (a *API) giveConsent(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Purpose string `json:"purpose" enum:"gig_market,publicity,sharing"`
		How     string `json:"how" enum:"paper,spoken,self"`
	}
},
) (*body[list[Consent]], error) {
	return a.consents(ctx, actor, in.ID, a.Persons.Agree(ctx, actor, in.ID, person.Purpose(in.Body.Purpose), person.How(in.Body.How)))
}

func (a *API) withdrawConsent(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Purpose string `path:"purpose" enum:"gig_market,publicity,sharing"`
},
) (*body[list[Consent]], error) {
	return a.consents(ctx, actor, in.ID, a.Persons.Withdraw(ctx, actor, in.ID, person.Purpose(in.Purpose)))
}
