package cli

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/errs"
)

var errNotEmbedded = errs.New(errs.Invalid, "not_embedded", "数据在 PostgreSQL 里：请用 pg_dump --format=custom 备份、pg_restore 恢复，并另存密钥文件",
	"The rows are in PostgreSQL: use pg_dump and pg_restore, and keep the key file apart.")

// The names inside an archive.
const (
	databaseName = "linggong.db"
	keysName     = "keys.json"
	filesName    = "files"
)

func (s *session) backup() *cobra.Command {
	return &cobra.Command{
		Use: "backup PATH.tar.gz", Short: "备份（SQLite，服务运行时也可以）/ a consistent copy, while it runs",
		Long:    "备份里有密钥：拿到备份就能读出个人信息，请加密保存，与服务器分开放。\nThe archive holds the key: whoever has it can read everything.",
		Example: "  linggong backup /backup/linggong-2026-11-23.tar.gz", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c.Context(), func(a *app.App) error {
				if !a.Embedded() {
					return errNotEmbedded
				}
				dir, err := os.MkdirTemp(filepath.Dir(args[0]), ".linggong-backup-")
				if err != nil {
					return badCall{err}
				}
				defer os.RemoveAll(dir)
				copyPath := filepath.Join(dir, databaseName)
				if _, err := a.DB.SQL().ExecContext(c.Context(), "VACUUM INTO ?", copyPath); err != nil {
					return fmt.Errorf("copy the database: %w", err)
				}
				err = writeWhole(args[0], func(w io.Writer) error { return pack(w, copyPath, a.Config) })
				if err == nil {
					err = os.Chmod(args[0], 0o600)
				}
				if err == nil {
					fmt.Fprintln(s.out, "已备份到 / saved:", args[0])
				}
				return err
			})
		},
	}
}

func pack(w io.Writer, database string, cfg config.Config) error {
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	err := addFile(t, database, databaseName)
	if err == nil {
		err = addFile(t, cfg.Keys(), keysName)
	}
	if err == nil {
		err = filepath.WalkDir(cfg.Files(), func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			rel, err := filepath.Rel(cfg.Files(), path)
			if err != nil {
				return err
			}
			return addFile(t, path, filesName+"/"+filepath.ToSlash(rel))
		})
	}
	return errors.Join(err, t.Close(), z.Close())
}

func addFile(t *tar.Writer, path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	_, err = io.Copy(t, f)
	return err
}

func (s *session) restore() *cobra.Command {
	return &cobra.Command{
		Use: "restore PATH.tar.gz", Short: "恢复到空的数据目录 / into an empty data folder",
		Example: "  LINGGONG_DATA=/var/lib/linggong linggong restore /backup/linggong-2026-11-23.tar.gz", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg, err := s.config()
			if err != nil {
				return err
			}
			if !strings.HasPrefix(cfg.Database(), "sqlite") {
				return errNotEmbedded
			}
			if entries, err := os.ReadDir(cfg.Data); err == nil && len(entries) > 0 {
				return errs.New(errs.Invalid, "data_not_empty", cfg.Data+" 不是空的；请换一个空目录，原有数据不会被覆盖", "The data folder is not empty.")
			}
			f, err := os.Open(args[0])
			if err != nil {
				return badCall{err}
			}
			defer f.Close() //nolint:errcheck // only read
			if err := unpack(f, cfg); err != nil {
				return badCall{fmt.Errorf("restore %s: %w", args[0], err)}
			}
			fmt.Fprintln(s.out, "已恢复到 / restored to:", cfg.Data)
			return nil
		},
	}
}

func unpack(in io.Reader, cfg config.Config) error {
	z, err := gzip.NewReader(in)
	if err != nil {
		return err
	}
	t := tar.NewReader(z)
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return err
	}
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var to string
		switch {
		case h.Name == databaseName:
			to = strings.TrimPrefix(cfg.Database(), "sqlite://")
		case h.Name == keysName:
			to = cfg.Keys()
		case strings.HasPrefix(h.Name, filesName+"/") && filepath.IsLocal(h.Name):
			to = filepath.Join(cfg.Files(), filepath.FromSlash(strings.TrimPrefix(h.Name, filesName+"/")))
		default:
			return fmt.Errorf("%q is not part of a backup", h.Name)
		}
		if err := writeNew(to, t); err != nil {
			return err
		}
	}
}

func writeNew(path string, in io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, in)
	return errors.Join(err, f.Close())
}
