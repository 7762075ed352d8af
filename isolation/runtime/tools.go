//go:build tools

// Package runtime pins the module that Atoll's runsc is built from: go.mod names it, go.sum holds its hashes.
package runtime

import _ "gvisor.dev/gvisor/runsc"
