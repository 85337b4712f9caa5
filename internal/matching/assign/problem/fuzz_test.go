package problem_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/matching/assign/problem"
)

// Whatever is read is JSON, is read the same in small pieces, and is the same
// again after being written; nothing makes the reader fall over.
func FuzzReadInPieces(f *testing.F) {
	f.Add(good)
	f.Add(strings.ReplaceAll(good, ",", " ,\n\t"))
	f.Add(`{"edges":[],"workers":[],"places":[],"sense":"min"}`)
	f.Add(`{"edges":[{"worker":"\u0061","place":"x\"","weight":-0}],"workers":[{"id":"a"}],"places":[{"id":"x\"","capacity":1}],"sense":"min"}`)
	f.Add(`{"edges":[]],,}`)
	f.Add(`{"edges":[5,{"worker":{}}],"workers":"`)
	f.Fuzz(func(t *testing.T, in string) {
		p, err := problem.Read(strings.NewReader(in))
		slow, slowErr := problem.Read(iotest.OneByteReader(strings.NewReader(in)))
		if (err == nil) != (slowErr == nil) || err != nil && err.Error() != slowErr.Error() {
			t.Fatalf("whole: %v, in pieces: %v", err, slowErr)
		}
		if err != nil {
			return
		}
		if !json.Valid([]byte(in)) {
			t.Fatal("accepted what is no JSON")
		}
		if d := cmp.Diff(p, slow); d != "" {
			t.Fatal(d)
		}
		var b bytes.Buffer
		if err := problem.Write(&b, p); err != nil {
			t.Fatal(err)
		}
		again, err := problem.Read(&b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(p, again); d != "" {
			t.Fatal(d)
		}
	})
}
