package testserver

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Chromium returns the path of a Chromium-like browser, or a *MissingError.
func Chromium() (string, error) {
	if path := os.Getenv(EnvChromium); path != "" {
		return path, nil
	}
	if path := look(nil, "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"); path != "" {
		return path, nil
	}
	return "", &MissingError{What: "Chromium", Package: "chromium"}
}

// ChineseFont returns a font file that covers Chinese, or a *MissingError:
// without one every page would be tested as rows of boxes.
func ChineseFont() (string, error) {
	home, _ := os.UserHomeDir()
	dirs := []string{"/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts"}
	if home != "" {
		dirs = append(dirs, filepath.Join(home, ".fonts"), filepath.Join(home, ".local/share/fonts"))
	}
	for _, dir := range dirs {
		if font := fontIn(dir); font != "" {
			return font, nil
		}
	}
	return "", &MissingError{What: "a Chinese font", Package: "fonts-noto-cjk"}
}

// fontIn walks a folder for the families that Linux systems ship.
func fontIn(dir string) (font string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // an unreadable folder holds no font for us
		}
		name := strings.ToLower(d.Name())
		for _, family := range []string{"cjk", "wqy", "sourcehan", "notosanssc", "pingfang", "droidsansfallback"} {
			if strings.Contains(name, family) {
				font = path
				return fs.SkipAll
			}
		}
		return nil
	})
	return font
}
