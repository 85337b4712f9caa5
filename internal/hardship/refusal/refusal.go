// Package refusal holds what every part of employment assistance refuses with,
// and the three checks they share.
package refusal

import (
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
)

// What the whole domain refuses with.
var (
	ErrNotFound    = errs.New(errs.NotFound, "not_found", "没有找到", "Not found.")
	ErrStale       = errs.New(errs.Stale, "stale", "他人刚刚修改过，请刷新后再试", "Someone changed it since you read it. Reload and try again.")
	ErrNeedsReason = errs.New(errs.Invalid, "reason_required", "请写明理由", "Please give the reason.")
	ErrNeedsProof  = errs.New(errs.Invalid, "evidence_required", "请写明依据或上传证明", "Please give the evidence.")
	ErrBadDate     = errs.New(errs.Invalid, "bad_date", "日期不正确", "The date is not right.")
	ErrUnknownCode = errs.New(errs.Invalid, "unknown_code", "没有这个选项", "There is no such choice.")
	ErrNotHuman    = errs.New(errs.Forbidden, "human_decision_required", "此事须由工作人员决定", "A person has to decide this.").
			Because("R-PIPL-04", "个人信息保护法 第24条", "请由有权限的工作人员登录后办理")
)

// Machine refuses acts that decide about a person without one (PIPL art. 24).
func Machine(a access.Actor) error {
	if a.Account == "" {
		return ErrNotHuman
	}
	return nil
}

// Future refuses a date that is absent, not a day, or still to come.
func Future(d, today day.Date) error {
	if !d.Valid() {
		return ErrBadDate
	}
	if d > today {
		return ErrBadDate.Saying("日期不能晚于今天", "The date lies in the future.")
	}
	return nil
}

// Unlisted refuses a code that is not in the list of a field.
func Unlisted[T comparable](list []T, code T, field, message string) error {
	if slices.Contains(list, code) {
		return nil
	}
	return ErrUnknownCode.On(field, "unknown", message)
}
