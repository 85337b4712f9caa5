package torture_test

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// edit replaces one exact piece of one file of the program's source.
type edit struct{ file, old, new string }

// planted is a mistake somebody could make, and the words by which the suite
// finds it.
type planted struct {
	name   string
	edits  []edit
	sql    []string // what the database no longer sees to
	search bool     // needs a search engine outside
	finds  string   // a finding must match
	rounds int      // 6 when 0; more where the window is narrow
}

var mistakes = []planted{
	{
		name: "the capacity check is gone",
		edits: []edit{
			{"internal/gig/gigdb/engagement.go", " WHERE id = ? AND filled < headcount`", " WHERE id = ?`"},
			{"internal/gig/gigdb/booking.go", "lock = \" FOR NO KEY UPDATE\"", "lock = \" \""}, // the lane decides under this lock
		},
		sql:   []string{"ALTER TABLE gig_shifts DROP CONSTRAINT gig_shifts_filled_check"},
		finds: "a shift holds more than its places|no order of single acts",
	},
	{
		name:  "the exclusion constraint is gone",
		sql:   []string{"ALTER TABLE gig_engagements DROP CONSTRAINT gig_engagements_overlap_excl"},
		finds: "two places at once",
	},
	{
		name: "a note for the engine is not written with its act", search: true,
		edits: []edit{{ // and nobody compares the engine with the rows, which would mend it
			"internal/app/jobs.go", "	every(\"search-audit\", auditEvery, ", "	_ = auditEvery\n	_ = any(",
		}, {
			"internal/search/follow/watch.go", "	_, err := f.auditEngine(ctx, c)\n", "	var err error\n",
		}, {
			"internal/projection/words.go", "	return note(ctx, ids...)\n", "	return note(ctx, slices.DeleteFunc(ids, func(id string) bool { return id[len(id)-1]%2 == 0 })...)\n",
		}},
		finds: "the search engine|verify: exit status 1(?s:.*)✗ index",
	},
	{
		name: "the index is written after the commit",
		edits: []edit{{
			"internal/projection/posting.go", "		if err := keepWords(ctx, p, p.Text, p.Note, string(id)); err != nil {\n			return err\n		}\n",
			"		tx.AfterCommit(ctx, func(ctx context.Context) {\n			time.Sleep(400 * time.Millisecond)\n			_ = keepWords(ctx, p, p.Text, p.Note, string(id))\n		})\n",
		}},
		finds: "the database's full text", rounds: 20,
	},
	{
		name: "sums are folded by a watermark",
		edits: []edit{
			{
				"internal/indicator/indicatordb/rollup.go",
				"		err := s.db.From(ctx).Raw(`DELETE FROM indicator_deltas WHERE id IN (SELECT id FROM indicator_deltas LIMIT ? `+skip+`)\n			RETURNING indicator, part, region, on_day, quantity`, foldBatch).Scan(&claimed).Error\n		if err != nil || len(claimed) == 0 {\n			return err\n		}\n",
				"		_ = skip\n		var mark, next []string\n		if err := s.db.From(ctx).Exec(`CREATE TABLE IF NOT EXISTS planted_mark AS SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id`).Error; err != nil {\n			return err\n		}\n		if err := s.db.From(ctx).Raw(`SELECT CAST(id AS text) FROM planted_mark FOR UPDATE`).Scan(&mark).Error; err != nil {\n			return err\n		}\n		if err := s.db.From(ctx).Raw(`SELECT CAST(id AS text) FROM indicator_deltas WHERE id > ? ORDER BY id DESC LIMIT 1`, mark[0]).Scan(&next).Error; err != nil || len(next) == 0 {\n			return err\n		}\n		err := s.db.From(ctx).Raw(`SELECT indicator, part, region, on_day, quantity FROM indicator_deltas WHERE id > ? AND id <= ? LIMIT ?`, mark[0], next[0], 1000*foldBatch).Scan(&claimed).Error\n		if err != nil {\n			return err\n		}\n		if err := s.db.From(ctx).Exec(`DELETE FROM indicator_deltas WHERE id <= ?`, next[0]).Error; err != nil {\n			return err\n		}\n		if err := s.db.From(ctx).Exec(`UPDATE planted_mark SET id = ?`, next[0]).Error; err != nil {\n			return err\n		}\n",
			},
			{"internal/app/live.go", "	rollEvery    = 5 * time.Second", "	rollEvery    = 20 * time.Millisecond"}, // a whole day of folds in a minute
			{"internal/job/workers.go", "	poll    = 2 * time.Second ", "	poll    = 20 * time.Millisecond "},
		},
		finds: "sums of a", rounds: 20,
	},
	{
		name: "a key is looked for, then written",
		edits: []edit{
			{
				"internal/idempotency/idempotency.go",
				"		res := g.Exec(`INSERT INTO idempotency_keys (actor, key, request_hash, status, created_at, expires_at) VALUES (?, ?, ?, 0, ?, ?)\n			ON CONFLICT (actor, key) DO NOTHING`, actor, key, hash, now, now.Add(Keep))\n		if res.Error != nil {",
				"		res := g.Exec(`UPDATE idempotency_keys SET status = status WHERE actor = ? AND key = ?`, actor, key)\n		res.RowsAffected = 1 - res.RowsAffected\n		if res.Error != nil {",
			},
			{
				"internal/idempotency/idempotency.go",
				"		if err := g.Exec(\"UPDATE idempotency_keys SET status = 200, body = ? WHERE actor = ? AND key = ?\", body, actor, key).Error; err != nil {",
				"		if err := g.Exec(\"INSERT INTO idempotency_keys (actor, key, request_hash, status, body, created_at, expires_at) VALUES (?, ?, ?, 200, ?, ?, ?) ON CONFLICT (actor, key) DO NOTHING\", actor, key, hash, body, now, now.Add(Keep)).Error; err != nil {",
			},
		},
		finds: "sent twice at once|is there, and nobody was told",
	},
	{
		name: "an act is acknowledged before its commit",
		edits: []edit{
			{
				"internal/idempotency/idempotency.go", "	err = s.db.InTx(ctx, func(ctx context.Context) error {\n		answer, repeated = nil, false",
				"	type told struct {\n		answer   []byte\n		repeated bool\n		err      error\n	}\n	early := make(chan told, 2)\n	go func() {\n	var answer []byte\n	var repeated bool\n	err := s.db.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error {\n		answer, repeated = nil, false",
			},
			{"internal/idempotency/idempotency.go", "		answer = body\n", "		answer = body\n		if len(key) > 8 && key[:8] == \"measure-\" { // the load cannot do without the others\n			early <- told{answer, false, nil}\n			time.Sleep(50 * time.Millisecond)\n		}\n"},
			{"internal/idempotency/idempotency.go", "		return nil\n	})\n	return answer, repeated, err\n", "		return nil\n	})\n	early <- told{answer, repeated, err}\n	}()\n	first := <-early\n	return first.answer, first.repeated, first.err\n"},
		},
		finds: "^lost: |no order of single acts", rounds: 20,
	},
	{
		name: "the audit row is written after the commit",
		edits: []edit{{
			"internal/bus/bus.go", "	if err := b.trace.Add(ctx, entries...); err != nil {\n		return err\n	}\n",
			"	tx.AfterCommit(ctx, func(ctx context.Context) {\n		time.Sleep(50 * time.Millisecond)\n		_ = b.trace.Add(ctx, entries...)\n	})\n",
		}},
		finds: "lost: audit rows",
	},
}

