package worktext

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"sync"
)

// pipeline is raised where Document makes something else of the same posting; a
// test says when. The tables count by themselves.
const pipeline = 4

// Pipeline names the vocabulary and the way documents are made: an index made
// with another one is to be made anew.
var Pipeline = sync.OnceValue(func() string {
	h := sha256.New()
	h.Write(tradesCSV)
	h.Write(callingsCSV)
	return strconv.Itoa(pipeline) + "-" + hex.EncodeToString(h.Sum(nil)[:6])
})
