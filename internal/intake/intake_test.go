package intake_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
	"linggong/internal/intake"
	"linggong/internal/intake/intakedb"
	"linggong/internal/region"
)

func service(db *dbx.DB) *intake.Service {
	return intake.NewService(intake.Deps{
		Store: intakedb.NewStore(db), Tx: db, Regions: region.HainingTree(), NewID: dbx.NewID,
		Now: func() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) },
	})
}

// take imports text and returns the verdicts by line.
func take(t *testing.T, s *intake.Service, text []byte, o intake.Options) (intake.Summary, map[int]intake.Verdict, error) {
	t.Helper()
	told := map[int]intake.Verdict{}
	o.Told = func(v intake.Verdict) error {
		if _, twice := told[v.Line]; twice {
			t.Errorf("line %d has two verdicts", v.Line)
		}
		told[v.Line] = v
		return nil
	}
	sum, err := s.Import(t.Context(), bytes.NewReader(text), o)
	return sum, told, err
}

func sample(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/sample.csv")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func has(v intake.Verdict, code string) bool {
	for _, n := range v.Notes {
		if n.Code == code && n.Reason != "" && n.Remedy != "" {
			return true
		}
	}
	return false
}

func TestEveryRowGetsAVerdictAndABadOneStopsNoGoodOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		sum, told, err := take(t, service(db), sample(t), intake.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if sum.Rows != 14 || len(told) != 14 || sum.Outcomes[intake.New] != 10 || sum.Outcomes[intake.Refused] != 4 {
			t.Fatalf("%+v", sum)
		}
		for line, want := range map[int]struct {
			outcome intake.Outcome
			code    string
		}{
			2: {intake.New, ""}, 5: {intake.New, "unlawful_ground"}, 6: {intake.New, "elsewhere"}, 7: {intake.New, "formula"},
			8: {intake.Refused, "title_missing"}, 9: {intake.Refused, "id_missing"}, 10: {intake.Refused, "id_twice"}, 11: {intake.New, "pay_unread"},
			12: {intake.New, "pay_differs"}, 13: {intake.New, "too_few_cells"}, 14: {intake.Refused, "too_many_cells"}, 15: {intake.New, "words_word_fee"},
		} {
			if v := told[line]; v.Outcome != want.outcome || want.code != "" && !has(v, want.code) {
				t.Errorf("line %d: want %s %s, told %+v", line, want.outcome, want.code, v)
			}
		}
	})
}

func TestASecondRunChangesNothingAndAChangedRowIsOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s, text := service(db), sample(t)
		if sum, _, err := take(t, s, text, intake.Options{DryRun: true}); err != nil || sum.Outcomes[intake.New] != 10 {
			t.Fatalf("%+v %v", sum, err)
		}
		if sum, _, err := take(t, s, text, intake.Options{}); err != nil || sum.Outcomes[intake.New] != 10 {
			t.Fatalf("the dry run wrote: %+v %v", sum, err)
		}
		if sum, _, err := take(t, s, text, intake.Options{}); err != nil || sum.Outcomes[intake.Unchanged] != 10 || sum.Outcomes[intake.New] != 0 {
			t.Fatalf("%+v %v", sum, err)
		}
		text = bytes.Replace(text, []byte("200元/天"), []byte("210元/天"), 1)
		if sum, _, err := take(t, s, text, intake.Options{}); err != nil || sum.Outcomes[intake.Changed] != 1 || sum.Outcomes[intake.Unchanged] != 9 {
			t.Fatalf("%+v %v", sum, err)
		}
		var out bytes.Buffer
		if n, err := s.Export(t.Context(), &out); err != nil || n != 10 {
			t.Fatalf("%d %v", n, err)
		}
		if !strings.Contains(out.String(), `'=HYPERLINK`) {
			t.Error("a formula goes out alive")
		}
		if sum, _, err := take(t, s, out.Bytes(), intake.Options{}); err != nil || sum.Outcomes[intake.Unchanged] != 10 || sum.Rows != 10 {
			t.Fatalf("what goes out does not come in the same: %+v %v", sum, err)
		}
	})
}

func TestASheetIsReadInTheEncodingItIsIn(t *testing.T) {
	t.Parallel()
	utf := sample(t)
	for name, e := range map[string]encoding.Encoding{
		"UTF-8":       nil,
		"UTF-8 (BOM)": unicode.UTF8BOM,
		"GB18030":     simplifiedchinese.GB18030,
		"UTF-16":      unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16BE":    unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := utf
			if e != nil {
				var err error
				if text, err = e.NewEncoder().Bytes(utf); err != nil {
					t.Fatal(err)
				}
			}
			dry := intake.NewService(intake.Deps{Store: empty{}, Tx: direct{}, Regions: region.HainingTree(), NewID: dbx.NewID, Now: time.Now})
			sum, told, err := take(t, dry, text, intake.Options{DryRun: true})
			if err != nil || sum.Outcomes[intake.New] != 10 || !strings.HasPrefix(sum.Encoding, strings.TrimSuffix(name, "BE")) {
				t.Fatalf("%+v %v", sum, err)
			}
			if !has(told[8], "title_missing") {
				t.Errorf("%+v", told[8])
			}
		})
	}
}

func TestAFileThatIsNoSheetLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	head := "id,title\n"
	for name, c := range map[string]struct {
		text string
		want error
		says string
	}{
		"empty":             {"", intake.ErrFile, "空"},
		"blank":             {" \n\n", intake.ErrFile, "空"},
		"binary":            {"id,title\n\x00\x01\x00\x02\x03\x00\x00", intake.ErrFile, "二进制"},
		"a workbook":        {"PK\x03\x04xxxx", intake.ErrFile, "xlsx"},
		"no header":         {"1,装卸工\n", intake.ErrHeader, "缺少"},
		"a column twice":    {"id,title,id\n", intake.ErrHeader, "两次"},
		"an unclosed quote": {head + "1,装卸工\n2,\"分拣\n3,打包\n", intake.ErrFile, "第 3 行"},
		"a huge record":     {head + "1,a\n2,\"" + strings.Repeat("很长", 1<<19) + "\"\n", intake.ErrFile, "1 MB"},
	} {
		store := &counting{}
		s := intake.NewService(intake.Deps{Store: store, Tx: direct{}, Regions: region.HainingTree(), NewID: dbx.NewID, Now: time.Now})
		_, err := s.Import(t.Context(), strings.NewReader(c.text), intake.Options{})
		if !errors.Is(err, c.want) || !strings.Contains(err.Error()+message(err), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if store.put > 0 {
			t.Errorf("%s: %d rows were written", name, store.put)
		}
	}
}

func message(err error) string {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return e.Message
	}
	return ""
}

func TestAnImportCutOffHalfWayIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		var text bytes.Buffer
		text.WriteString("id,title\n")
		for i := range 1300 {
			text.WriteString(strings.Repeat("x", i+1) + ",装卸工\n")
		}
		s := service(db)
		ctx, cut := context.WithCancel(t.Context())
		told := 0
		_, err := s.Import(ctx, bytes.NewReader(text.Bytes()), intake.Options{Told: func(intake.Verdict) error {
			if told++; told == 700 {
				cut()
			}
			return nil
		}})
		if err == nil {
			t.Fatal("it was cut off and says nothing")
		}
		sum, err := s.Import(t.Context(), bytes.NewReader(text.Bytes()), intake.Options{})
		if err != nil || sum.Outcomes[intake.New]+sum.Outcomes[intake.Unchanged] != 1300 || sum.Outcomes[intake.Unchanged]%500 != 0 || sum.Outcomes[intake.Unchanged] == 0 {
			t.Fatalf("%+v %v", sum, err)
		}
	})
}

func TestTheRealSheetIsTakenWhole(t *testing.T) {
	t.Parallel()
	const path = "../../../shared/data/postings/postings.csv"
	f, err := os.Open(path)
	if err != nil {
		t.Skip("NOT TESTED on the real postings: " + path + " is not here")
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	s := intake.NewService(intake.Deps{Store: empty{}, Tx: direct{}, Regions: region.HainingTree(), NewID: dbx.NewID, Now: time.Now})
	sum, err := s.Import(t.Context(), f, intake.Options{DryRun: true})
	if err != nil || sum.Rows != 14351 || sum.Outcomes[intake.New] != 14351 || sum.InTheCity != 11 || sum.Notes["pay_unread"] > 20 {
		t.Fatalf("%+v %v", sum, err)
	}
}

// Whatever the bytes, an import ends, and with one verdict a record.
func FuzzImport(f *testing.F) {
	b, err := os.ReadFile("testdata/sample.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("id,title\n\"a\"b,c\n"))
	f.Add([]byte("\xff\xfei\x00d\x00,\x00t\x00i\x00t\x00l\x00e\x00\n\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s := intake.NewService(intake.Deps{Store: empty{}, Tx: direct{}, Regions: region.HainingTree(), NewID: dbx.NewID, Now: time.Now})
		told := 0
		sum, err := s.Import(t.Context(), bytes.NewReader(text), intake.Options{DryRun: true, Told: func(v intake.Verdict) error {
			told++
			if v.Outcome == intake.Refused && len(v.Notes) == 0 {
				t.Error("refused without a reason")
			}
			return nil
		}})
		if err != nil && !errors.Is(err, intake.ErrFile) && !errors.Is(err, intake.ErrHeader) {
			t.Error(err)
		}
		if err == nil && sum.Rows != told {
			t.Errorf("%d rows, %d told", sum.Rows, told)
		}
	})
}

func TestWhatIsKeptIsWhatCame(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s, store := service(db), intakedb.NewStore(db)
		if _, _, err := take(t, s, sample(t), intake.Options{}); err != nil {
			t.Fatal(err)
		}
		var got intake.Posting
		err := store.Each(t.Context(), func(p intake.Posting) error {
			if p.External == "S001" {
				got = p
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := intake.Posting{Source: "sample", External: "S001", Title: "仓库装卸工", Company: "海宁星河物流有限公司", Region: "330481101000", Trade: "loader", MinFen: 20000, MaxFen: 20000, Unit: "day"}
		got.ID, got.Hash, got.Row, got.CreatedAt, got.ReceivedAt = "", "", want.Row, want.CreatedAt, want.ReceivedAt
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

// empty knows nothing and keeps nothing.
type empty struct{}

func (empty) Hashes(context.Context, string, []string) (map[string]string, error) {
	return map[string]string{}, nil
}
func (empty) Put(context.Context, []intake.Posting) error            { return nil }
func (empty) Each(context.Context, func(intake.Posting) error) error { return io.EOF }

type counting struct {
	empty
	put int
}

func (c *counting) Put(_ context.Context, list []intake.Posting) error {
	c.put += len(list)
	return nil
}

// direct is a transaction of nothing.
type direct struct{}

func (direct) InTx(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
