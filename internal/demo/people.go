package demo

import (
	"context"
	"fmt"
	"strings"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/identity"
	"linggong/internal/person"
	"linggong/internal/region"
)

// staff is who acts for the city hall. Four-eyes rules need different people.
type staff struct {
	caseworkers map[string]access.Actor // by village
	town, town2 map[string]access.Actor // by town prefix
	operators   map[gig.StationID]access.Actor
	bureau      access.Actor
	bureau2     access.Actor
}

// boss is an employer and who acts for it.
type boss struct {
	gig.Employer
	actor access.Actor
	kind  string
}

// worker is a seeker and what the walk must know not to break a rule.
type worker struct {
	view  gig.WorkerView
	actor access.Actor
	town  string
	food  bool
	taken map[day.Date]bool
	week  map[string]int64 // minutes with an employer in a week
}

// stationTowns have a station, 海洲 first: it is the demo operator's.
var stationTowns = []region.Code{"330481002000", "330481101000", "330481103000", "330481004000", "330481110000", "330481112000"}

func (c *city) account(ctx context.Context, n identity.NewAccount) (access.Actor, error) {
	n.Password = Password
	a, err := c.Identity.CreateAccount(ctx, system, n)
	if err != nil {
		return access.Actor{}, fmt.Errorf("account %s: %w", n.Username, err)
	}
	return access.Actor{Role: a.Role, Account: a.ID, Regions: a.Regions, Station: a.Station, Origin: "demo"}, nil
}

func (c *city) makeStaff(ctx context.Context) error {
	c.at(c.today.AddMonths(-12*c.o.Years).Add(-30), 9, 0)
	c.staff = staff{caseworkers: map[string]access.Actor{}, town: map[string]access.Actor{}, town2: map[string]access.Actor{}, operators: map[gig.StationID]access.Actor{}}
	tree := region.HainingTree()
	for i, code := range stationTowns {
		town, _ := tree.Get(code)
		short := strings.TrimSuffix(strings.TrimSuffix(town.Name, "街道"), "镇")
		st, err := c.Gig.OpenStation(ctx, system, gig.Station{
			Name: short + "驿站", Town: string(code), Address: town.Name + "政务服务中心一楼", Place: gig.PointOf(town.Lat, town.Lng),
			Phone: fmt.Sprintf("0573-8701%04d", 2300+i), Hours: "05:30–18:00", Facilities: []string{"热水", "充电", "休息区", "自助机", "大屏"},
		})
		if err != nil {
			return err
		}
		c.stations = append(c.stations, st)
		user := "operator-" + string(code[6:9])
		if i == 0 {
			user = "hz-operator"
		}
		if c.staff.operators[st.ID], err = c.account(ctx, identity.NewAccount{Username: user, Name: short + "驿站值班员", Role: access.Operator, Station: string(st.ID), Regions: []string{code.Prefix()}}); err != nil {
			return err
		}
	}
	for _, n := range []struct {
		to *access.Actor
		a  identity.NewAccount
	}{
		{&c.staff.bureau, identity.NewAccount{Username: "bureau", Name: "市人力社保局经办", Role: access.Bureau}},
		{&c.staff.bureau2, identity.NewAccount{Username: "bureau2", Name: "市人力社保局复核", Role: access.Bureau}},
		{new(access.Actor), identity.NewAccount{Username: "auditor", Name: "审计", Role: access.Auditor}},
		{new(access.Actor), identity.NewAccount{Username: "admin", Name: "系统管理员", Role: access.Admin}},
	} {
		a, err := c.account(ctx, n.a)
		if err != nil {
			return err
		}
		*n.to = a
	}
	return c.makeTownStaff(ctx)
}

