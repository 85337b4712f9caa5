package intake

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// Export writes every kept row as a sheet that Import takes in again without a
// change, in UTF-8 with a byte-order mark, as spreadsheets want it. A cell that
// a spreadsheet would run as a formula gets a quote before it.
func (s *Service) Export(ctx context.Context, to io.Writer) (rows int, err error) {
	if _, err := io.WriteString(to, "\uFEFF"); err != nil {
		return 0, fmt.Errorf("write sheet: %w", err)
	}
	w := csv.NewWriter(to)
	if err := w.Write(Header[:]); err != nil {
		return 0, fmt.Errorf("write sheet: %w", err)
	}
	err = s.Store.Each(ctx, func(p Posting) error {
		rows++
		cells := p.Row
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		return w.Write(cells[:])
	})
	w.Flush()
	if err == nil {
		err = w.Error()
	}
	if err != nil {
		return rows, fmt.Errorf("write sheet: %w", err)
	}
	return rows, nil
}

// harmless puts a quote before what a spreadsheet would run (OWASP: CSV
// injection). plain takes it away again.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r'", rune(cell[0])) && !number(cell) {
		return "'" + cell
	}
	return cell
}

func plain(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@\t\r'", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}
