package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"linggong/internal/region"
	"linggong/internal/rules"
	"linggong/internal/worktext"
)

// judged is a row with what is said of it.
type judged struct {
	verdict Verdict
	posting Posting
}

func (j *judged) refuse(column, code, reason, remedy string) {
	j.verdict.Outcome = Refused
	j.note(column, code, reason, remedy)
}

func (j *judged) note(column, code, reason, remedy string) {
	j.verdict.Notes = append(j.verdict.Notes, Note{column, code, reason, remedy})
}

// judge reads one row. seen remembers the ids of the file and their lines.
func (s *Service) judge(r row, seen map[string]int) judged {
	for i := range r.cells {
		r.cells[i] = plain(strings.TrimSpace(r.cells[i]))
	}
	cell := func(name string) string { return r.cells[at(name)] }
	j := judged{verdict: Verdict{Line: r.line, ID: cell("id"), Notes: []Note{}}}
	if r.bad != "" {
		j.refuse("", "unreadable", r.bad, "改好这一行后再导入一次，其余各行不受影响")
		return j
	}
	if r.extra > 0 {
		j.refuse("", "too_many_cells", fmt.Sprintf("这一行比表头多 %d 格，可能有逗号没有加引号", r.extra), "给含逗号的内容加上双引号")
		return j
	}
	if r.short > 0 {
		j.note("", "too_few_cells", fmt.Sprintf("这一行比表头少 %d 格，缺的按空白处理", r.short), "核对是否有内容错位")
	}
	if !s.readable(&j, r) {
		return j
	}
	source := cell("source")
	if source == "" {
		source = "file"
	}
	key := source + "\x00" + j.verdict.ID
	if line, twice := seen[key]; twice {
		j.refuse("id", "id_twice", fmt.Sprintf("编号与第 %d 行相同", line), "同一来源的编号只能出现一次")
		return j
	}
	seen[key] = r.line
	j.posting = Posting{Source: source, External: j.verdict.ID, Title: cell("title"), Company: cell("company"), Row: r.cells, Hash: hash(r.cells)}
	j.readPay(cell)
	s.readPlace(&j, cell)
	j.readWork(cell)
	return j
}

// readable refuses what cannot be kept as text, and what has no name.
func (s *Service) readable(j *judged, r row) bool {
	for i, c := range r.cells {
		switch {
		case !utf8.ValidString(c), strings.ContainsRune(c, utf8.RuneError):
			j.refuse(Header[i], "garbled", "有乱码，文字编码不一致", "从原来的系统重新导出，选 UTF-8")
		case strings.ContainsFunc(c, func(x rune) bool { return unicode.IsControl(x) && x != '\n' && x != '\r' && x != '\t' }):
			j.refuse(Header[i], "control_characters", "有看不见的控制字符", "删去后再导入")
		case c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) && len(c) > 1 && !number(c):
			j.note(Header[i], "formula", "以等号等符号开头，按文字保存，不当公式", "不需要处理；导出时会加单引号")
		}
	}
	for _, name := range required {
		if r.cells[at(name)] == "" {
			j.refuse(name, name+"_missing", "没有填写"+map[string]string{"id": "编号", "title": "岗位名称"}[name], "补上后再导入")
		}
	}
	return j.verdict.Outcome != Refused
}

func number(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func hash(cells [columns]string) string {
	h := sha256.New()
	for _, c := range cells {
		fmt.Fprintf(h, "%d:", len(c))
		h.Write([]byte(c))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// readPay reads the pay as written; what a machine read before us is compared,
// not believed.
func (j *judged) readPay(cell func(string) string) {
	raw := cell("salary_raw")
	p, ok := readPay(raw)
	switch {
	case raw == "" || raw == "无" || raw == "面议":
		j.note("salary_raw", "pay_absent", "没有写工资", "向用工方问清楚再发布")
		return
	case !ok:
		j.note("salary_raw", "pay_unread", "工资写法认不出来，按原文保存", "例：200元/天、6-8千")
		return
	}
	j.posting.MinFen, j.posting.MaxFen, j.posting.Unit = p.minFen, p.maxFen, p.unit
	given, err := strconv.ParseFloat(cell("salary_min"), 64)
	unit := cell("pay_unit")
	if err == nil && p.minFen > 0 && int64(given*100+0.5) != p.minFen || unit != "" && unit != "other" && unit != p.unit {
		j.note("salary_min", "pay_differs", fmt.Sprintf("与原文“%s”不一致，以原文为准", raw), "不需要处理；如原文有误请改原文")
	}
}

// readPlace finds the row in our city, or says that it lies elsewhere.
func (s *Service) readPlace(j *judged, cell func(string) string) {
	city, district := cell("city"), cell("district")
	home := s.Regions.Name(region.Haining)
	short := strings.TrimSuffix(home, "市")
	if !strings.Contains(city, short) && !strings.Contains(district, short) {
		switch {
		case city == "" && district == "":
			j.note("city", "place_absent", "没有写工作地点", "向用工方问清楚再发布")
		default:
			j.note("city", "elsewhere", "不在"+home+"，只留存，不进本市岗位", "不需要处理")
		}
		return
	}
	j.posting.Region = string(region.Haining)
	for _, text := range []string{district, cell("title"), cell("description")} {
		if found, _, ok := s.Regions.Find(text); ok && text != "" && found.Level != region.City {
			j.posting.Region = string(found.Code)
			return
		}
	}
	j.note("district", "village_absent", "只知道在"+home+"，不知道在哪个镇", "发布前补上镇、村")
}

// readWork finds the trade, and what the law does not let a posting say.
func (j *judged) readWork(cell func(string) string) {
	title, _, _ := strings.Cut(strings.ReplaceAll(j.posting.Title, "(", "（"), "（")
	// The last word says what somebody is: 仓库装卸工 loads, whatever the place.
	if m := worktext.FindTrades(title); len(m) > 0 && len(m[len(m)-1].Trades) > 0 {
		j.posting.Trade = m[len(m)-1].Trades[0]
	} else {
		j.note("title", "trade_unknown", "工种表里没有对应的工种", "发布前从工种表里选一个")
	}
	for _, name := range []string{"gender_req", "age_req"} {
		if cell(name) != "" && cell(name) != "不限" {
			j.note(name, "unlawful_ground", "招聘不得限定性别、年龄，这一项不采用", "就业促进法 第26条、第27条；法律另有规定的岗位除外")
		}
	}
	for _, f := range rules.PostingWords(j.posting.Title + "\n" + cell("description")) {
		j.note("description", "words_"+f.Code, f.Message, f.Remedy)
	}
}
