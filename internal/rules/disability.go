package rules

import (
	"regexp"
	"strings"

	"linggong/internal/errs"
)

// ErrDisability says a disability card's number is malformed or another's.
var ErrDisability = errs.New(errs.Invalid, "disability_card_invalid", "残疾人证号应为 20 位，前 18 位与身份证一致", "The disability card number is not valid.")

// Disability is what the number of a disability card says: health data.
type Disability struct {
	Kind, Level int // 1…7, 1…4
}

// Severe says the disability is 重度: of level 1 or 2 (domain.md §2.5).
func (d Disability) Severe() bool { return d.Level == 1 || d.Level == 2 }

var disabilityShape = regexp.MustCompile(`^(\d{17}[\dX])([1-7])([1-4])(B\d{1,2})?$`)

// ParseDisability checks the number of a disability card (残疾人证) against its
// holder's ID number. Reissued cards carry a suffix, B1 (domain.md §6.4).
func ParseDisability(card, idNumber string) (Disability, error) {
	bad := func(code, why string) (Disability, error) { return Disability{}, ErrDisability.On("card", code, why) }
	m := disabilityShape.FindStringSubmatch(strings.ToUpper(card))
	switch {
	case m == nil:
		return bad("shape", "应为 20 位：身份证号 18 位、类别 1 至 7、等级 1 至 4")
	case m[1] != strings.ToUpper(idNumber):
		return bad("holder", "前 18 位与本人身份证号不一致")
	}
	return Disability{Kind: int(m[2][0] - '0'), Level: int(m[3][0] - '0')}, nil
}
