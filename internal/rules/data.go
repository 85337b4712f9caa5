package rules

import (
	"bytes"
	"encoding/csv"
	"fmt"
)

// dataRows returns the lines of an embedded table without its heading. The tables
// are part of the program and tests read all of them, so a bad one is a defect.
func dataRows(what string, data []byte) [][]string {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) == 0 {
		panic(fmt.Errorf("rules: read %s: %w", what, err))
	}
	return rows[1:]
}
