package rules

import (
	"regexp"
	"slices"
	"strings"

	"linggong/internal/day"
	"linggong/internal/errs"
)

// ErrIDNumber says what is wrong with a resident ID number; it never repeats it.
var ErrIDNumber = errs.New(errs.Invalid, "id_number_invalid", "身份证号码有误", "The resident ID number is not valid.")

// Identity is what an ID number says about its holder.
type Identity struct {
	Birth day.Date
	Sex   string // "male" or "female"
}

var (
	idShape    = regexp.MustCompile(`^\d{17}[\dXx]$`)
	idOld      = regexp.MustCompile(`^\d{15}$`)
	idWeights  = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	idChecks   = "10X98765432"
	idBranches = strings.Fields("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83")
)

// ParseID checks a resident ID number (GB 11643-1999) on a day and returns what
// it says. A permit of Hong Kong, Macao and Taiwan residents and a foreigner's
// permanent residence card of 2023, which begins with 9, have the same form.
func ParseID(number string, today day.Date) (Identity, error) {
	bad := func(code, why string) (Identity, error) { return Identity{}, ErrIDNumber.On("id_number", code, why) }
	switch {
	case idOld.MatchString(number):
		return bad("old_card", "15 位的第一代身份证 2013 年起停用，请用 18 位号码")
	case !idShape.MatchString(number):
		return bad("shape", "应为 18 位，前 17 位是数字，最后一位是数字或 X")
	}
	birth, err := day.Parse(number[6:10] + "-" + number[10:12] + "-" + number[12:14])
	switch {
	case number[0] != '9' && !slices.Contains(idBranches, number[:2]):
		return bad("region", "前两位不是省级代码")
	case err != nil:
		return bad("birth", "第 7 至 14 位不是真实的出生日期")
	case birth > today:
		return bad("future", "出生日期在今天之后")
	case idCheck(number) != strings.ToUpper(number[17:]):
		return bad("checksum", "校验位不符，请核对是否抄错")
	}
	sex := "female"
	if (number[16]-'0')%2 == 1 {
		sex = "male"
	}
	return Identity{Birth: birth, Sex: sex}, nil
}

// idCheck returns the check character of the first seventeen digits.
func idCheck(number string) string {
	sum := 0
	for i, w := range idWeights {
		sum += int(number[i]-'0') * w
	}
	return idChecks[sum%11 : sum%11+1]
}
