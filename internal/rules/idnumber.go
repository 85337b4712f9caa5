package rules

import (
	"regexp"

	"linggong/internal/day"
	"linggong/internal/errs"
)

// What can be wrong with an identifier. None of them repeats it.
var (
	ErrIDNumber   = errs.New(errs.Invalid, "id_number_invalid", "身份证号码有误", "The resident ID number is not valid.")
	ErrCreditCode = errs.New(errs.Invalid, "credit_code_invalid", "统一社会信用代码有误", "The unified social credit code is not valid.")
	ErrPhone      = errs.New(errs.Invalid, "phone_invalid", "手机号码应为 11 位，以 1 开头", "The mobile number has eleven digits and begins with 1.").On("phone", "pattern", "应为 11 位手机号码")
	ErrDisability = errs.New(errs.Invalid, "disability_card_invalid", "残疾人证号应为 20 位，前 18 位与身份证一致", "The disability card number is not valid.")
)

// Identity is what an ID number says about its holder.
type Identity struct {
	Birth day.Date
	Sex   string // "male" or "female"
}

var (
	idShape    = regexp.MustCompile(`^\d{17}[\dXx]$`)
	idWeights  = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	idChecks   = "10X98765432"
	phoneShape = regexp.MustCompile(`^1[3-9]\d{9}$`)
	cardShape  = regexp.MustCompile(`^(\d{17}[\dXx])([1-7])([1-4])(B\d{1,2})?$`)
)

// ParseID checks a resident ID number (GB 11643-1999) on a day and returns what
// it says. A permit of Hong Kong, Macao and Taiwan residents has the same form.
func ParseID(number string, today day.Date) (Identity, error) {
	bad := func(code, why string) (Identity, error) { return Identity{}, ErrIDNumber.On("id_number", code, why) }
	switch {
	case len(number) == 15 && regexp.MustCompile(`^\d{15}$`).MatchString(number):
		return bad("old_card", "15 位的第一代身份证 2013 年起停用，请用 18 位号码")
	case !idShape.MatchString(number):
		return bad("shape", "应为 18 位，前 17 位是数字，最后一位是数字或 X")
	}
	sum := 0
	for i, w := range idWeights {
		sum += int(number[i]-'0') * w
	}
	check := number[17]
	if check == 'x' {
		check = 'X'
	}
	birth, err := day.Parse(number[6:10] + "-" + number[10:12] + "-" + number[12:14])
	switch {
	case number[0] == '0' || number[:2] == "10":
		return bad("region", "前两位不是省级代码")
	case err != nil:
		return bad("birth", "第 7 至 14 位不是真实的出生日期")
	case birth > today:
		return bad("future", "出生日期在今天之后")
	case check != idChecks[sum%11]:
		return bad("checksum", "校验位不符，请核对是否抄错")
	}
	sex := "female"
	if (number[16]-'0')%2 == 1 {
		sex = "male"
	}
	return Identity{Birth: birth, Sex: sex}, nil
}

// CheckPhone checks a mobile number (domain.md §6.2).
func CheckPhone(phone string) error {
	if !phoneShape.MatchString(phone) {
		return ErrPhone
	}
	return nil
}

// Disability is what the number of a disability card says: health data.
type Disability struct {
	Kind, Level int // 1…7, 1…4; levels 1 and 2 are severe (重度)
}

// ParseDisability checks the number of a disability card (残疾人证) against its
// holder's ID number.
func ParseDisability(card, idNumber string) (Disability, error) {
	m := cardShape.FindStringSubmatch(card)
	if m == nil || m[1] != idNumber {
		return Disability{}, ErrDisability
	}
	return Disability{Kind: int(m[2][0] - '0'), Level: int(m[3][0] - '0')}, nil
}

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// CheckCreditCode checks a unified social credit code (GB 32100-2015). The
// organisation code inside it has a check of its own, which real codes break:
// it is not looked at.
func CheckCreditCode(code string) error {
	bad := func(c, why string) error { return ErrCreditCode.On("credit_code", c, why) }
	if len(code) != 18 {
		return bad("length", "应为 18 位")
	}
	sum := 0
	for i := range 18 {
		v := indexOf(creditAlphabet, code[i])
		if v < 0 {
			return bad("alphabet", "只能含数字和大写字母，不含 I、O、S、V、Z")
		}
		if i < 17 {
			sum += v * creditWeights[i]
		}
	}
	for i := 2; i < 8; i++ {
		if code[i] < '0' || code[i] > '9' {
			return bad("region", "第 3 至 8 位应为行政区划数字")
		}
	}
	if creditAlphabet[(31-sum%31)%31] != code[17] {
		return bad("checksum", "校验位不符，请核对是否抄错")
	}
	return nil
}

func indexOf(s string, b byte) int {
	for i := range len(s) {
		if s[i] == b {
			return i
		}
	}
	return -1
}
