package problem_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/errs"
	"linggong/internal/matching/assign/problem"
)

const good = `{"workers":[{"id":"a"},{"id":"b","capacity":2}],"places":[{"id":"x","capacity":1},{"id":"y","capacity":3,"min":1}],
"edges":[{"worker":"a","place":"x","weight":5},{"worker":"b","place":"y","weight":-7}],"sense":"max","require_all_workers":true}`

var want = problem.Problem{
	Workers: []problem.Worker{{ID: "a", Capacity: 1}, {ID: "b", Capacity: 2}},
	Places:  []problem.Place{{ID: "x", Capacity: 1}, {ID: "y", Capacity: 3, Min: 1}},
	Edges:   []problem.Edge{{Worker: 0, Place: 0, Weight: 5}, {Worker: 1, Place: 1, Weight: -7}},
	Sense:   problem.Max, RequireAllWorkers: true,
}

func TestAProblemIsReadInAnyOrderOfItsKeys(t *testing.T) {
	t.Parallel()
	turned := `{"sense":"max","edges":[{"weight":5,"place":"x","worker":"a"},{"worker":"b","place":"y","weight":-7}],"require_all_workers":true,
	"places":[{"id":"x","capacity":1},{"capacity":3,"min":1,"id":"y"}],"workers":[{"id":"a"},{"id":"b","capacity":2}]}`
	for _, in := range []string{good, turned} {
		got, err := problem.Read(iotest.OneByteReader(strings.NewReader(in)))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	}
}

func TestAProblemWrittenIsTheProblemRead(t *testing.T) {
	t.Parallel()
	odd := want
	odd.Workers = []problem.Worker{{ID: "引号\"与\\", Capacity: 1}, {ID: "<b>\u2028", Capacity: 2}}
	var b bytes.Buffer
	if err := problem.Write(&b, odd); err != nil {
		t.Fatal(err)
	}
	got, err := problem.Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(odd, got); d != "" {
		t.Fatal(d)
	}
}

func TestADamagedProblemSaysWhere(t *testing.T) {
	t.Parallel()
	replace := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the good file", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, c := range map[string]struct{ in, at, code string }{
		"nothing":             {"", "file", "truncated"},
		"no object":           {`[1]`, "file", "syntax"},
		"cut short":           {good[:len(good)/2], "", "truncated"},
		"cut after the edges": {good[:strings.Index(good, `,"sense"`)], "", "truncated"},
		"not JSON":            {replace(`"weight":5`, `"weight":5;`), "edges[0]", "syntax"},
		"something after":     {good + "{}", "", "trailing"},
		"a key twice":         {replace(`"sense":"max"`, `"sense":"max","sense":"min"`), "sense", "duplicate"},
		"an unknown key":      {replace(`"sense"`, `"sens"`), `"sens"`, "unknown"},
		"an unknown field":    {replace(`"weight":5`, `"weight":5,"colour":1`), "edges[0]", "unknown_field"},
		"no sense":            {replace(`,"sense":"max"`, ``), "sense", "required"},
		"another sense":       {replace(`"max"`, `"best"`), "sense", "unknown"},
		"no places":           {`{"workers":[],"edges":[],"sense":"max"}`, "places", "required"},
		"places are null":     {`{"workers":[],"places":null,"edges":[],"sense":"max"}`, "places", "syntax"},
		"a worker twice":      {replace(`"id":"b"`, `"id":"a"`), "workers[1].id", "duplicate"},
		"a worker unnamed":    {replace(`{"id":"a"}`, `{}`), "workers[0].id", "required"},
		"a place twice":       {replace(`"id":"y"`, `"id":"x"`), "places[1].id", "duplicate"},
		"a place unbounded":   {replace(`"id":"x","capacity":1`, `"id":"x"`), "places[0].capacity", "required"},
		"a worker of zero":    {replace(`"capacity":2`, `"capacity":0`), "workers[1].capacity", "out_of_range"},
		"a negative place":    {replace(`"capacity":3`, `"capacity":-3`), "places[1].capacity", "out_of_range"},
		"more than capacity":  {replace(`"min":1`, `"min":4`), "places[1].min", "out_of_range"},
		"an unknown worker":   {replace(`"worker":"b"`, `"worker":"z"`), "edges[1].worker", "unknown"},
		"an unknown place":    {replace(`"place":"y"`, `"place":"z"`), "edges[1].place", "unknown"},
		"no weight":           {replace(`,"weight":5`, ``), "edges[0].weight", "required"},
		"no worker":           {replace(`"worker":"a",`, ``), "edges[0].worker", "required"},
		"a fraction":          {replace(`"weight":5`, `"weight":5.5`), "edges[0].weight", "type"},
		"a word for a number": {replace(`"weight":5`, `"weight":"5"`), "edges[0].weight", "type"},
		"beyond 64 bits":      {replace(`"weight":5`, `"weight":99999999999999999999`), "edges[0].weight", "type"},
		"beyond the limit":    {replace(`"weight":5`, `"weight":1099511627777`), "edges[0].weight", "out_of_range"},
		"an edge twice": {
			replace(`"edges":[`, `"edges":[{"worker":"a","place":"x","weight":1},`), "edges[1]", "duplicate",
		},
	} {
		_, err := problem.Read(strings.NewReader(c.in))
		var e *errs.Error
		if !errors.As(err, &e) || !errors.Is(err, problem.ErrProblem) || e.Kind != errs.Invalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f := e.Fields[0]
		if c.at != "" && f.Name != c.at || f.Code != c.code {
			t.Errorf("%s: said %s at %s, want %s at %s", name, f.Code, f.Name, c.code, c.at)
		}
		if !strings.Contains(e.Message, f.Name) || !strings.Contains(e.English, f.Name) || e.English == problem.ErrProblem.English {
			t.Errorf("%s: the sentences do not say where: %q %q", name, e.Message, e.English)
		}
	}
}

