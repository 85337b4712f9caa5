package intake

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"linggong/internal/errs"
)

// columns is how many a posting sheet has.
const columns = 22

// Header is the sheet's columns in order. Their order in a file is free.
var Header = [columns]string{
	"id", "source", "platform", "crawl_year", "title", "company", "city", "district", "salary_raw", "pay_unit", "salary_min", "salary_max",
	"employment_type", "headcount", "education", "experience", "age_req", "gender_req", "work_hours", "welfare", "skills", "description",
}

// required are the columns without which a row means nothing.
var required = []string{"id", "title"}

// at returns the index of a column.
func at(name string) int { return slices.Index(Header[:], name) }

// row is one record of a sheet, put in the order of Header.
type row struct {
	line  int
	cells [columns]string
	extra int    // cells more than the header has
	short int    // cells fewer
	bad   string // why the record could not be read, "" it could
}

// sheet reads a file record by record, in bounded memory.
type sheet struct {
	csv      *csv.Reader
	guard    *guard
	encoding string
	place    []int // index in the file → index in Header, -1 ignored
	ignored  []string
	maxCell  int
}

// sampleSize is how much of a file is looked at to know its encoding.
const sampleSize = 256 << 10

// maxRecord bounds one record: an unclosed quote must not read a whole file
// into memory.
const maxRecord = 1 << 20

func openSheet(file io.Reader, o Options) (*sheet, error) {
	counted := io.Reader(file)
	if o.Read != nil {
		counted = &meter{file, o.Read}
	}
	raw := bufio.NewReaderSize(counted, sampleSize)
	sample, err := raw.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, ErrFile.With(err)
	}
	name, decode, err := encodingOf(sample)
	if err != nil {
		return nil, err
	}
	text := io.Reader(raw)
	if decode != nil {
		text = transform.NewReader(raw, decode.NewDecoder())
	}
	s := &sheet{guard: &guard{from: text, limit: maxRecord}, encoding: name, maxCell: o.MaxCell}
	s.csv = csv.NewReader(s.guard)
	s.csv.FieldsPerRecord, s.csv.ReuseRecord = -1, true
	return s, s.header()
}

// encodingOf tells a text's encoding by its byte-order mark, else by what its
// bytes can only be.
func encodingOf(sample []byte) (string, encoding.Encoding, error) {
	switch {
	case len(bytes.TrimSpace(sample)) == 0:
		return "", nil, ErrFile.Saying("文件是空的", "The file is empty.")
	case bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")):
		return "UTF-8 (BOM)", unicode.UTF8BOM, nil
	case bytes.HasPrefix(sample, []byte("\xff\xfe")), bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return "UTF-16", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), nil
	case bytes.HasPrefix(sample, []byte("PK\x03\x04")):
		return "", nil, ErrFile.Saying("这是 Excel 工作簿（xlsx），不是 CSV；请在表格软件里另存为“CSV UTF-8”再导入", "This is an Excel workbook; save it as CSV UTF-8.")
	}
	if zeros := bytes.Count(sample, []byte{0}); zeros > 0 {
		even := 0
		for i := 0; i < len(sample); i += 2 {
			if sample[i] == 0 {
				even++
			}
		}
		switch {
		case zeros < len(sample)/50:
		case even*20 < zeros:
			return "UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
		case even*20 > zeros*19:
			return "UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
		}
		return "", nil, ErrFile.Saying("文件里有二进制内容，不是 CSV 表格", "The file holds binary data; it is no CSV sheet.")
	}
	if validUTF8(sample) {
		return "UTF-8", nil, nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(sample[:len(sample)-tail(sample)])
	if err == nil && bytes.Count(out, []byte("\uFFFD"))*200 < len(out) {
		return "GB18030", simplifiedchinese.GB18030, nil
	}
	return "UTF-8", nil, nil // mostly; the rows with broken characters are refused one by one
}

