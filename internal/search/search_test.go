package search_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"linggong/internal/search"
	"linggong/internal/worktext"
)

func clause(terms ...worktext.Term) worktext.Clause { return worktext.Clause{Any: terms} }

func in(f worktext.Field, phrase bool, tokens ...string) worktext.Term {
	return worktext.Term{Field: f, Tokens: tokens, Phrase: phrase}
}

// Different tokens are different lexemes, the beginning of a token is the
// beginning of its lexeme, and no lexeme holds what an engine might act on.
func TestLexemesKeepTokensApart(t *testing.T) {
	t.Parallel()
	token := rapid.OneOf(rapid.StringN(1, 12, -1), rapid.SampledFrom([]string{"保洁", "保", "ㄅ", "ㄆ", "ㄅ00002bㄆ", "+", "é", "e", "A", "a"}))
	rapid.Check(t, func(t *rapid.T) {
		a, b := token.Draw(t, "a"), token.Draw(t, "b")
		la, lb := search.Lexeme(worktext.InTokens, a), search.Lexeme(worktext.InTokens, b)
		if (a == b) != (la == lb) {
			t.Fatalf("%q and %q became %q and %q", a, b, la, lb)
		}
		if !strings.HasPrefix(search.Lexeme(worktext.InTokens, a+b), la) {
			t.Fatalf("%q does not begin with %q", a+b, a)
		}
		for _, r := range la {
			if !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || 0x3400 <= r && r <= 0x9FA5 || r == 'ㄅ' || r == 'ㄆ') {
				t.Fatalf("%q holds %q", la, r)
			}
		}
	})
	for _, long := range []string{strings.Repeat("长", 5000), strings.Repeat("😀", 5000), strings.Repeat("a", 5000)} {
		if n := utf8.RuneCountInString(search.Lexeme(worktext.InTokens, long)); n > search.MaxTokenRunes*8+1 {
			t.Errorf("a lexeme of %d characters", n)
		}
	}
}

func TestPlanMeansWhatWorktextSays(t *testing.T) {
	t.Parallel()
	tokens := []string{"保洁", "洁工", "保", "bao", "c++", "é"}
	some := func(t *rapid.T, n int) []string {
		return rapid.SliceOfN(rapid.SampledFrom(tokens), 0, n).Draw(t, "tokens")
	}
	clauses := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) worktext.Clause {
		return clause(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) worktext.Term {
			return in(rapid.SampledFrom([]worktext.Field{worktext.InTokens, worktext.InPinyin}).Draw(t, "field"), rapid.Bool().Draw(t, "phrase"), some(t, 3)...)
		}), 0, 3).Draw(t, "terms")...)
	}), 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		f := worktext.Fields{Tokens: strings.Join(some(t, 6), " "), Pinyin: strings.Join(some(t, 3), " ")}
		q := search.Query{Match: worktext.Match{All: clauses.Draw(t, "all"), None: clauses.Draw(t, "none")}}
		if want, got := q.Accepts(f), q.Plan().Accepts(search.Lexemes(f)); want != got {
			t.Fatalf("worktext says %v, the plan %v", want, got)
		}
	})
}

// The pipeline's queries are never too long for the port.
func TestWhateverIsTypedCanBeAsked(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(rapid.StringN(0, 20, -1), rapid.SampledFrom([]string{"保洁", "普工", "零工", "-保安", `"电焊工"`, "bj", "baojie", "+日结", "小时工"}))
	rapid.Check(t, func(t *rapid.T) {
		q := worktext.Parse(strings.Join(rapid.SliceOfN(word, 0, 120).Draw(t, "words"), " "), nil)
		for _, m := range []worktext.Match{q.Match(), q.Near()} {
			if err := (search.Query{Match: m}).Check(); err != nil {
				t.Fatalf("%q: %v", q.Text, err)
			}
		}
	})
}

func TestScopeOfARegion(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"330481101201": "330481101201", "330481101000": "330481101", "330481000000": "330481", "330400000000": "3304", "330000000000": "33",
		"330481101200": "330481101200", "330481": "330481", "": "",
	} {
		if got := search.Scope(code); got != want {
			t.Errorf("%s: %s, want %s", code, got, want)
		}
	}
}