func TestAFailingDiskIsNoDamagedFile(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	_, err := problem.Read(io.MultiReader(strings.NewReader(good[:40]), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || errs.KindOf(err) != errs.Internal {
		t.Fatalf("%v", err)
	}
}

func TestAResultIsReadBackAndItsFaultsNamed(t *testing.T) {
	t.Parallel()
	r := problem.Result{
		Pairs: []problem.Pair{{Worker: 0, Place: 0}, {Worker: 1, Place: 1}}, Objective: -2, Optimal: true, Bound: -2,
		Prices: problem.Prices{Workers: []int64{1, -2}, Places: []int64{0, 4}},
	}
	var b bytes.Buffer
	if err := problem.WriteResult(&b, want, r); err != nil {
		t.Fatal(err)
	}
	file := b.String()
	got, err := problem.ReadResult(strings.NewReader(file), want)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(r, got); d != "" {
		t.Fatal(d)
	}
	for name, in := range map[string]string{
		"an unknown worker":  strings.Replace(file, `"worker":"b"`, `"worker":"z"`, 1),
		"an unknown place":   strings.Replace(file, `"place":"y"`, `"place":"z"`, 1),
		"a priced stranger":  strings.Replace(file, `"x":0`, `"z":0`, 1),
		"a price twice":      strings.Replace(file, `"y":4`, `"x":4`, 1),
		"no bound":           strings.Replace(file, `"bound":-2,`, ``, 1),
		"half a file":        file[:len(file)/2],
		"an optimal of text": strings.Replace(file, `"optimal":true`, `"optimal":"true"`, 1),
		"more after it":      file + "x",
	} {
		if in == file {
			t.Errorf("%s: nothing was changed", name)
		}
		if _, err := problem.ReadResult(strings.NewReader(in), want); !errors.Is(err, problem.ErrResult) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"workers":[],"places":[],"edges":[],"sense":"min"}`))
	f.Add([]byte(`{"edges":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := problem.Read(bytes.NewReader(data))
		if err != nil {
			if errs.KindOf(err) != errs.Invalid {
				t.Fatalf("%q: %v", data, err)
			}
			return
		}
		var b bytes.Buffer
		if err := problem.Write(&b, p); err != nil {
			t.Fatal(err)
		}
		if again, err := problem.Read(&b); err != nil || !cmp.Equal(again, p) {
			t.Fatalf("%q: %v", data, err)
		}
	})
}
