package worktext_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"linggong/internal/worktext"
)

// An index made yesterday must not be searched with today's words: who changes
// what Document makes of a posting raises the number in pipeline.go, so that
// every index is made anew, and writes the new sum here. The tables of trades and
// callings need no number: change them and their sum here changes too.
func TestAnotherWayOfMakingDocumentsIsAnotherPipeline(t *testing.T) {
	t.Parallel()
	const number, sum = "4-", "c58fe90412333ea9"
	h := sha256.New()
	for _, d := range []struct{ title, text, trade string }{
		{"急招电焊工两名，日结", "会二保焊，包吃住，300元/天", "welder"},
		{"销售财务管控会计", "不上夜班", ""},
		{"许村 保洁阿姨 22/h", "在家可做", "cleaner"},
		{"数学老师（教学主管）", "周末双休 兼职", ""},
		{"CNC操作工 長白班", "夜班补贴", "cnc"},
		{"保安/外卖骑手", "电话 12345", ""},
		{"出纳——幸福之家养老院", "", ""},
		{"司机班长（懂车辆维修）", "", ""},
		{"桌面运维工程师", "", ""},
		{"银行大客户销售总监（人力资源方向）", "", ""},
	} {
		f := worktext.Document(d.title, d.text, d.trade, []string{"急聘"})
		fmt.Fprintf(h, "%s|%s|%s\n", f.Tokens, f.Pinyin, f.Initials)
	}
	if got := hex.EncodeToString(h.Sum(nil)[:8]); got != sum || !strings.HasPrefix(worktext.Pipeline(), number) {
		t.Errorf("documents are made otherwise than pipeline %s made them (%s, not %s): raise the number in pipeline.go and write both here",
			worktext.Pipeline(), got, sum)
	}
}
