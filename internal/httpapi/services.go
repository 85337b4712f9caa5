package httpapi

// Services is what the handlers call. Each interface stands in the file of its
// noun and is as narrow as that file's handlers need. Package app fills them all.
type Services struct {
	Sessions   Sessions
	Indicators Indicators
	Reports    Reports
	Names      Names
	Trace      Trace
}
