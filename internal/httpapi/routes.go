package httpapi

// operations mounts every noun's routes, in the order the document shows them.
// A new noun adds one line here.
var operations = []func(*API){
	(*API).sessionRoutes,
	(*API).outboxRoutes,
	(*API).demoRoutes,
	(*API).accountRoutes,
	(*API).liveRoutes,
	(*API).personRoutes,
	(*API).indicatorRoutes,
	(*API).reportRoutes,
	(*API).stationRoutes,
	(*API).employerRoutes,
	(*API).workerRoutes,
	(*API).postingRoutes,
	(*API).postingSearchRoutes,
	(*API).engagementRoutes,
	(*API).matchRoutes,
	(*API).wageClueRoutes,
	(*API).welfareRoutes,
	(*API).dashboardRoutes,
	(*API).metaRoutes,
	(*API).adminRoutes,
	(*API).householdRoutes,
	(*API).keyGroupRoutes,
	(*API).recognitionRoutes,
	(*API).caseRoutes,
	(*API).visitRoutes,
	(*API).deskRoutes,
}
