package demo_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/demo"
)

func TestProf(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("DEMO_PEOPLE"))
	if n == 0 {
		t.Skip()
	}
	cfg := config.Default()
	cfg.Data = t.TempDir()
	cfg.KeyFile = filepath.Join(cfg.Data, "keys.json")
	clock := demo.NewClock()
	a, err := app.Open(t.Context(), cfg, app.Options{Now: clock.Now, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	sum, err := demo.Load(t.Context(), a, clock, demo.Options{People: n, Seed: 1, Years: 2})
	t.Logf("%+v %v", sum, err)
}
