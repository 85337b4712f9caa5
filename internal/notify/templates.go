package notify

import (
	"fmt"
	"regexp"
	"strings"
)

// Topic is a kind of message a person can mute.
type Topic string

// The topics. Codes are never muted.
const (
	Codes        Topic = "codes"
	Gigs         Topic = "gigs"
	Wages        Topic = "wages"
	Appointments Topic = "appointments"
)

// Template names a text.
type Template string

// The templates.
const (
	CodeSent            Template = "code"
	EngagementInvited   Template = "engagement_invited"
	EngagementConfirmed Template = "engagement_confirmed"
	EngagementRefused   Template = "engagement_refused"
	EngagementCancelled Template = "engagement_cancelled"
	ShiftTomorrow       Template = "shift_tomorrow"
	PayRecorded         Template = "pay_recorded"
	PayOverdue          Template = "pay_overdue"
	WageClueMoved       Template = "wage_clue_moved"
	Appointment         Template = "appointment"
)

// texts are what is written, with {words} to fill in. A caseworker's appointment
// names the office and the time, not the matter: someone else may read the phone.
var texts = map[Template]struct {
	topic Topic
	text  string
}{
	CodeSent:            {Codes, "【零工通】验证码{code}，5分钟内有效。请勿告诉他人，工作人员不会向您索要。"},
	EngagementInvited:   {Gigs, "【零工通】{employer}请您{when}到{place}做{trade}，{pay}。请在{answer_by}前答复，报编号{code}。"},
	EngagementConfirmed: {Gigs, "【零工通】已约好：{when}，{place}，{trade}，{pay}。到场报编号{code}。"},
	EngagementRefused:   {Gigs, "【零工通】{when}的{trade}人已招满，这次没有轮到您。零工市场还有其他零工。"},
	EngagementCancelled: {Gigs, "【零工通】{when}的{trade}已取消，请不要前往。"},
	ShiftTomorrow:       {Gigs, "【零工通】提醒：{when}，{place}，{trade}。到场报编号{code}；不能来请尽早告知。"},
	PayRecorded:         {Wages, "【零工通】{day}的{trade}，工钱{amount}元已登记支付。未收到请告知零工市场。"},
	PayOverdue:          {Wages, "【零工通】{day}的{trade}，工钱尚未登记支付。如未收到，可到零工市场反映。"},
	WageClueMoved:       {Wages, "【零工通】您反映的工钱问题有新进展，请联系{office}，电话{tel}。"},
	Appointment:         {Appointments, "【零工通】请于{when}联系{office}，电话{tel}。"},
}

var (
	gap      = regexp.MustCompile(`\{(\w+)\}`)
	idNumber = regexp.MustCompile(`\d{17}[\dXx]`)
)

func (t Template) topic() Topic { return texts[t].topic }

// Wants returns the names of the words a template is filled with.
func (t Template) Wants() []string {
	var out []string
	for _, m := range gap.FindAllStringSubmatch(texts[t].text, -1) {
		out = append(out, m[1])
	}
	return out
}

// text fills a template. A missing word, or one that looks like an ID number,
// is a defect of the caller.
func (t Template) text(words map[string]string) (string, error) {
	form, ok := texts[t]
	if !ok {
		return "", ErrTemplate.With(fmt.Errorf("no template %q", t))
	}
	missing := ""
	out := gap.ReplaceAllStringFunc(form.text, func(m string) string {
		w := strings.TrimSpace(words[m[1:len(m)-1]])
		if w == "" {
			missing = m
		}
		return w
	})
	if missing != "" {
		return "", ErrTemplate.With(fmt.Errorf("template %q has nothing for %s", t, missing))
	}
	if idNumber.MatchString(out) {
		return "", ErrTemplate.With(fmt.Errorf("template %q was given an ID number", t))
	}
	return out, nil
}
