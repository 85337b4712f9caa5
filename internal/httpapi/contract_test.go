package httpapi_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"linggong/api"
)

var update = flag.Bool("update", false, "write api/openapi.json anew")

func TestTheCommittedContractIsTheProgramsOwn(t *testing.T) {
	t.Parallel()
	a, _ := bare()
	doc, err := a.Document()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("../../api/openapi.json", doc, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(doc, api.Document) {
		t.Fatal("api/openapi.json is not what the program serves: run make gen")
	}
}

func TestTheContractIsAValidOpenAPIDocument(t *testing.T) {
	t.Parallel()
	d, err := openapi3.NewLoader().LoadFromData(api.Document)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Paths.Map()) < 50 {
		t.Fatalf("%d paths", len(d.Paths.Map()))
	}
	for path, item := range d.Paths.Map() {
		for method, op := range item.Operations() {
			if op.OperationID == "" || op.Summary == "" || len(op.Tags) != 1 {
				t.Errorf("%s %s has no id, summary or tag", method, path)
			}
			if op.Responses.Len() == 0 {
				t.Errorf("%s %s says nothing of its answers", method, path)
			}
		}
	}
}