func TestScoreSaysHowAndWhereAClauseHeld(t *testing.T) {
	t.Parallel()
	exact, synonym := in(worktext.InTokens, true, "保洁", "洁员"), in(worktext.InTokens, false, "清洁")
	sound := in(worktext.InPinyin, true, "bao", "jie")
	q := search.Query{Match: worktext.Match{All: []worktext.Clause{clause(exact, synonym, sound)}}}
	s := search.NewScorer(q.Plan())
	filler := strings.Repeat("招聘 ", 60)
	for name, c := range map[string]struct {
		fields worktext.Fields
		want   float64
	}{
		"the word itself":          {worktext.Fields{Tokens: "保洁 洁员"}, 1},
		"not as a phrase":          {worktext.Fields{Tokens: "洁员 保洁 清洁"}, 0.8},
		"a synonym":                {worktext.Fields{Tokens: "清洁"}, 0.8},
		"a sound":                  {worktext.Fields{Pinyin: "bao jie"}, 1 / 1.5},
		"the word far down":        {worktext.Fields{Tokens: filler + "保洁 洁员"}, 0.3},
		"far down, sound in title": {worktext.Fields{Tokens: filler + "保洁 洁员", Pinyin: "bao jie gong"}, 1 / 1.5},
	} {
		if got := s.Score(search.Head(c.fields)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if !search.NewScorer(search.Plan{}).Flat() || s.Flat() {
		t.Error("only a query without words has nothing to score")
	}
}

func TestHeadsAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长长长长 ", 100_000)
	if n := len(search.Head(worktext.Fields{Tokens: long, Pinyin: long, Initials: long})); n > 16_000 {
		t.Errorf("a head of %d bytes", n)
	}
	if h := search.Head(worktext.Fields{Tokens: "a  b", Pinyin: "c"}); h != "ta tb pc" {
		t.Errorf("%q", h)
	}
}

type engine struct {
	hits  []search.Hit
	err   error
	block bool
	asked int
}

func (e *engine) Match(ctx context.Context, _ search.Query) ([]search.Hit, error) {
	e.asked++
	if e.block {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return e.hits, e.err
}

func TestFallbackAnswersAndRecovers(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	primary, secondary := &engine{hits: []search.Hit{{ID: "p"}}}, &engine{hits: []search.Hit{{ID: "s"}}}
	f := search.NewFallback(primary, secondary, func() time.Time { return at })
	ask := func(wantID string, wantDegraded bool, what string) {
		t.Helper()
		a, err := f.Match(t.Context(), search.Query{})
		if err != nil || a.Degraded != wantDegraded || a.Hits[0].ID != wantID {
			t.Errorf("%s: %+v, %v", what, a, err)
		}
		if d, why := f.Health(); d != wantDegraded || d != (why != "") {
			t.Errorf("%s: health %v %q", what, d, why)
		}
	}
	ask("p", false, "all is well")
	primary.err = errors.New("gone")
	ask("s", true, "the primary fails")
	primary.err = nil
	ask("s", true, "it rests")
	if primary.asked != 2 {
		t.Errorf("asked %d times", primary.asked)
	}
	at = at.Add(3 * time.Second)
	ask("p", false, "it is back")
	f.SetBehind(true)
	ask("s", true, "it is behind")
	f.SetBehind(false)
	ask("p", false, "it caught up")
	primary.block = true
	ask("s", true, "it hangs")
}

func TestFallbackDoesNotBlameTheEngine(t *testing.T) {
	t.Parallel()
	primary, secondary := &engine{block: true}, &engine{}
	f := search.NewFallback(primary, secondary, time.Now)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Match(ctx, search.Query{}); !errors.Is(err, context.Canceled) || secondary.asked != 0 {
		t.Errorf("a caller who left: %v", err)
	}
	if _, err := f.Match(t.Context(), search.Query{Region: "x"}); !errors.Is(err, search.ErrRegion) || primary.asked != 1 {
		t.Errorf("a bad query: %v", err)
	}
	if d, _ := f.Health(); d {
		t.Error("degraded for nothing")
	}
	alone := search.NewFallback(nil, &engine{hits: []search.Hit{{ID: "s"}}}, time.Now)
	if a, err := alone.Match(t.Context(), search.Query{}); err != nil || a.Degraded || len(a.Hits) != 1 {
		t.Errorf("the database as the engine: %+v, %v", a, err)
	}
}

func TestSortIsTotal(t *testing.T) {
	t.Parallel()
	hits := search.Sort([]search.Hit{{ID: "c", Score: .5}, {ID: "a", Score: .5}, {ID: "b", Score: 1}, {ID: "d", Score: .1}}, 3)
	if d := cmp.Diff([]search.Hit{{ID: "b", Score: 1}, {ID: "a", Score: .5}, {ID: "c", Score: .5}}, hits); d != "" {
		t.Error(d)
	}
}

// The calling a title is about is its head, and no title is about two by accident.
func TestTheHeadOfATitleCountsMost(t *testing.T) {
	t.Parallel()
	for asked, titles := range map[string][2]string{
		"销售":        {"销售代表", "销售总监"},          // who does the work, before who leads them
		"人事":        {"人事专员", "大客户销售（人力资源方向）"}, // before what another's work is about
		"银行":        {"银行柜员", "银行保安"},          // who bears the name of a field, before who is in it
		"翻译":        {"英语翻译", "俄语翻译客服"},        // a kind of it, before one that stands before another head
		"薪酬专员":      {"薪酬专员", "招聘专员"},          // a word of its own is no wider one
		"做电商运营，双休":  {"电商运营（双休）", "做电商客服（双休）"}, // 做|电商运营
		"会做账的":      {"记账会计", "做帐篷的厂招普工"},      // 会|做账
		"做房产销售":     {"置业顾问", "做房间的服务员"},       //
		"找个弱电安装的工作": {"弱电安装工", "强电电工"},         //
		"kj":        {"会计", "矿井维修工"},           // the more common of two first letters
	} {
		s := search.NewScorer(search.Query{Match: worktext.Parse(asked, nil).Match()}.Plan())
		of := func(title string) float64 { return s.Score(search.Head(worktext.Document(title, "", "", nil))) }
		if first, second := of(titles[0]), of(titles[1]); first <= second {
			t.Errorf("%s: %s (%.2f) does not come before %s (%.2f)", asked, titles[0], first, titles[1], second)
		}
	}
}

func BenchmarkScore(b *testing.B) {
	q := search.Query{Match: worktext.Match{All: []worktext.Clause{clause(in(worktext.InTokens, true, "保洁", "洁员"), in(worktext.InPinyin, true, "bao", "jie"))}}}
	s := search.NewScorer(q.Plan())
	head := search.Head(worktext.Document("小区物业招聘清洁人员早晚两班", "地址在许村，日结200元", "", nil))
	b.ReportMetric(float64(len(head)), "bytes")
	for b.Loop() {
		if s.Score(head) < 0 {
			b.Fatal("a score below nothing")
		}
	}
}

// A sheet as job sites export it is read as it is: pay parsed by machine may be
// no number, a year's pay is twelve months', a city elsewhere is a word.
func TestASheetOfAJobSiteIsReadAsDocuments(t *testing.T) {
	t.Parallel()
	const sheet = "id,title,city,district,salary_raw,pay_unit,salary_min,employment_type,welfare,skills,work_hours,description\n" +
		"a,焊工,宁波,慈溪市,7千-1万,month,7000.0,全职,包住,氩弧焊 气保焊,白班,汽车\n" +
		"b,保洁,海宁,许村镇,6-12万/年,year,60000,,,,,\n" +
		"c,电工,,,面议,month,NaN,,,,,\n"
	got, err := search.ReadGoldDocs("sheet.csv", strings.NewReader(sheet))
	if err != nil {
		t.Fatal(err)
	}
	want := []search.GoldDoc{
		{ID: "a", Title: "焊工", Description: "白班 汽车 宁波 慈溪市", PayMinFen: 700_000, PayUnit: "month", Tags: []string{"全职", "包住", "氩弧焊", "气保焊"}},
		{ID: "b", Title: "保洁", Town: "海宁 许村镇", Description: "海宁 许村镇", PayMinFen: 500_000, PayUnit: "month", Tags: []string{}},
		{ID: "c", Title: "电工", PayUnit: "month", Tags: []string{}},
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}
