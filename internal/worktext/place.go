package worktext

import (
	"strings"
	"sync"

	"linggong/internal/region"
)

// townSounds maps the pinyin of the towns to what people call them.
var townSounds = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, t := range region.HainingTree().Towns() {
		short := strings.TrimSuffix(strings.TrimSuffix(t.Name, "街道"), "镇")
		for _, name := range []string{short, t.Name} {
			m[strings.Join(Syllables(name), "")] = short
		}
	}
	return m
})
