package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/identity"
)

var errNoDemo = errs.New(errs.NotFound, "not_found", "没有找到", "Not found.")

// DemoPairing is a code with which a browser becomes a kiosk of the demo.
type DemoPairing struct {
	PairingCode string `json:"pairing_code"`
}

type demoPairingQuery struct {
	Kind string `query:"kind" enum:"kiosk,screen" default:"kiosk"`
}

// demoRoutes are answered in the demo only: there a kiosk pairs itself, so that
// whoever looks at the demo stands at a kiosk at once.
func (a *API) demoRoutes() {
	handle(a, route{method: http.MethodGet, path: "/demo/pairing", id: "demo-pairing", tag: "demo 演示", summary: "演示：取得一体机配对码", public: true}, a.demoPairing)
}

func (a *API) demoPairing(ctx context.Context, actor access.Actor, in *demoPairingQuery) (*body[DemoPairing], error) {
	if !a.opts.Demo {
		return nil, errNoDemo
	}
	stations, err := a.Stations.Stations(ctx)
	if err != nil {
		return nil, err
	}
	if len(stations) == 0 {
		return nil, errNoDemo
	}
	system := access.Internal("demo")
	system.Request = actor.Request
	_, code, err := a.Kiosks.CreateKiosk(ctx, system, string(stations[0].ID), "演示设备", identity.KioskKind(in.Kind))
	if err != nil {
		return nil, err
	}
	return &body[DemoPairing]{DemoPairing{code}}, nil
}
