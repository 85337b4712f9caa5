package worktext_test

import (
	"slices"
	"strings"
	"testing"

	"linggong/internal/worktext"
)

func TestTheTableOfCallingsIsWhole(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, c := range worktext.Callings() {
		if ids[c.ID] || strings.Trim(c.ID, "abcdefghijklmnopqrstuvwxyz") != "" || c.ID == "" {
			t.Errorf("the id %q", c.ID)
		}
		ids[c.ID] = true
		if len(c.Words) == 0 {
			t.Errorf("%s has no word", c.ID)
		}
		for _, w := range slices.Concat(c.Words, c.Asked) {
			if w != worktext.Normalize(w) || len([]rune(w)) < 2 {
				t.Errorf("%s: the word %q", c.ID, w)
			}
		}
	}
	for _, c := range worktext.Callings() {
		for _, id := range slices.Concat(c.Wider, c.Near) {
			if !ids[id] || id == c.ID {
				t.Errorf("%s names %q", c.ID, id)
			}
		}
		for _, id := range c.NearTrades {
			if _, ok := worktext.TradeByID(id); !ok {
				t.Errorf("%s: no trade %q", c.ID, id)
			}
		}
	}
}

// offices are postings that name no trade of the 96.
var offices = map[string]worktext.Fields{
	"accountant":  worktext.Document("财务会计（双休）", "", "", nil),
	"ledger":      worktext.Document("电商总账会计", "", "", nil),
	"control":     worktext.Document("销售财务管控会计", "", "", nil),
	"salesman":    worktext.Document("销售代表（双休）", "", "", nil),
	"headofsales": worktext.Document("审计经理", "", "", nil),
	"maths":       worktext.Document("高中教师（数学方向）", "", "", nil),
	"maths2":      worktext.Document("初中数学老师", "", "", nil),
	"dance":       worktext.Document("舞蹈助教", "", "", nil),
	"mechanic":    worktext.Document("汽车维修专业教师", "", "", nil),
	"phone":       worktext.Document("热线客服", "", "", nil),
	"typing":      worktext.Document("在线打字客服", "", "", nil),
	"property":    worktext.Document("小区客服管家", "", "", nil),
	"trade":       worktext.Document("客服（急招）", "物业管理", "", nil),
	"embedded":    worktext.Document("汽车嵌入式软件工程师", "", "", nil),
	"dispatcher":  worktext.Document("物流车辆调度员", "", "", nil),
	"mentions":    worktext.Document("客服", "与会计对账", "", nil),
	"buyer":       worktext.Document("采购助理", "", "", nil),
	"merchant":    worktext.Document("外贸业务、采购助理", "", "", nil),
}

// A calling is asked for by its name, by what it is a kind of, by what people say
// for it, by its sound, its letters and slips; and a posting has one only where
// its title says so.
func TestCallingsAreUnderstood(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"会计":          "accountant control ledger",
		"做账的":         "accountant control ledger",
		"总账会计":        "ledger",
		"会记":          "accountant control ledger",
		"kuaiji":      "accountant control ledger",
		"kj":          "accountant control ledger",
		"跑业务":         "salesman",
		"审计":          "headofsales",
		"数学老师":        "maths maths2",
		"教数学":         "maths maths2",
		"有没有教初中数学的老师": "maths2",
		"舞蹈":          "dance",
		"接电话":         "phone",
		"打字的客服":       "typing",
		"物业客服":        "property",
		"物业客报":        "property",
		"程序员":         "embedded",
		"嵌入试工程师":      "embedded",
		"派车":          "dispatcher",
		"车辆调渡员":       "dispatcher",
		"采购 不要外贸":     "buyer",
		"采购":          "buyer merchant",
		"会计 -双休":      "control ledger",
		"我学过会计，想找个审计的工作":    "headofsales",
		"会单片机编程，想找嵌入式开发的工作": "embedded",
		"找一个不用打电话只要打字的客服":   "typing",
	} {
		m := worktext.Parse(text, nil).Match()
		var got []string
		for name, f := range offices {
			if m.Accepts(f) {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q finds %q, not %q", text, s, want)
		}
	}
}

