package rituals

// A Streak is how often a couple has kept what counts. It is worked out from the
// outcomes each time, so that it can always be explained by them and no two
// writers can spoil it.
type Streak struct {
	Current int // days kept since the last one that was missed
	Longest int // the most that Current has ever been
	Total   int // all days kept: it never falls
}

// StreakOf returns the streak that outcomes make, oldest first.
//
// A day that was kept grows it and a day that was missed ends it. An excused day,
// on which the couple rested or Attune was down, does neither: an illness should
// cost nothing, and a rest that grew the streak would make the number a lie. Nor
// does a day without an outcome, because a couple may have chosen some days of
// the week, and a flight across the date line can leave a date out.
func StreakOf(outcomes []Outcome) Streak {
	var s Streak
	for _, o := range outcomes {
		switch o.State {
		case Kept:
			s.Current++
			s.Total++
			s.Longest = max(s.Longest, s.Current)
		case Missed:
			s.Current = 0
		}
	}
	return s
}
