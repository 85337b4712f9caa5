package person_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linggong/internal/person"
)

func TestMasksShowWhatTheyMayAndNoMore(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"张三": "张*", "张三丰": "张*", "欧阳修": "欧阳*", "欧阳": "欧阳*", "张": "张*", "": "", "买买提·艾力": "买*", "John Smith": "J*",
	} {
		if got := person.MaskName(in); got != want {
			t.Errorf("name %q: %q, want %q", in, got, want)
		}
	}
	if got := person.MaskPhone("13800000001"); got != "138****0001" {
		t.Error(got)
	}
	if got := person.MaskIDNumber("33048119900101123X"); got != "330481**********3X" {
		t.Error(got)
	}
	if got := person.MaskIDNumberPublic("33048119900101123X"); got != "330*************3X" {
		t.Error(got)
	}
	if got := person.MaskPhone("12345"); got != "*****" {
		t.Errorf("a short number is shown: %q", got)
	}
}

func TestAMaskNeverShowsTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := person.CleanName(rapid.StringMatching(`[张欧阳王艾力·a-z ]{1,8}`).Draw(t, "name"))
		if m := person.MaskName(name); name != "" && (!strings.HasSuffix(m, "*") || len([]rune(m)) > 4 && len([]rune(m)) > len([]rune(name))+1) {
			t.Fatalf("%q → %q", name, m)
		}
		digits := rapid.StringMatching(`\d{0,20}`).Draw(t, "digits")
		for _, m := range []string{person.MaskPhone(digits), person.MaskIDNumber(digits), person.MaskIDNumberPublic(digits)} {
			if digits != "" && m == digits || len(m) != len(digits) {
				t.Fatalf("%q → %q", digits, m)
			}
		}
	})
}

func TestNamesAndPhonesAreKeptInOneForm(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{" 张　三 ": "张三", "买买提•艾力": "买买提·艾力", "John  Smith": "John Smith"} {
		if got := person.CleanName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"138 0000 0001": "13800000001", "+86-13800000001": "13800000001", "１３８０００００００１": "13800000001",
		"12800000001": "", "1380000000": "", "0573-87288888": "", "": "",
	} {
		if got := person.CleanPhone(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestParticularsNeverPrint(t *testing.T) {
	t.Parallel()
	r := person.Record{Particulars: person.Particulars{Name: "张三", IDNumber: "11010519491231002X", Phone: "13800000001"}}
	for _, f := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(f, r); strings.Contains(s, "张三") || strings.Contains(s, "1949") || strings.Contains(s, "138") {
			t.Errorf("%s prints %s", f, s)
		}
	}
}
