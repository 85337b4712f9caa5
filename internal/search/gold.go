package search

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// GoldDoc is one document of a gold set, as anybody may write it.
type GoldDoc struct {
	ID          string
	Title       string
	Description string
	Trade       string // a trade id, a Chinese name, or a word for it
	Town        string // a name or a code
	PayMinFen   int64  // 0 unknown
	PayUnit     string // hour, day, piece, job, month, or as the file says
	Tags        []string
}

// GoldQuery is one labelled query.
type GoldQuery struct {
	ID         string
	Kind       string
	Query      string
	Wanted     []string // what is to be found
	Acceptable []string // what may stand there too
	Forbidden  []string // what is never to be shown
}

// table reads rows of named columns and says on which line something is wrong.
type table struct {
	file string
	r    *csv.Reader
	at   map[string]int // column → place
	row  []string
	line int
}

// wrong is an error of the line that was read last.
func (t *table) wrong(format string, args ...any) error {
	return fmt.Errorf("%s, line %d: %w", t.file, t.line, fmt.Errorf(format, args...)) //nolint:err113 // it is for the one who wrote the file
}

var errNoRows = errors.New("it holds no row")

func openTable(file string, r io.Reader, comma rune, required ...string) (*table, error) {
	t := &table{file: file, r: csv.NewReader(r), at: map[string]int{}, line: 1}
	t.r.Comma, t.r.LazyQuotes, t.r.FieldsPerRecord = comma, comma == '\t', -1
	head, err := t.r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", file, errNoRows)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		if _, twice := t.at[name]; twice && name != "" {
			return nil, t.wrong("the column %q stands there twice", name)
		}
		t.at[name] = i
	}
	for _, name := range required {
		if _, ok := t.at[name]; !ok {
			return nil, t.wrong("the column %q is missing", name)
		}
	}
	return t, nil
}

// next reads a row, or io.EOF. Rows without any text are passed over.
func (t *table) next() error {
	for {
		row, err := t.r.Read()
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		if err != nil {
			return fmt.Errorf("%s: %w", t.file, err) // says the line itself
		}
		t.row = row
		t.line, _ = t.r.FieldPos(0)
		if len(row) == 1 && strings.TrimSpace(row[0]) == "" {
			continue
		}
		last := 0
		for _, i := range t.at {
			last = max(last, i)
		}
		if len(row) > last+1 {
			return t.wrong("it has %d fields, the head %d", len(row), last+1)
		}
		return nil
	}
}

// text is a field of the row, "" where the file has no such column or the row is short.
func (t *table) text(column string) string {
	if i, ok := t.at[column]; ok && i < len(t.row) {
		return strings.TrimSpace(t.row[i])
	}
	return ""
}

// id is the field that names the row; seen holds those of the rows before.
func (t *table) id(column string, seen map[string]int) (string, error) {
	id := t.text(column)
	switch before, twice := seen[id]; {
	case id == "":
		return "", t.wrong("%s is empty", column)
	case strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' }):
		return "", t.wrong("%s %q holds a blank", column, id)
	case twice:
		return "", t.wrong("%s %q is that of line %d too", column, id, before)
	}
	seen[id] = t.line
	return id, nil
}

// ReadGoldDocs reads documents: CSV with the columns id and title, and of
// description, trade, town, pay_min_fen, pay_unit and tags those it has. Other
// columns are passed over. A sheet as job sites export it (salary_raw, city,
// skills and so on, and no pay_min_fen) is read too. An error names the line.
func ReadGoldDocs(file string, r io.Reader) ([]GoldDoc, error) {
	t, err := openTable(file, r, ',', "id", "title")
	if err != nil {
		return nil, err
	}
	read := (*table).doc
	if t.isSheet() {
		read = (*table).sheetDoc
	}
	var out []GoldDoc
	seen := map[string]int{}
	for {
		if err = t.next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		id, err := t.id("id", seen)
		if err != nil {
			return nil, err
		}
		d, err := read(t)
		if err != nil {
			return nil, err
		}
		if d.ID = id; d.Title == "" {
			return nil, t.wrong("title is empty")
		}
		out = append(out, d)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: %w", file, errNoRows)
	}
	return out, nil
}

// doc reads a row of the columns above, without its id.
func (t *table) doc() (GoldDoc, error) {
	d := GoldDoc{
		Title: t.text("title"), Description: t.text("description"), Trade: t.text("trade"), Town: t.text("town"),
		PayUnit: t.text("pay_unit"), Tags: tagsOf(t.text("tags")),
	}
	if pay := t.text("pay_min_fen"); pay != "" {
		var err error
		if d.PayMinFen, err = strconv.ParseInt(pay, 10, 64); err != nil || d.PayMinFen < 0 || d.PayMinFen > 1e12 {
			return d, t.wrong("pay_min_fen %q is no whole number of fen", pay)
		}
	}
	return d, nil
}

