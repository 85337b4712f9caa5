package archtest

// The layers, from the bottom. A package imports lower layers only; what the
// numbers mean stands in docs/decisions/0001.
const (
	ground     = iota // values that everything shares
	pure              // rules of the world, without I/O
	mechanism         // databases, jobs, caches, search, files
	domain            // what the service is about
	rows              // each domain's SQL
	projecting        // event → search document, message
	edge              // HTTP, pages, configuration
	composed          // the parts put together
	top               // programs
)

// Linggong is the layout of this program.
var Linggong = Layout{
	Module: "linggong",

	Layers: map[string]int{
		"api": ground, "migrations": ground, "web": ground, "deploy": ground, // embedded data

		"internal/errs": ground, "internal/day": ground, "internal/tx": ground,
		"internal/access": ground, "internal/event": ground, "internal/audit": ground,

		"internal/region": pure, "internal/rules": pure, "internal/worktext": pure,
		"internal/matching": pure, "internal/matching/assign": pure, "internal/matching/assign/*": pure, "internal/matching/simulate": pure,

		"internal/dbx": mechanism, "internal/migrate": mechanism, "internal/job": mechanism,
		"internal/bus": mechanism, "internal/cache": mechanism, "internal/cache/rediscache": mechanism, "internal/cache/cachedb": mechanism,
		"internal/search": mechanism, "internal/search/sqlindex": mechanism, "internal/search/follow": mechanism,
		"internal/search/meiliindex": mechanism, "internal/search/snapshot": mechanism,
		"internal/seal": mechanism, "internal/files": mechanism, "internal/idempotency": mechanism,
		"internal/testserver": mechanism, "internal/lane": mechanism, "internal/raced": mechanism,

		"internal/identity": domain, "internal/person": domain, "internal/gig": domain,
		"internal/labour": domain, "internal/hardship": domain, "internal/welfare": domain,
		"internal/indicator": domain, "internal/notify": domain, "internal/parameter": domain, "internal/intake": domain,
		// Their rows and their parts have a layer by their name, see Layout.Layer.

		"internal/projection": projecting,

		"internal/httpapi": edge, "internal/webui": edge, "internal/config": edge,

		"internal/app": composed, "internal/app/searchbench": composed, "internal/app/bookbench": composed, "internal/demo": composed,

		"internal/cli": top, "internal/check": top, "internal/archtest": top, "internal/torture": top, "cmd/linggong": top,
	},

	Exceptions: []Exception{
		{"internal/event", "internal/access", "an event says who acted"},
		{"internal/event", "internal/day", "an event has a business date"},
		{"internal/event", "internal/errs", "a refusal to publish is an error like others"},
		{"internal/event", "internal/tx", "an event belongs to a transaction"},
		{"internal/access", "internal/errs", "a refusal is an error like others"},
		{"internal/audit", "internal/event", "a trace is what remains of an event"},
		{"internal/audit", "internal/access", "reading the trace is allowed to few"},
		{"internal/audit", "internal/day", "a trace is found by its date"},
		{"internal/audit", "internal/errs", "a refusal is an error like others"},
		{"internal/day", "internal/errs", "a malformed date is an error like others"},

		{"internal/rules", "internal/region", "legal facts hold somewhere"},
		{"internal/matching", "internal/rules", "hard blockers are legal facts"},
		{"internal/matching", "internal/region", "distance and place"},
		{"internal/matching", "internal/worktext", "trades have one vocabulary"},
		{"internal/worktext", "internal/region", "a query may name a village"},

		{"internal/matching/simulate", "internal/matching", "made people are judged as real ones"},
		{"internal/matching/simulate", "internal/matching/assign", "and placed by the same solver"},
		{"internal/matching/simulate", "internal/matching/assign/certify", "each day is proved"},
		{"internal/matching/simulate", "internal/matching/assign/problem", "the words of the solver"},
		{"internal/matching/assign/certify", "internal/matching/assign/problem", "the checker reads the same files and shares nothing else"},
		{"internal/matching/assign", "internal/matching/assign/problem", "the solver reads the file format"},
		{"internal/migrate", "internal/dbx", "the schema is changed through the one door to the database"},
		{"internal/dbx/dbtest", "internal/migrate", "a test database is a migrated one"},
		{"internal/dbx/dbtest", "internal/testserver", "it starts the server it needs"},
		{"internal/job", "internal/dbx", "jobs are rows"},
		{"internal/cache/cachedb", "internal/dbx", "values that replicas share without Redis are rows"},
		{"internal/bus", "internal/dbx", "an event gets its id and its moment there"},
		{"internal/idempotency", "internal/dbx", "first answers are rows"},
		{"internal/search/sqlindex", "internal/dbx", "the embedded index is the database's own"},
		{"internal/search/follow", "internal/dbx", "what an engine has still to be told is noted with the act"},
		{"internal/search/snapshot", "internal/dbx", "it is filled from rows"},
		{"internal/cache/rediscache", "internal/testserver", "its conformance suite starts a server"},

		{"internal/demo", "internal/app", "the demo city is made by the program's own use cases"},
		{"cmd/linggong", "internal/cli", "main only starts the command line"},
	},

	Narrow: []Narrow{{
		Layer: domain, To: "internal/dbx",
		Only: []string{"NewID", "ErrNotFound", "ErrDuplicate", "ErrReference", "ErrCheck", "ErrOverlap"},
		Why:  "rules do not know how rows are stored; take a tx.Runner and a Store",
	}},

	Vendors: []Vendor{
		{"gorm.io/", []string{"internal/dbx", "internal/dbx/dbtest", "internal/job", RowsPackages}, "rows never leave the packages that store them"},
		{"github.com/gin-gonic/gin", []string{"internal/httpapi", "internal/webui"}, "only the edge speaks HTTP"},
		{"github.com/danielgtaylor/huma/", []string{"internal/httpapi"}, "the contract is made in one place"},
		{"github.com/redis/go-redis/", []string{"internal/cache/rediscache"}, "Redis is one of two ways to do it, behind the cache port"},
		{"github.com/meilisearch/", []string{"internal/search/meiliindex"}, "Meilisearch is one of two ways to do it, behind the search port"},
		{"modernc.org/sqlite", []string{"internal/dbx", "internal/dbx/dbtest"}, "only dbx opens databases and reads their error codes"},
		{"github.com/spf13/cobra", []string{"internal/cli"}, "only the command line parses commands"},
	},

	Calls: []Call{
		{
			"time",
			[]string{"Now", "Since", "Until"},
			[]string{"internal/app", "internal/dbx", "internal/check", "internal/testserver"},
			"take now func() time.Time, so that a test can choose the moment",
		},
		{
			"os",
			[]string{"Getenv", "LookupEnv", "Environ"},
			[]string{"internal/config", "internal/check", "internal/testserver", "internal/dbx/dbtest"},
			"a setting that is not in config is one that nobody finds",
		},
	},
}
