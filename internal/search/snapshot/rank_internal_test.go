package snapshot

import "testing"

// The table of weights is a whole: a rank is 0…1000, and nothing else is in it.
func TestTheWeightsAreAThousandTogether(t *testing.T) {
	t.Parallel()
	sum := 0
	for _, w := range partWeights {
		sum += w
	}
	if sum != 1000 {
		t.Errorf("%d", sum)
	}
	all := facts{score: 1, trade: rankTrade, wayM: 0, open: 3, headings: 3, answers: rankAnswers, urgent: true}.parts()
	if all.Rank() != 1000 {
		t.Errorf("all that can be had makes %d: %+v", all.Rank(), all.List())
	}
	if none := (facts{wayM: -1, starts: 1 << 40, age: 1 << 40}).parts(); none.Rank() != 0 {
		t.Errorf("nothing makes %d: %+v", none.Rank(), none.List())
	}
}

// All else the same, the first of each pair stands before the second.
func TestWhatMakesOnePostingStandBeforeAnother(t *testing.T) {
	t.Parallel()
	usual := facts{score: 0.6, wayM: 3000, starts: 86_400, age: 86_400, open: 2, headings: 4, waiting: 1, answers: answerPoints(0)}
	with := func(change func(*facts)) facts {
		f := usual
		change(&f)
		return f
	}
	for name, pair := range map[string][2]facts{
		"better words":                      {with(func(f *facts) { f.score = 0.7 }), usual},
		"the trade itself before one near":  {with(func(f *facts) { f.trade = rankTrade }), usual},
		"the village before the town":       {with(func(f *facts) { f.wayM = 900 }), with(func(f *facts) { f.wayM = 4500 })},
		"the town before the city":          {with(func(f *facts) { f.wayM = 4500 }), with(func(f *facts) { f.wayM = 13_000 })},
		"known to be near before unknown":   {usual, with(func(f *facts) { f.wayM = -1 })},
		"sooner":                            {with(func(f *facts) { f.starts = 3600 }), usual},
		"more places left":                  {with(func(f *facts) { f.open = 4 }), usual},
		"fewer who wait for the same place": {usual, with(func(f *facts) { f.waiting = 9 })},
		"an employer who answers":           {with(func(f *facts) { f.answers = answerPoints(980) }), with(func(f *facts) { f.answers = answerPoints(300) })},
		"nothing known before never":        {with(func(f *facts) { f.answers = answerPoints(0) }), with(func(f *facts) { f.answers = answerPoints(1) })},
		"newer":                             {with(func(f *facts) { f.age = 0 }), usual},
		"urgent":                            {with(func(f *facts) { f.urgent = true }), usual},
		"a step of the words before urgent": {with(func(f *facts) { f.score = 0.7 }), with(func(f *facts) { f.urgent = true })},
		"words before being near":           {with(func(f *facts) { f.score, f.wayM = 1, 12_000 }), with(func(f *facts) { f.score, f.wayM = 0.3, 3000 })},
	} {
		if a, b := pair[0].parts().Rank(), pair[1].parts().Rank(); a <= b {
			t.Errorf("%s: %d, %d", name, a, b)
		}
	}
}
