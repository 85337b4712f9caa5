package rules

import (
	"strings"

	"linggong/internal/errs"
)

// ErrCreditCode says what is wrong with a unified social credit code; it never repeats it.
var ErrCreditCode = errs.New(errs.Invalid, "credit_code_invalid", "统一社会信用代码有误", "The unified social credit code is not valid.")

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
	for i := range len(code) {
		v := strings.IndexByte(creditAlphabet, code[i])
		if v < 0 {
			return bad("alphabet", "只能含数字和大写字母，不含 I、O、S、V、Z")
		}
		if i < 17 {
			sum += v * creditWeights[i]
		}
	}
	if strings.Trim(code[2:8], "0123456789") != "" {
		return bad("region", "第 3 至 8 位应为行政区划数字")
	}
	if creditAlphabet[(31-sum%31)%31] != code[17] {
		return bad("checksum", "校验位不符，请核对是否抄错")
	}
	return nil
}

// creditKinds are the first two characters of a code: who registered it, as what.
var creditKinds = map[string]string{
	"91": "企业", "92": "个体工商户", "93": "农民专业合作社", "51": "社会团体", "52": "民办非企业单位", "53": "基金会",
	"11": "机关", "12": "事业单位", "81": "工会",
}

// CreditCodeKind returns what a code's holder is registered as, "" when its first
// two characters are none that is known. 个体工商户 is a lawful employer.
func CreditCodeKind(code string) string {
	if len(code) < 2 {
		return ""
	}
	return creditKinds[code[:2]]
}
