package dbx

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"linggong/internal/errs"
)

// What passes by itself. An act that met one of them may have happened all the
// same, if it was cut off in the middle of its commit: repeat it with its key.
var (
	ErrAway = errs.New(errs.Unavailable, "database_unavailable", "系统暂时连不上，请稍候再试；没有得到答复的操作可以放心重做", "The database cannot be reached now; try again shortly.")
	ErrBusy = errs.New(errs.Unavailable, "database_busy", "办理的人太多，请等几秒再试", "Too much is going on at once; try again in a few seconds.")
	ErrFull = errs.New(errs.Unavailable, "database_full", "存储空间已满，请联系管理员", "The disk is full; call the administrator.")
)

// Passing turns a driver's error that passes by itself into one of the errors
// above, and leaves every other error, and those of a domain, as it is.
func Passing(err error) error {
	if _, ok := errors.AsType[*errs.Error](err); ok || err == nil {
		return err
	}
	if e := passing(err); e != nil {
		return e.With(err)
	}
	return err
}

func passing(err error) *errs.Error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return passingState(pg.Code)
	}
	if lite, ok := errors.AsType[sqliteError](err); ok {
		switch lite.Code() & 0xff {
		case 5, 6: // SQLITE_BUSY, SQLITE_LOCKED
			return ErrBusy
		case 13: // SQLITE_FULL
			return ErrFull
		}
		return nil
	}
	_, unreached := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[*net.OpError](err)
	if unreached || network || pgconn.SafeToRetry(err) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return ErrAway
	}
	if errors.Is(err, context.DeadlineExceeded) { // ours, not that of somebody who left
		return ErrBusy
	}
	return nil
}

// passingState reads PostgreSQL's five letters.
func passingState(code string) *errs.Error {
	switch {
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"): // connection lost; shutting down, crashed, starting
		return ErrAway
	case code == "40001", code == "40P01", code == "55P03", code == "57014", code == "53300": // serialization, deadlock, lock and statement time-outs, too many connections
		return ErrBusy
	case code == "53100": // disk_full
		return ErrFull
	}
	return nil
}