// overlay writes the changed files beside the source, which stays as it is, and
// fails when a piece to replace is not there exactly once.
func (p planted) overlay(t *testing.T) string {
	t.Helper()
	if len(p.edits) == 0 {
		return ""
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	text := map[string]string{}
	for _, e := range p.edits {
		if text[e.file] == "" {
			b, err := os.ReadFile(filepath.Join(root, e.file))
			if err != nil {
				t.Fatal(err)
			}
			text[e.file] = string(b)
		}
		if n := strings.Count(text[e.file], e.old); n != 1 {
			t.Fatalf("%s: the piece to replace is there %d times; plant the mistake where it could be made now:\n%s", e.file, n, e.old)
		}
		text[e.file] = strings.Replace(text[e.file], e.old, e.new, 1)
	}
	replace := map[string]string{}
	for file, s := range text {
		to := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(to, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, file)] = to
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(out, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// The suite notices: each mistake is planted in a copy of the program, or of
// its database, and found. LINGGONG_TEST_PLANTED=all plants every one.
func TestEveryPlantedMistakeIsFound(t *testing.T) {
	t.Parallel()
	all := os.Getenv("LINGGONG_TEST_PLANTED") == "all"
	for _, p := range mistakes {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			overlay := p.overlay(t) // also where it is not run: the piece must still be there
			if !all {
				t.Skip("make torture-planted plants it")
			}
			binary := built(t)
			if overlay != "" {
				binary = build(t, overlay)
			}
			w := city(t, binary, p.search)
			if p.search && w.servers["meilisearch"] == nil {
				t.Skip("there is no search engine here")
			}
			for _, s := range p.sql {
				w.sql(w.data, s)
			}
			_, found, _ := w.torment(plan{rounds: cmp.Or(p.rounds, 6), seed: 1, only: "kill -9: program"})
			caught := 0
			for _, f := range found {
				if regexp.MustCompile(p.finds).MatchString(f.String()) {
					if caught++; caught == 1 {
						t.Logf("found: %s", f)
					}
				}
			}
			if t.Logf("%d findings, %d of them these", len(found), caught); caught == 0 {
				t.Errorf("it was not found; these were: %v", found[:min(5, len(found))])
			}
		})
	}
}
