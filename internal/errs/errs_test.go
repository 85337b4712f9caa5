package errs_test

import (
	"errors"
	"fmt"
	"testing"

	"linggong/internal/errs"
)

var errFull = errs.New(errs.Conflict, "shift_full", "已经招满", "The shift is full.")

func TestACopyStillMatchesTheVariableItCameFrom(t *testing.T) {
	t.Parallel()
	cause := errors.New("boom")
	err := fmt.Errorf("confirm: %w", errFull.With(cause).Because("R-PT-05", "劳动合同法 第72条", "提高时薪").On("pay", "low", "低于最低工资"))
	if !errors.Is(err, errFull) || !errors.Is(err, cause) {
		t.Fatalf("%v lost the error it was made from", err)
	}
	if errFull.Err != nil || errFull.Rule != "" || errFull.Fields != nil {
		t.Fatal("a copy changed the original")
	}
	if errs.KindOf(err) != errs.Conflict {
		t.Fatalf("kind = %v", errs.KindOf(err))
	}
}

func TestAPlainErrorIsInternal(t *testing.T) {
	t.Parallel()
	if errs.KindOf(errors.New("x")) != errs.Internal {
		t.Fatal("a plain error must never be shown")
	}
}
