package worktext_test

import (
	"testing"
	"unicode/utf8"

	"linggong/internal/worktext"
)

func TestWhatLooksTheSameIsWrittenTheSame(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"ＱＣ　檢驗":          "qc 检验",
		"  裝卸 \t\n 搬東西 ": "装卸 搬东西",
		"２２元／ｈ":          "22元/h",
		"Lǜ huà gōng":    "lv hua gong",
		"50㎡①":           "50m21",
		"電銲工、縫紉":         "电焊工、缝纫",
		"許村鎮 長安鎮":        "许村镇 长安镇",
		"a\u200bb\ufeff": "ab",
		"\xff":           "",
		"":               "",
	} {
		if got := worktext.Normalize(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestNumbersAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{
		"300": 30000, "三百": 30000, "3百": 30000, "一百二": 12000, "一百二十": 12000, "一百零五": 10500, "两千五": 250000,
		"二十五": 2500, "十五": 1500, "十": 1000, "22.5": 2250, "1,200": 120000, "1.5万": 1500000, "5k": 500000, "一万二": 1200000,
		"三五百": 30000, "五六十": 5000, "二二〇": 22000, "3千五": 350000, "壹佰": 10000, "0.05": 5, "俩": 200,
	} {
		if got, ok := worktext.ParseNumber(in); !ok || got != want {
			t.Errorf("%q is %d (%v), want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "百", "千斤", "三轮", "abc", "300元", "99999999999999999999", "九千九百九十九万万万"} {
		if got, ok := worktext.ParseNumber(in); ok {
			t.Errorf("%q was read as %d", in, got)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, s := range []string{"ＱＣ　檢驗", "三百/天", "\xff\xfe", "İK①…", "a\u200b \u2028", "㎡㎡", "乾麵製"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := worktext.Normalize(s)
		if twice := worktext.Normalize(once); twice != once {
			t.Fatalf("%q became %q and then %q", s, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Fatalf("%q became invalid %q", s, once)
		}
		worktext.FindTrades(s)
		worktext.Tokens(s)
		worktext.Syllables(s)
		worktext.ParseNumber(s)
	})
}