// isSheet says the table is one as job sites export it.
func (t *table) isSheet() bool {
	_, raw := t.at["salary_raw"]
	_, ours := t.at["pay_min_fen"]
	return raw && !ours
}

// sheetDoc reads a row of such a sheet. Its city is elsewhere, so it is a word
// like others; its pay was parsed by machine, so one that is no number is unknown.
func (t *table) sheetDoc() (GoldDoc, error) {
	d := GoldDoc{
		Title: t.text("title"), PayUnit: t.text("pay_unit"),
		Tags: tagsOf(strings.Join([]string{t.text("employment_type"), t.text("welfare"), t.text("skills")}, " ")),
	}
	place := t.text("city") + " " + t.text("district")
	if strings.Contains(place, "海宁") {
		d.Town = place
	}
	d.Description = strings.TrimSpace(strings.Join([]string{t.text("work_hours"), t.text("description"), place}, " "))
	yuan, _ := strconv.ParseFloat(t.text("salary_min"), 64) // 0 where it is no number
	if !(yuan > 0 && yuan < 1e10) {
		return d, nil
	}
	if d.PayUnit == "year" {
		yuan, d.PayUnit = yuan/12, "month"
	}
	d.PayMinFen = int64(yuan * 100)
	return d, nil
}

func tagsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ;；,，、|\t", r) })
}

// ReadGold reads labelled queries: TSV with the columns query_id, query and
// wanted_ids, and of kind, acceptable_ids and forbidden_ids those it has. The
// ids are separated by blanks and must be those of docs; nil docs are not looked at.
func ReadGold(file string, r io.Reader, docs []GoldDoc) ([]GoldQuery, error) {
	t, err := openTable(file, r, '\t', "query_id", "query", "wanted_ids")
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(docs))
	for _, d := range docs {
		known[d.ID] = true
	}
	var out []GoldQuery
	seen := map[string]int{}
	for {
		if err = t.next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		q := GoldQuery{
			Kind: t.text("kind"), Query: t.text("query"), Wanted: strings.Fields(t.text("wanted_ids")),
			Acceptable: strings.Fields(t.text("acceptable_ids")), Forbidden: strings.Fields(t.text("forbidden_ids")),
		}
		if q.ID, err = t.id("query_id", seen); err != nil {
			return nil, err
		}
		if err = t.judged(q, known); err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: %w", file, errNoRows)
	}
	return out, nil
}

// judged says what is wrong with the labels of a query.
func (t *table) judged(q GoldQuery, known map[string]bool) error {
	if q.Query == "" {
		return t.wrong("query is empty")
	}
	for _, id := range slices.Concat(q.Wanted, q.Acceptable, q.Forbidden) {
		if len(known) > 0 && !known[id] {
			return t.wrong("%q is no document", id)
		}
	}
	for _, id := range q.Forbidden {
		if slices.Contains(q.Wanted, id) || slices.Contains(q.Acceptable, id) {
			return t.wrong("%q is forbidden and is not", id)
		}
	}
	return nil
}

// WriteGoldDocs writes what ReadGoldDocs reads.
func WriteGoldDocs(w io.Writer, docs []GoldDoc) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"id", "title", "description", "trade", "town", "pay_min_fen", "pay_unit", "tags"}}
	for _, d := range docs {
		rows = append(rows, []string{d.ID, d.Title, d.Description, d.Trade, d.Town, strconv.FormatInt(d.PayMinFen, 10), d.PayUnit, strings.Join(d.Tags, " ")})
	}
	if err := c.WriteAll(rows); err != nil {
		return fmt.Errorf("write documents: %w", err)
	}
	return nil
}

// WriteGold writes what ReadGold reads.
func WriteGold(w io.Writer, queries []GoldQuery) error {
	var b strings.Builder
	b.WriteString("query_id\tkind\tquery\twanted_ids\tacceptable_ids\tforbidden_ids\n")
	for _, q := range queries {
		b.WriteString(strings.Join([]string{
			q.ID, q.Kind, q.Query, strings.Join(q.Wanted, " "), strings.Join(q.Acceptable, " "), strings.Join(q.Forbidden, " "),
		}, "\t") + "\n")
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write queries: %w", err)
	}
	return nil
}