// makeTownStaff gives each town two officers and each village a caseworker, one
// for three or four villages.
func (c *city) makeTownStaff(ctx context.Context) error {
	towns := region.HainingTree().Towns()
	for i, town := range towns {
		c.o.Progress("工作人员", i+1, len(towns))
		p, suffix := town.Code.Prefix(), string(town.Code[6:9])
		users := []string{"town-" + suffix, "town2-" + suffix}
		if town.Code == "330481101000" {
			users = []string{"xc-town", "xc-town2"}
		}
		for j, into := range []map[string]access.Actor{c.staff.town, c.staff.town2} {
			a, err := c.account(ctx, identity.NewAccount{Username: users[j], Name: town.Name + []string{"经办", "复核"}[j], Role: access.TownOfficer, Regions: []string{p}})
			if err != nil {
				return err
			}
			into[p] = a
		}
		villages := region.HainingTree().Villages(town.Code)
		for n := 0; n*5 < len(villages); n++ {
			size := 5
			if town.Code == "330481101000" && n == 0 {
				size = 3 // the demo caseworker's three villages
			}
			part := villages[min(len(villages), n*5):min(len(villages), n*5+size)]
			if town.Code == "330481101000" && n == 1 {
				part = villages[3:min(len(villages), 10)]
			}
			if err := c.makeCaseworker(ctx, town, n, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *city) makeCaseworker(ctx context.Context, town region.Region, n int, villages []region.Region) error {
	var codes []string
	for _, v := range villages {
		codes = append(codes, string(v.Code))
	}
	user, name := fmt.Sprintf("caseworker-%s-%d", town.Code[6:9], n+1), pick(c.rnd, surnames)+pick(c.rnd, female)
	if town.Code == "330481101000" && n == 0 {
		user, name = "xc-caseworker", "沈利娟"
	}
	a, err := c.account(ctx, identity.NewAccount{Username: user, Name: name, Role: access.Caseworker, Regions: codes})
	if err != nil {
		return err
	}
	for _, v := range codes {
		c.staff.caseworkers[v] = a
	}
	return nil
}

// firms are the kinds of employers, by how many of a hundred there are.
var firms = []struct {
	kind, form string
	share      int
	towns      []region.Code
}{
	{"经编", "%s经编有限公司", 18, []region.Code{"330481004000", "330481004000", "330481112000"}},
	{"家纺", "%s家纺有限公司", 18, []region.Code{"330481101000", "330481101000", "330481103000"}},
	{"皮革", "%s皮革服饰有限公司", 12, []region.Code{"330481001000", "330481002000", "330481003000"}},
	{"物流", "%s物流有限公司", 12, []region.Code{"330481003000", "330481103000", "330481107000"}},
	{"物业", "%s物业服务有限公司", 9, []region.Code{"330481001000", "330481002000", "330481103000"}},
	{"商场", "%s商业管理有限公司", 4, []region.Code{"330481002000"}},
	{"餐饮", "%s餐饮店", 10, []region.Code{"330481001000", "330481002000", "330481101000", "330481110000"}},
	{"家政", "%s家政服务部", 5, []region.Code{"330481002000", "330481001000"}},
	{"景区", "%s旅游服务有限公司", 2, []region.Code{"330481110000"}},
	{"农场", "%s家庭农场", 6, []region.Code{"330481107000", "330481106000", "330481105000", "330481108000"}},
	{"食品", "%s食品有限公司", 2, []region.Code{"330481107000"}},
	{"制造", "%s新能源科技有限公司", 2, []region.Code{"330481112000", "330481105000"}},
}

func (c *city) villageIn(town region.Code) string {
	return string(pick(c.rnd, region.HainingTree().Villages(town)).Code)
}

func (c *city) makeEmployers(ctx context.Context) error {
	total := c.scaled(300)
	c.at(c.today.AddMonths(-12*c.o.Years).Add(-20), 10, 0)
	n := 0
	for _, f := range firms {
		for range max(1, total*f.share/100) {
			n++
			name := "海宁" + pick(c.rnd, brands) + pick(c.rnd, brands)
			phone := fmt.Sprintf("1380000%04d", n)
			kind := 1
			if strings.HasSuffix(f.form, "店") || strings.HasSuffix(f.form, "部") || strings.HasSuffix(f.form, "农场") {
				kind = 2
			}
			e, err := c.Gig.RegisterEmployer(ctx, system, gig.EmployerForm{
				Kind: gig.Organisation, Name: fmt.Sprintf(f.form, name), Village: c.villageIn(pick(c.rnd, f.towns)),
				Contact: gig.Contact{CreditCode: creditCode(kind, n), Name: pick(c.rnd, surnames) + pick(c.rnd, male), Phone: phone, Address: fmt.Sprintf("%s路 %d 号", pick(c.rnd, []string{"经都", "海昌", "文苑", "长山", "钱江", "水月亭"}), 1+c.rnd.IntN(300))},
			})
			if err != nil {
				return fmt.Errorf("employer %d: %w", n, err)
			}
			if e, err = c.Gig.VerifyEmployer(ctx, c.staff.bureau, e.ID, true, "核对营业执照与委托书"); err != nil {
				return err
			}
			b := boss{Employer: e, kind: f.kind, actor: access.Actor{Role: access.Employer, Employer: string(e.ID), Origin: "demo"}}
			if n == 1 { // the demo's employer signs in with 13800000001
				if _, err := c.Identity.OpenPhoneAccount(ctx, system, identity.Employer, phone, string(e.ID), ""); err != nil {
					return err
				}
			}
			c.bosses = append(c.bosses, b)
			c.o.Progress("用工主体", n, total)
		}
	}
	c.sum.Employers = n
	return nil
}

// human draws someone of an age.
func (c *city) human(age int, man bool, village string) person.NewPerson {
	birth := c.today.AddMonths(-12*age - c.rnd.IntN(12)).Add(-c.rnd.IntN(27))
	given := pick(c.rnd, female)
	if man {
		given = pick(c.rnd, male)
	}
	c.sum.People++
	return person.NewPerson{
		Name: pick(c.rnd, surnames) + given, IDNumber: c.newIDNumber(birth, man), Phone: fmt.Sprintf("1390%07d", c.sum.People),
		Village: village, Address: fmt.Sprintf("%d 组 %d 号", 1+c.rnd.IntN(20), 1+c.rnd.IntN(60)),
	}
}

func (c *city) makePeople(ctx context.Context) error {
	total := c.o.People
	seekers := total * 2 / 5
	for i := range total {
		c.at(c.today.AddMonths(-12*c.o.Years).Add(c.rnd.IntN(30)-15), 8, c.rnd.IntN(59))
		v := pick(c.rnd, c.villages)
		man := c.rnd.IntN(100) < 48
		h := c.human(22+c.rnd.IntN(40), man, string(v.Code))
		if i == 0 { // the demo's worker, 13900000001, lives near the demo's station
			h.Name, h.Village = "李玉珍", string(region.HainingTree().Villages("330481002000")[0].Code)
		}
		if i >= seekers {
			if _, err := c.Persons.Register(ctx, system, h); err != nil {
				return fmt.Errorf("person %d: %w", i, err)
			}
			c.o.Progress("居民", i+1, total)
			continue
		}
		if err := c.makeWorker(ctx, i, h); err != nil {
			return fmt.Errorf("worker %d: %w", i, err)
		}
		c.o.Progress("居民", i+1, total)
	}
	return nil
}

func (c *city) makeWorker(ctx context.Context, i int, h person.NewPerson) error {
	form := gig.WorkerForm{
		Person:  gig.NewPerson{Name: h.Name, IDNumber: h.IDNumber, Phone: h.Phone, Village: h.Village, Consent: gig.ConsentPaper},
		Village: h.Village, RadiusM: int64(3000 + 1000*c.rnd.IntN(10)), FloorHourFen: int64(2300 + 100*c.rnd.IntN(3)),
	}
	for range 1 + c.rnd.IntN(3) {
		form.Trades = append(form.Trades, gig.TradeSkill{Trade: pick(c.rnd, jobs).trade, Level: 1 + c.rnd.IntN(3)})
	}
	form.Trades = distinctTrades(form.Trades)
	food := c.rnd.IntN(100) < 35
	if food {
		form.Certificates = []gig.Certificate{{Kind: "health", Expires: c.today.AddMonths(1 + c.rnd.IntN(11))}}
	}
	w, err := c.Gig.RegisterWorker(ctx, c.staff.operators[c.stations[i%len(c.stations)].ID], form)
	if err != nil {
		return err
	}
	actor := access.Actor{Role: access.Worker, Person: w.PersonID, Origin: "demo"}
	if i == 0 {
		if _, err := c.Identity.OpenPhoneAccount(ctx, system, identity.Worker, h.Phone, "", w.PersonID); err != nil {
			return err
		}
	}
	c.workers = append(c.workers, worker{view: w, actor: actor, town: h.Village[:9], food: food, taken: map[day.Date]bool{}, week: map[string]int64{}})
	return nil
}

func distinctTrades(list []gig.TradeSkill) []gig.TradeSkill {
	seen := map[string]bool{}
	var out []gig.TradeSkill
	for _, t := range list {
		if !seen[t.Trade] {
			seen[t.Trade] = true
			out = append(out, t)
		}
	}
	return out
}
