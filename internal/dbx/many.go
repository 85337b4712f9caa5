package dbx

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// A list of any length is one parameter, so that the text of a statement does
// not change with it: PostgreSQL parses it once for each connection, and plans
// it once, too, because its planner does not see how long the list is.

// AnyID is the condition that a column of ids is one of the List given for its "?".
func (d *DB) AnyID(column string) string { return d.any(column, "uuid") }

// AnyText is AnyID for a column of text.
func (d *DB) AnyText(column string) string { return d.any(column, "text") }

func (d *DB) any(column, kind string) string {
	if d.dialect == Postgres {
		return column + " = ANY(ARRAY(SELECT unnest(CAST(? AS " + kind + "[]))))"
	}
	return column + " IN (SELECT value FROM json_each(?))"
}

// List is the parameter of AnyID and AnyText.
func (d *DB) List(list []string) any {
	if d.dialect == Postgres {
		return &list // a pointer: gorm would spread a slice over many parameters
	}
	b, _ := json.Marshal(list) // texts always can
	return string(b)
}

// InsertAll adds rows in one statement. On PostgreSQL each column is one array,
// whatever the number of rows; SQLite gets gorm's own text.
func InsertAll[T any](ctx context.Context, d *DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	g := d.From(ctx)
	if d.dialect != Postgres {
		return g.Create(&rows).Error
	}
	c, err := columnsOf(ctx, d, new(T))
	if err != nil {
		return err
	}
	args := make([]any, len(c.fields))
	for i, f := range c.fields {
		list := reflect.MakeSlice(reflect.SliceOf(f.FieldType), len(rows), len(rows))
		for k := range rows {
			list.Index(k).Set(f.ReflectValueOf(ctx, reflect.ValueOf(&rows[k]).Elem()))
		}
		p := reflect.New(list.Type())
		p.Elem().Set(list)
		args[i] = p.Interface()
	}
	return g.Exec(c.insert, args...).Error
}

// columns is how rows of one kind are written at once.
type columns struct {
	fields []*schema.Field
	insert string
}

var columnsKnown sync.Map // of a row's type

func columnsOf(ctx context.Context, d *DB, row any) (*columns, error) {
	key := reflect.TypeOf(row)
	if known, ok := columnsKnown.Load(key); ok {
		if c, ok := known.(*columns); ok {
			return c, nil
		}
	}
	g := d.From(ctx)
	st := gorm.Statement{DB: g}
	if err := st.Parse(row); err != nil {
		return nil, fmt.Errorf("read the columns of %T: %w", row, err)
	}
	var types []struct{ Name, Type string }
	err := g.Raw(`SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = CAST(? AS regclass) AND attnum > 0 AND NOT attisdropped`,
		st.Schema.Table).Scan(&types).Error
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", st.Schema.Table, err)
	}
	of := map[string]string{}
	for _, t := range types {
		of[t.Name] = t.Type
	}
	c := &columns{}
	var names, casts, arrays, aliases []string
	for _, f := range st.Schema.Fields {
		if f.DBName == "" {
			continue
		}
		plain, err := arrayOf(f.FieldType)
		if err != nil {
			return nil, fmt.Errorf("column %s of %s: %w", f.DBName, st.Schema.Table, err)
		}
		c.fields = append(c.fields, f)
		alias := "c" + fmt.Sprint(len(c.fields))
		names, aliases = append(names, `"`+f.DBName+`"`), append(aliases, alias)
		casts, arrays = append(casts, "CAST("+alias+" AS "+of[f.DBName]+")"), append(arrays, "CAST(? AS "+plain+"[])")
	}
	c.insert = `INSERT INTO "` + st.Schema.Table + `" (` + strings.Join(names, ", ") + ") SELECT " + strings.Join(casts, ", ") +
		" FROM unnest(" + strings.Join(arrays, ", ") + ") AS x(" + strings.Join(aliases, ", ") + ")"
	columnsKnown.Store(key, c)
	return c, nil
}

// arrayOf is the type that carries values of a Go type; the column's own is
// made of it by a cast.
func arrayOf(t reflect.Type) (string, error) {
	if t == reflect.TypeFor[[]byte]() {
		return "bytea", nil
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "timestamptz", nil
	case t.Kind() == reflect.String:
		return "text", nil
	case t.Kind() == reflect.Bool:
		return "boolean", nil
	case t.Kind() == reflect.Int64:
		return "bigint", nil
	case t.Kind() == reflect.Float64:
		return "double precision", nil
	}
	return "", fmt.Errorf("no array of %s", t)
}
