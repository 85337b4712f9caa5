package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"linggong/internal/search"
)

// acceptedRun is a run that was found good; later ones are compared with it.
type acceptedRun struct {
	Engine  string              `json:"engine"`
	Overall search.Figures      `json:"overall"`
	Tops    map[string][]string `json:"tops"` // query id → the first ten
}

// acceptedPath stands beside the gold set.
func acceptedPath(gold string) string { return gold + ".accepted.json" }

var (
	errNoAccepted = errors.New("no run has been accepted")
	errOtherwise  = errors.New("the search answers otherwise than in the accepted run")
)

func readAccepted(gold string) (acceptedRun, error) {
	b, err := os.ReadFile(acceptedPath(gold))
	if errors.Is(err, fs.ErrNotExist) {
		return acceptedRun{}, nil
	}
	if err != nil {
		return acceptedRun{}, err
	}
	var a acceptedRun
	if err := json.Unmarshal(b, &a); err != nil {
		return acceptedRun{}, fmt.Errorf("%s: %w", acceptedPath(gold), err)
	}
	return a, nil
}

func writeAccepted(gold string, a acceptedRun) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a); err != nil {
		return fmt.Errorf("write the accepted run: %w", err)
	}
	text := strings.ReplaceAll(b.String(), `],"`, "],\n\"") // a line a query, so that a change reads well
	return writeWhole(acceptedPath(gold), func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// held says with an error that the run is not the accepted one.
func (s *session) held(gold string, changes []search.Change, a acceptedRun, r search.Report) error {
	switch {
	case a.Tops == nil:
		return fmt.Errorf("%s: %w", acceptedPath(gold), errNoAccepted)
	case len(changes) == 0:
		return nil
	}
	return fmt.Errorf("%d queries: %w (recall@10 %.4f → %.4f, precision@3 %.4f → %.4f, forbidden %d → %d); where it is better: linggong search eval --accept",
		len(changes), errOtherwise, a.Overall.RecallAt10, r.Overall.RecallAt10, a.Overall.PrecisionAt3, r.Overall.PrecisionAt3,
		a.Overall.ForbiddenHits, r.Overall.ForbiddenHits)
}

// tellChanges says what is found otherwise than in the accepted run.
func (s *session) tellChanges(changes []search.Change, a acceptedRun, docs []search.GoldDoc) {
	if a.Tops == nil {
		fmt.Fprintf(s.out, "尚无通过的一次（--accept）/ %v\n", errNoAccepted)
		return
	}
	titles := make(map[string]string, len(docs))
	for _, d := range docs {
		titles[d.ID] = d.Title
	}
	named := func(ids ...string) string {
		var out []string
		for _, id := range ids {
			out = append(out, strings.TrimSpace(id+" "+titles[id]))
		}
		return strings.Join(out, ", ")
	}
	const most = 40
	firsts := 0
	for i, c := range changes {
		if c.First {
			firsts++
		}
		if i >= most {
			continue
		}
		fmt.Fprintf(s.out, "%s 「%s」", c.QueryID, c.Query)
		if c.First {
			fmt.Fprintf(s.out, "\tfirst: %s → %s", named(c.Was), named(c.Is))
		}
		if len(c.Gone)+len(c.New) > 0 {
			fmt.Fprintf(s.out, "\tgone: %s\tnew: %s", named(c.Gone...), named(c.New...))
		}
		fmt.Fprintln(s.out)
	}
	if len(changes) > most {
		fmt.Fprintf(s.out, "… %d\n", len(changes)-most)
	}
	fmt.Fprintf(s.out, "与通过的一次（%s）相比：首位变 %d 条，前十变 %d 条 / against the accepted run: %d first hits, %d first tens changed\n",
		filepath.Base(acceptedPath("")), firsts, len(changes), firsts, len(changes))
}
