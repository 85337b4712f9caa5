package httpapi

// Services is what the handlers call. Each interface stands in the file of its
// noun and is as narrow as that file's handlers need. Package app fills them all.
type Services struct {
	Sessions   Sessions
	Indicators Indicators
	Reports    Reports
	Names      Names
	Trace      Trace
	Stations   Stations
	Employers  Employers
	Workers    Workers
	Postings   Postings
	Search     PostingSearch

	Engagements Engagements
	Matches     Matches
	WageClues   WageClues
	Welfare     Welfare
	Parameters  Parameters
	Jobs        Jobs
	Places      Places

	Households   Households
	KeyGroups    KeyGroups
	Recognitions Recognitions
	Cases        Cases
	Visits       Visits
	Desk         Desk

	Accounts    Accounts
	Kiosks      Kiosks
	Persons     Persons
	PersonRoles PersonRoles // may be nil: persons are then shown without their roles
	Outbox      Outbox
}
