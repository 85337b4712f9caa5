package app

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/httpapi"
	"linggong/internal/projection"
	"linggong/internal/search"
	"linggong/internal/search/follow"
	"linggong/internal/search/snapshot"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

// wireSearch builds the search side of postings and workers, and what keeps an
// engine outside in step.
func (a *App) wireSearch() {
	words := func(engine, text follow.Index) *search.Fallback {
		if engine == nil {
			return search.NewFallback(nil, text, dbx.Now)
		}
		return search.NewFallback(engine, text, dbx.Now)
	}
	postings, workers := words(a.Engine, a.Text), words(a.WorkerEngine, a.WorkerText)
	a.Postings = projection.NewPostings(projection.PostingDeps{
		Source: a.GigStore, Rows: a.GigStore, Regions: a.Regions, Columns: snapshot.New(), Text: a.Text, Words: postings,
		Changed: a.postingChanged, Log: a.Log, Now: a.Now,
	})
	a.WorkerWords = projection.NewWorkers(projection.WorkerDeps{Source: a.GigStore, Words: workers, Text: a.WorkerText})
	// The wall's clock, not the demo's: how late an engine is concerns replicas.
	a.Follow = follow.New(follow.Deps{DB: a.DB, Log: a.Log, Now: dbx.Now, Pipeline: worktext.Pipeline(), Collections: []follow.Collection{
		{Name: string(sqlindex.Postings), Source: a.Postings, Text: a.Text, Engine: a.Engine, Words: postings},
		{Name: string(sqlindex.Workers), Source: a.WorkerWords, Text: a.WorkerText, Engine: a.WorkerEngine, Words: workers},
	}})
	if a.Follow.Engines() {
		a.Postings.Note, a.WorkerWords.Note = a.Follow.Marker(string(sqlindex.Postings)), a.Follow.Marker(string(sqlindex.Workers))
	}
	a.Events.Subscribe(a.Postings)
	a.Events.Subscribe(a.WorkerWords)
}

// searchChecks says of each index outside whether it answers, what it has still
// to be told, and what it refuses. None is required: the database answers instead.
func (a *App) searchChecks(ctx context.Context) []httpapi.Check {
	if !a.Follow.Engines() {
		return nil
	}
	all, err := a.Follow.Status(ctx)
	if err != nil {
		return []httpapi.Check{{Name: "search", Note: "不可用"}}
	}
	out := make([]httpapi.Check, 0, len(all))
	for _, s := range all {
		k := httpapi.Check{Name: "search " + s.Collection, OK: !s.Behind && !s.Untrusted && s.Refused == 0}
		switch {
		case s.Away || !a.answers(ctx, s.Collection):
			k.OK, k.Note = false, "搜索引擎没有应答，暂由数据库应答"
		case s.Untrusted:
			k.Note = "正在核对索引，暂由数据库应答"
		case s.Refused > 0:
			k.Note = fmt.Sprintf("%d 份文档被搜索引擎拒收，会自动重试：%s", s.Refused, s.LastError)
		case s.Behind:
			k.Note = fmt.Sprintf("有 %d 份文档还搜不到，最早的已等了 %s，暂由数据库应答", s.Waiting, a.waits(s.Oldest))
		}
		out = append(out, k)
	}
	return out
}

// answers says the engine that holds a collection answers at all.
func (a *App) answers(ctx context.Context, collection string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for _, c := range a.Follow.Collections {
		if c.Name == collection {
			_, err := c.Engine.Count(ctx)
			return err == nil
		}
	}
	return false
}

func (a *App) waits(since time.Time) string {
	if since.Year() <= 1970 {
		return "很久"
	}
	return dbx.Now().Sub(since).Round(time.Second).String()
}
