package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"linggong/internal/app/apptest"
	"linggong/internal/day"
)

// Whatever is typed or put into the address: a clear refusal or an answer in
// bounded time, never a mistake of ours, never what is not public.
func TestBadSearchInputIsRefusedOrAnsweredAndNeverHurts(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		tomorrow := day.Of(w.Clock.Now()).Add(1)
		boss := employer(w, "13800000011")
		open := published(boss, draft(tomorrow, 3, false))
		hidden := draft(tomorrow, 3, false)
		hidden["title"] = "保密装卸工"
		var secret posting
		boss.Must(http.MethodPost, "/postings", hidden, &secret) // a draft: nobody's to find
		many := url.Values{}
		for i := range 1000 {
			many.Add("trade", fmt.Sprintf("t%d", i))
		}
		for name, c := range map[string]struct {
			query url.Values
			want  []int
		}{
			"ten kilobytes":            {url.Values{"q": {strings.Repeat("保洁 许村 ", 700)}}, []int{422}},
			"two hundred characters":   {url.Values{"q": {strings.Repeat("装", 200)}}, []int{200}},
			"no word in 200":           {url.Values{"q": {strings.Repeat("天地玄黄宇宙洪荒", 25)}}, []int{200}},
			"control characters":       {url.Values{"q": {"装\x00卸\x01\x1b[31m\r\n\t"}}, []int{200, 422}},
			"not UTF-8":                {url.Values{"q": {"装卸\xff\xfe\xc0\x80"}}, []int{200, 422}},
			"emoji":                    {url.Values{"q": {"👷🏽‍♀️装卸🧱👨‍👩‍👧‍👦"}}, []int{200}},
			"text that runs backwards": {url.Values{"q": {"\u202e卸装\u2066"}}, []int{200}},
			"SQL":                      {url.Values{"q": {`'; DROP TABLE gig_postings; --`}}, []int{200}},
			"SQL in a union":           {url.Values{"q": {`装卸' UNION SELECT id, phone FROM person_persons --`}}, []int{200}},
			"FTS5":                     {url.Values{"q": {`tokens:装卸* NEAR("a" "b") ^x AND (`}}, []int{200}},
			"tsquery":                  {url.Values{"q": {`装卸 & !( | <-> :* \`}}, []int{200}},
			"a search filter":          {url.Values{"q": {`装卸" OR open = false OR region STARTS WITH "`}}, []int{200}},
			"regular expressions":      {url.Values{"q": {`(((((((((a+)+)+)+)+$`}}, []int{200}},
			"a trade that is SQL":      {url.Values{"trade": {`loader' OR '1'='1`}}, []int{200, 422}},
			"a town that is a pattern": {url.Values{"town": {`%`}}, []int{400, 422}},
			"a town that is SQL":       {url.Values{"town": {`330481' OR 1=1`}}, []int{400, 422}},
			"a negative radius":        {url.Values{"lat": {"30.5"}, "lng": {"120.6"}, "radius_m": {"-1"}}, []int{400, 422}},
			"a radius round the earth": {url.Values{"lat": {"30.5"}, "lng": {"120.6"}, "radius_m": {"9223372036854775807"}}, []int{400, 422}},
			"no number":                {url.Values{"lat": {"NaN"}, "lng": {"Inf"}}, []int{400, 422}},
			"beyond the poles":         {url.Values{"lat": {"91"}, "lng": {"181"}}, []int{400, 422}},
			"negative pay":             {url.Values{"pay_min_hour_fen": {"-5"}}, []int{400, 422}},
			"too much pay":             {url.Values{"pay_min_hour_fen": {"9223372036854775807"}}, []int{200}},
			"a day that is none":       {url.Values{"date": {"2026-02-31"}}, []int{400, 422}},
			"an order that is none":    {url.Values{"sort": {"pay; DROP"}}, []int{422}},
			"no place on a page":       {url.Values{"limit": {"0"}}, []int{422}},
			"all on a page":            {url.Values{"limit": {"1000000"}}, []int{422}},
			"a cursor of one's own":    {url.Values{"cursor": {"AAAA"}}, []int{400, 422}},
			"a cursor deep below":      {url.Values{"cursor": {"YmVzdCAxNzY0MDAwMDAwIDk5OTk5OTk5OSB6eno"}}, []int{200, 400, 422}},
			"a cursor of many words":   {url.Values{"cursor": {strings.Repeat("trade.", 30) + "x"}}, []int{400, 422}},
			"a thousand filters":       {many, []int{200, 400, 414, 422}},
			"a filter nobody knows":    {url.Values{"status": {"draft"}, "employer_id": {"x"}, "with_closed": {"true"}}, []int{200, 422}},
		} {
			began := time.Now()
			status, body := searched(w, "/postings?"+c.query.Encode())
			if !slices.Contains(c.want, status) {
				t.Errorf("%s: %d, one of %v wanted\n%.300s", name, status, c.want, body)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("%s took %s", name, took)
			}
			if strings.Contains(body, secret.ID) || strings.Contains(body, "保密") {
				t.Errorf("%s shows a draft", name)
			}
			var problem struct {
				Code   string `json:"code"`
				Detail string `json:"detail"`
			}
			if status >= 400 && (json.Unmarshal([]byte(body), &problem) != nil || problem.Code == "" || problem.Detail == "") {
				t.Errorf("%s: a refusal that says nothing: %s", name, body)
			}
		}
		for _, q := range []string{"", strings.Repeat("保", 40), strings.Repeat("x", 41), "'; --", "\x00", "👷", "(", "%", "保洁 ' OR 1=1"} {
			if status, body := searched(w, "/postings/suggest?q="+url.QueryEscape(q)); status != http.StatusOK && status != http.StatusUnprocessableEntity {
				t.Errorf("suggest %q: %d %s", q, status, body)
			}
		}
		if status, body := searched(w, "/postings?q="+url.QueryEscape("装卸")); status != http.StatusOK || !strings.Contains(body, open.ID) {
			t.Errorf("after all this the posting is no longer found: %d", status)
		}
	})
}

func searched(w *apptest.World, path string) (status int, body string) {
	a := w.Anyone().Do(http.MethodGet, path, nil)
	return a.Status, string(a.Body)
}