// validUTF8 allows for a character cut in two at the end of the sample, and for
// a few broken ones: GB18030 text breaks UTF-8 at nearly every character.
func validUTF8(b []byte) bool {
	broken := 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if len(b) < utf8.UTFMax {
				break
			}
			broken++
		}
		b = b[n:]
	}
	return broken == 0
}

// tail is how many bytes at the end may be half a character.
func tail(b []byte) int {
	if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
		return len(b) - i - 1
	}
	return 0
}

// header reads and understands the first record.
func (s *sheet) header() error {
	record, err := s.csv.Read()
	if err != nil {
		return s.fatal(err)
	}
	for _, cell := range record {
		name := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(cell, "\uFEFF")))
		i := at(name)
		if i >= 0 && slices.Contains(s.place, i) {
			return ErrHeader.Saying(fmt.Sprintf("表头里“%s”出现了两次", name), "A column stands twice: "+name+".").On(name, "duplicate", "保留一列")
		}
		if i < 0 && name != "" {
			s.ignored = append(s.ignored, name)
		}
		s.place = append(s.place, i)
	}
	for _, name := range required {
		if !slices.Contains(s.place, at(name)) {
			return ErrHeader.Saying(
				fmt.Sprintf("表头缺少“%s”这一列；认识的列：%s", name, strings.Join(Header[:], "、")),
				"The column "+name+" is missing.").On(name, "required", "补上这一列，或核对第一行是不是表头")
		}
	}
	if s.ignored == nil {
		s.ignored = []string{}
	}
	return nil
}

// next returns the next row, io.EOF after the last, or what is wrong with the
// whole file.
func (s *sheet) next() (row, error) {
	s.guard.used = 0
	record, err := s.csv.Read()
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return row{}, io.EOF
	case errors.As(err, &parse) && errors.Is(err, csv.ErrBareQuote):
		return row{line: parse.StartLine, bad: "引号没有成对：单元格里的引号要写成两个"}, nil
	case err != nil:
		return row{}, s.fatal(err)
	}
	line, _ := s.csv.FieldPos(0)
	r := row{line: line, extra: max(0, len(record)-len(s.place)), short: max(0, len(s.place)-len(record))}
	for i, cell := range record {
		if i >= len(s.place) || s.place[i] < 0 {
			continue
		}
		if len(cell) > s.maxCell {
			r.bad = fmt.Sprintf("“%s”这一格有 %d 字节，太长", Header[s.place[i]], len(cell))
			continue
		}
		r.cells[s.place[i]] = strings.Clone(cell) // the record's memory is used again
	}
	return r, nil
}

// fatal words what makes the whole file unusable.
func (s *sheet) fatal(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errTooLong):
		line, _ := s.csv.FieldPos(0)
		return tooLong(line)
	case errors.Is(err, io.EOF):
		return ErrFile.Saying("文件是空的", "The file is empty.")
	case errors.As(err, &parse):
		return ErrFile.Saying(
			fmt.Sprintf("第 %d 行开始的引号一直没有闭合（读到第 %d 行）；请检查这一行的双引号", parse.StartLine, parse.Line),
			fmt.Sprintf("A quote opened on line %d is never closed.", parse.StartLine)).On(fmt.Sprintf("line %d", parse.StartLine), "quote", "补上或去掉引号")
	}
	return ErrFile.With(err)
}

func tooLong(after int) *errs.Error {
	return ErrFile.Saying(
		fmt.Sprintf("第 %d 行之后有一条记录超过 1 MB，多半是引号没有闭合；请检查那里的双引号", after),
		fmt.Sprintf("A record after line %d is longer than 1 MB; a quote is probably not closed.", after))
}

var errTooLong = errors.New("record too long")

// guard fails when one record takes more than limit.
type guard struct {
	from        io.Reader
	used, limit int
}

func (g *guard) Read(p []byte) (int, error) {
	if g.used > g.limit {
		return 0, errTooLong
	}
	n, err := g.from.Read(p)
	g.used += n
	return n, err
}

// meter tells how much was read.
type meter struct {
	from io.Reader
	tell func(int64)
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	m.tell(int64(n))
	return n, err
}
