package rules

import (
	"regexp"
	"slices"
	"strings"

	"linggong/internal/errs"
)

// ErrPhone says a mobile number is malformed.
var ErrPhone = errs.New(errs.Invalid, "phone_invalid", "手机号码应为 11 位，以 1 开头", "The mobile number has eleven digits and begins with 1.").
	On("phone", "pattern", "应为 11 位手机号码")

var (
	phoneShape   = regexp.MustCompile(`^1[3-9]\d{9}$`)
	phoneVirtual = strings.Fields("162 165 167 170 171")
)

// CheckPhone checks a mobile number (domain.md §6.2).
func CheckPhone(phone string) error {
	if !phoneShape.MatchString(phone) {
		return ErrPhone
	}
	return nil
}

// VirtualPhone says a mobile number belongs to a virtual operator: allowed, and a
// reason for whoever verifies an employer to look twice (domain.md §6.2).
func VirtualPhone(phone string) bool {
	return phoneShape.MatchString(phone) && slices.Contains(phoneVirtual, phone[:3])
}
