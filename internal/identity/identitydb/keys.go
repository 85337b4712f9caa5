package identitydb

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm/clause"

	"linggong/internal/dbx"
	"linggong/internal/errs"
)

// ErrWrongKeys says this store was sealed with keys the ring does not have.
var ErrWrongKeys = errs.New(errs.Invalid, "keys_do_not_fit", "密钥文件与数据库不匹配：库中的个人信息用另一套密钥加密",
	"The key file does not fit the database: its personal data is sealed with other keys.").
	Because("", "", "请恢复与数据库一同备份的密钥文件；不要新建密钥，否则已有的个人信息将无法读取")

type keyMark struct {
	Name      string `gorm:"primaryKey"`
	Mark      string
	CreatedAt time.Time
}

func (keyMark) TableName() string { return "identity_key_marks" }

// CheckKeys compares the marks of the key ring (seal.Keyring.Marks) with those
// the store was sealed under, and keeps new ones. Call it at start, after the
// migrations: with a wrong key file it returns ErrWrongKeys and changes nothing.
func (s *Store) CheckKeys(ctx context.Context, marks map[string]string) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		var kept []keyMark
		if err := s.db.From(ctx).Find(&kept).Error; err != nil {
			return fmt.Errorf("read key marks: %w", dbx.Classify(err))
		}
		known := make(map[string]bool, len(kept))
		var wrong []string
		for _, k := range kept {
			if known[k.Name] = true; marks[k.Name] != k.Mark {
				wrong = append(wrong, k.Name)
			}
		}
		if len(wrong) > 0 {
			slices.Sort(wrong)
			return ErrWrongKeys.With(fmt.Errorf("keys %s", strings.Join(wrong, ", ")))
		}
		for name, mark := range marks {
			if known[name] {
				continue
			}
			w := keyMark{Name: name, Mark: mark, CreatedAt: s.now()}
			if err := s.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&w).Error; err != nil {
				return fmt.Errorf("keep key mark: %w", dbx.Classify(err))
			}
		}
		return nil
	})
}

// Reseal seals up to batch phones again that stand under a key other than the
// active one, and returns how many it looked at: 0 when all are done.
func (s *Store) Reseal(ctx context.Context, batch int) (done int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		var rows []account
		q := s.db.From(ctx).Where("key_id <> ? AND phone_sealed IS NOT NULL", s.seal.ActiveID()).Order("id").Limit(batch)
		if err := q.Find(&rows).Error; err != nil {
			return fmt.Errorf("read accounts to reseal: %w", dbx.Classify(err))
		}
		for i := range rows {
			r := &rows[i]
			plain, err := s.seal.Open(fieldPhone, r.ID, r.PhoneSealed)
			if err != nil {
				return fmt.Errorf("open phone of account %s: %w", r.ID, err)
			}
			if err := s.sealPhone(r, string(plain)); err != nil {
				return err
			}
			// A phone never changes, so the version need not be looked at.
			res := s.db.From(ctx).Model(&account{}).Where("id = ?", r.ID).Select("phone_sealed", "key_id").Updates(r)
			if res.Error != nil {
				return fmt.Errorf("reseal account %s: %w", r.ID, dbx.Classify(res.Error))
			}
		}
		done = len(rows)
		return nil
	})
	return done, err
}
