package worktext_test

import (
	"regexp"
	"slices"
	"testing"

	"linggong/internal/worktext"
)

func TestThereAreNinetySixTradesAsTheDomainListsThem(t *testing.T) {
	t.Parallel()
	trades := worktext.Trades()
	if len(trades) != 96 {
		t.Fatalf("%d trades", len(trades))
	}
	slug := regexp.MustCompile(`^[a-z]+$`)
	seen := map[string]bool{}
	for i, tr := range trades {
		if tr.No != i+1 || !slug.MatchString(tr.ID) || seen[tr.ID] || tr.Name == "" || tr.English == "" || tr.Group.Name() == "" {
			t.Errorf("row %d: %+v", i+1, tr)
		}
		seen[tr.ID] = true
		if len(tr.Synonyms) == 0 || len(tr.Skills) == 0 {
			t.Errorf("%s has no synonyms or skills", tr.Name)
		}
		if got, ok := worktext.TradeByID(tr.ID); !ok || got.No != tr.No {
			t.Errorf("%s is not found by its id", tr.ID)
		}
	}
	if _, ok := worktext.TradeByID("astronaut"); ok {
		t.Error("an unknown id was found")
	}
}

func TestWhatATradeRefersToExists(t *testing.T) {
	t.Parallel()
	for _, tr := range worktext.Trades() {
		for _, id := range tr.Near {
			other, ok := worktext.TradeByID(id)
			if !ok || id == tr.ID || !other.IsNear(tr.ID) {
				t.Errorf("%s is near %q, which is absent, itself or does not say so", tr.ID, id)
			}
		}
		for _, kinds := range [][]string{tr.Needs, tr.Conditional, tr.Checks} {
			for _, k := range kinds {
				c, ok := worktext.CertificateByKind(k)
				if !ok || c.Query != slices.Contains(tr.Checks, k) {
					t.Errorf("%s names certificate %q", tr.ID, k)
				}
			}
		}
		if len(tr.Conditional) > 0 && tr.Note == "" {
			t.Errorf("%s does not say when its certificate is needed", tr.ID)
		}
	}
}

// R-AGE-03, domain.md §7.5: a sample read off the table by hand.
func TestFlagsAgesAndCertificatesAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id    string
		flags []worktext.Flag
		age   int
		needs []string
	}{
		{"loader", []worktext.Flag{worktext.Heavy}, 16, nil},
		{"electrician", nil, 18, []string{"electric_operation"}},
		{"welder", nil, 18, []string{"welding_operation"}},
		{"forklift", []worktext.Flag{worktext.Vehicle}, 18, []string{"forklift"}},
		{"dyeing", []worktext.Flag{worktext.Toxic, worktext.Heavy, worktext.Night}, 18, nil},
		{"punching", []worktext.Flag{worktext.Machine}, 18, nil},
		{"maternity", []worktext.Flag{worktext.Minors}, 16, nil},
		{"cook", []worktext.Flag{worktext.Food}, 16, []string{"health"}},
		{"guard", []worktext.Flag{worktext.Night}, 18, nil},
		{"cleaner", nil, 16, nil},
	} {
		tr, ok := worktext.TradeByID(c.id)
		if !ok || !slices.Equal(tr.Flags, c.flags) || tr.MinAge != c.age || !slices.Equal(tr.Needs, c.needs) {
			t.Errorf("%s: %+v", c.id, tr)
		}
	}
	if tr, _ := worktext.TradeByID("handwork"); !tr.Older || !tr.Disabled || !tr.Home {
		t.Error("来料加工 suits older and disabled people at home")
	}
}

func TestTheLongestTradeWordWins(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"招绿化工2名":         {"gardener"},
		"化工厂操作":          nil,
		"电焊工":            {"welder"},
		"水电工":            {"plumbelectric"},
		"水电工程":           {"plumbelectric"}, // 水电, not 水电工
		"机电工程师":          nil,
		"服装车间":           nil,
		"环保安全员":          nil,
		"公司机器保养":         nil,
		"叉车工":            {"forklift"},
		"普工":             nil,
		"小时工":            nil,
		"做饭阿姨":           {"nanny"},
		"洗碗阿姨":           {"dishwasher"},
		"缴纳养老保险":         nil,
		"4.2米厢货":         {"truckdriver"},
		"ＣＮＣ操机":          {"cnc"},
		"mqc2":           nil,
		"缝紉工作":           {"sewing"},
		"电工作业":           {"electrician"},
		"装卸、打包":          {"loader", "packer"},
		"":               nil,
		"\xff\xfe保洁\x00": {"cleaner"},
	} {
		var got []string
		for _, m := range worktext.FindTrades(text) {
			got = append(got, m.Trades[0])
			if s := string([]rune(worktext.Normalize(text))[m.From:m.To]); s != m.Word {
				t.Errorf("%q: %q stands where %q was found", text, s, m.Word)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q names %v, want %v", text, got, want)
		}
	}
}

func TestAWordOfTwoTradesNamesBoth(t *testing.T) {
	t.Parallel()
	m := worktext.FindTrades("榨菜厂")
	if len(m) != 1 || !slices.Equal(m[0].Trades, []string{"foodpacker", "pickling"}) {
		t.Fatalf("%+v", m)
	}
}