// A posting without a trade is what its title says, less what that says by the way:
// where it is, what comes with it, what the worker should also know or need not do.
func TestWhatATitleSaysByTheWayIsNoTradeOfIt(t *testing.T) {
	t.Parallel()
	for title, asked := range map[string][2]string{ // the first finds it, the second does not
		"出纳——幸福之家养老院": {"出纳", "看护老人"},
		"淘宝客服+晚班在家值班": {"客服", "看大门"},
		"数据库管理岗":      {"数据库管理", "库管"},
		"儿童陪伴师不做卫生":   {"陪伴师", "保洁"},
		"行政专员（懂车辆维修）": {"行政", "修理工"},
		"养老院护理员":      {"护理老人", "会计"},
	} {
		f := worktext.Document(title, "", "", nil)
		if !worktext.Parse(asked[0], nil).Match().Accepts(f) {
			t.Errorf("%s is not found by %s", title, asked[0])
		}
		if worktext.Parse(asked[1], nil).Match().Accepts(f) {
			t.Errorf("%s is found by %s", title, asked[1])
		}
	}
}

// What a title says before another job is not that job.
func TestATitleIsItsHead(t *testing.T) {
	t.Parallel()
	if worktext.Parse("医生", nil).Match().Accepts(worktext.Document("针灸推拿教师", "", "", nil)) {
		t.Error("who teaches acupuncture heals nobody")
	}
	if !worktext.Parse("修电脑", nil).Match().Accepts(worktext.Document("桌面运维工程师", "", "", nil)) {
		t.Error("an engineer of what stands before it does that")
	}
}

// Work that is said with more around it than any title holds is found all the same.
func TestWhatIsSaidBesideACallingOnlyRanks(t *testing.T) {
	t.Parallel()
	for asked, c := range map[string][2]string{ // the first is found or near, the second is neither
		"补习班教英语":   {"初中英语教师", "行政前台"},
		"电工教师":     {"电气专业教师", "电工"}, // teaches
		"教心理学":     {"心理健康教师", "护士"},
		"卖新能源车":    {"汽车销售代表", "新能源研究员"},
		"跑外面的销售助理": {"销售助理", "行政助理"},
		"给员工上课的讲师": {"高级讲师", "给排水设计"},
		"外卖运营":     {"平台运营专员", "外卖骑手"},
	} {
		q := worktext.Parse(asked, nil)
		finds := func(title string) bool {
			f := worktext.Document(title, "", "", nil)
			return q.Match().Accepts(f) || q.Near().Accepts(f)
		}
		if !finds(c[0]) {
			t.Errorf("%s does not find %s", asked, c[0])
		}
		if finds(c[1]) {
			t.Errorf("%s finds %s", asked, c[1])
		}
	}
}

// Who can drive a forklift offers that, whatever else she wishes.
func TestASkillThatIsATradeIsStillOffered(t *testing.T) {
	t.Parallel()
	if q := worktext.Parse("本人会开叉车有证，想找仓库里的活", nil); !slices.Contains(q.Trades, "forklift") {
		t.Errorf("%v", q.Trades)
	}
}

func TestWhatIsNearACallingIsOfferedWhereNothingIsIt(t *testing.T) {
	t.Parallel()
	m := worktext.Parse("出纳", nil).Near()
	if !m.Accepts(offices["accountant"]) || m.Accepts(offices["salesman"]) {
		t.Error("an accountant is near to a cashier, a salesman is not")
	}
}

func TestTheCallingIsMarkedWhereItIsFound(t *testing.T) {
	t.Parallel()
	if got := worktext.Parse("做账", nil).Marks("诚聘总账会计一名"); !slices.Equal(got, []string{"总账会计"}) {
		t.Errorf("%q", got)
	}
}
