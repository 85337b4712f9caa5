package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"linggong/internal/testserver"
)

// envBrowserURL names the running demo to the browser tests.
const envBrowserURL = "LINGGONG_E2E_URL"

// browserTests starts the built program as a newcomer would, on a port and in
// a folder of its own, and walks through it with a browser.
func browserTests(ctx context.Context, j *job) error {
	if _, err := testserver.Chromium(); err != nil {
		return err
	}
	if _, err := testserver.ChineseFont(); err != nil {
		return err
	}
	data, err := os.MkdirTemp("", "linggong-demo-")
	if err != nil {
		return fmt.Errorf("make a data folder: %w", err)
	}
	defer os.RemoveAll(data)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	url, ended, err := startDemo(ctx, j, data)
	if err == nil {
		err = runPlaywright(ctx, j, url)
	}
	select {
	case died := <-ended:
		err = errors.Join(err, fmt.Errorf("the program ended by itself: %v", died)) //nolint:errorlint // nil is wrong here too
	default:
		stop()
		<-ended //nolint:errcheck // it was told to end
	}
	return err
}

// startDemo returns the address of a ready demo, and a channel that tells how
// it ended, which it does when ctx does.
func startDemo(ctx context.Context, j *job, data string) (url string, ended <-chan error, err error) {
	end := make(chan error, 1)
	port, err := testserver.FreePort()
	if err != nil {
		end <- nil
		return "", end, err
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	program, err := filepath.Abs(binaryPath())
	if err != nil {
		end <- nil
		return "", end, fmt.Errorf("find the program: %w", err)
	}
	env := []string{"LINGGONG_ADDR=" + address, "LINGGONG_DATA=" + data}
	go func() { end <- j.sh(ctx, command{dir: data, env: env}, program, "demo") }()
	url = "http://" + address
	begun := time.Now()
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		select {
		case <-tick.C:
			if answers(ctx, url+"/readyz") {
				j.con.progress(j.step, "the demo was ready after %s", time.Since(begun).Round(100*time.Millisecond))
				return url, end, nil
			}
			if time.Since(begun) > 2*time.Minute {
				return "", end, errors.New("the demo was not ready within two minutes")
			}
		case died := <-end:
			end <- died
			return "", end, errors.New("the demo was never ready")
		}
	}
}

func answers(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func runPlaywright(ctx context.Context, j *job, url string) error {
	report, err := filepath.Abs(filepath.Join(j.logs, "playwright.json"))
	if err != nil {
		return fmt.Errorf("browser tests: %w", err)
	}
	_ = os.Remove(report)
	env := []string{envBrowserURL + "=" + url, "PLAYWRIGHT_JSON_OUTPUT_FILE=" + report, "PLAYWRIGHT_JSON_OUTPUT_NAME=" + report}
	runErr := j.sh(ctx, command{dir: webDir, env: env}, "npm", "run", "e2e", "--", "--reporter=list,json")
	text, err := os.ReadFile(report)
	if err != nil {
		return errors.Join(runErr, err)
	}
	if err := countPlaywright(text, j); err != nil || j.failed == 0 {
		return errors.Join(runErr, err)
	}
	return nil
}

// playwrightReport is what we read of Playwright's JSON report.
type playwrightReport struct {
	Errors []playwrightError `json:"errors"`
	Suites []playwrightSuite `json:"suites"`
}

type playwrightError struct {
	Message string `json:"message"`
}

type playwrightSuite struct {
	Suites []playwrightSuite `json:"suites"`
	Specs  []playwrightSpec  `json:"specs"`
}

type playwrightSpec struct {
	Title string           `json:"title"`
	Tests []playwrightTest `json:"tests"`
}

type playwrightTest struct {
	Status  string `json:"status"` // expected, unexpected, flaky, skipped
	Results []struct {
		Error playwrightError `json:"error"`
	} `json:"results"`
}

func countPlaywright(text []byte, j *job) error {
	var r playwrightReport
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("read playwright report: %w", err)
	}
	var shaky []string
	for _, s := range r.Suites {
		shaky = append(shaky, countSuite(s, j)...)
	}
	for _, e := range r.Errors {
		j.fault("%s", e.Message)
	}
	if len(shaky) > 0 {
		j.note = "passed only when tried again: " + strings.Join(shaky, "; ")
	}
	if j.passed+j.failed == 0 {
		return errors.New("no browser test ran")
	}
	return nil
}

// countSuite counts a suite and returns the tests that passed only when tried
// again: they pass, but it is said aloud, since it hides something.
func countSuite(s playwrightSuite, j *job) (shaky []string) {
	for _, spec := range s.Specs {
		for _, t := range spec.Tests {
			switch t.Status {
			case "expected":
				j.passed++
			case "flaky":
				j.passed++
				shaky = append(shaky, spec.Title)
			case "skipped":
				j.skipped++
				j.reasons = append(j.reasons, spec.Title)
			default:
				message := "no result"
				if n := len(t.Results); n > 0 {
					message = t.Results[n-1].Error.Message
				}
				j.fault("%s\n%s", spec.Title, message)
			}
		}
	}
	for _, child := range s.Suites {
		shaky = append(shaky, countSuite(child, j)...)
	}
	return shaky
}
