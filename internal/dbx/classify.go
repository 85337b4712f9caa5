package dbx

import (
	"errors"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"linggong/internal/errs"
)

// What a driver's refusals become. Stores turn them into errors of their own
// domain; one that escapes is still a conflict, not an internal failure.
var (
	ErrDuplicate = errs.New(errs.Conflict, "duplicate", "已经存在相同的记录", "It already exists.")
	ErrReference = errs.New(errs.Conflict, "reference", "所指的记录不存在或仍被引用", "It refers to something missing, or is referred to.")
	ErrCheck     = errs.New(errs.Conflict, "check_failed", "数据不符合约束", "The data breaks a constraint.")
	ErrOverlap   = errs.New(errs.Conflict, "overlap", "时间重叠", "The times overlap.")
	ErrNotFound  = errs.New(errs.NotFound, "not_found", "没有找到", "Not found.")
)

// sqlState is a driver error that carries a code, on either driver.
type sqliteError interface {
	error
	Code() int
}

// Classify turns constraint violations and absence into the errors above, what
// passes by itself into those of Passing, and leaves every other error as it is.
func Classify(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ErrNotFound.With(err)
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case "23505":
			return ErrDuplicate.With(err)
		case "23503":
			return ErrReference.With(err)
		case "23514", "23502":
			return ErrCheck.With(err)
		case "23P01":
			return ErrOverlap.With(err)
		case "22P02": // an id that is no uuid cannot be in the table
			return ErrNotFound.With(err)
		}
		return Passing(err)
	}
	if lite, ok := errors.AsType[sqliteError](err); ok {
		switch lite.Code() {
		case 1555, 2067: // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE
			return ErrDuplicate.With(err)
		case 787: // _FOREIGNKEY
			return ErrReference.With(err)
		case 275, 1299: // _CHECK, _NOTNULL
			return ErrCheck.With(err)
		case 1811: // _TRIGGER: raised by one of ours, named as the constraint on PostgreSQL
			if strings.Contains(lite.Error(), "_excl") {
				return ErrOverlap.With(err)
			}
		}
	}
	return Passing(err)
}

func retryable(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	if lite, ok := errors.AsType[sqliteError](err); ok {
		return lite.Code()&0xff == 5 // SQLITE_BUSY and its extensions
	}
	return false
}

var liteConstraint = regexp.MustCompile(`constraint failed: (\S+(?:, \S+)*)`)

// Constraint returns what was violated: the constraint's name on PostgreSQL; on
// SQLite the name of a CHECK, or "table.column, table.column" of a unique index.
func Constraint(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.ConstraintName
	}
	if lite, ok := errors.AsType[sqliteError](err); ok {
		all := liteConstraint.FindAllStringSubmatch(lite.Error(), -1)
		if len(all) > 0 {
			return strings.TrimSpace(all[len(all)-1][1])
		}
	}
	return ""
}
