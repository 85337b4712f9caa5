package gig

// Of 1000 applications usualAnswers are taken to be answered; that much is
// believed of an employer before knownAnswers have shown otherwise.
const (
	usualAnswers = 800
	knownAnswers = 3
)

// AnswerRate is how many of 1000 applications an employer answers, from those of
// late: one who left his only applicant waiting is not yet one who never answers.
func AnswerRate(answered, all int) int {
	return max((1000*answered+usualAnswers*knownAnswers)/(all+knownAnswers), 1)
}
