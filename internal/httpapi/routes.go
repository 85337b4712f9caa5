package httpapi

// operations mounts every noun's routes, in the order the document shows them.
// A new noun adds one line here.
var operations = []func(*API){
	(*API).sessionRoutes,
	(*API).liveRoutes,
	(*API).indicatorRoutes,
	(*API).reportRoutes,
}
