// Patching only what is called often. docs/decisions/0014 of Atoll says why.

package systrap

import "sync/atomic"

// patchAfter is how often a system call is made from an address before it is patched. A patch costs a copy of the page, a
// trip to the stub and a fault, as much as some dozens of calls save by it; most processes call from no place that often.
const patchAfter = 32

// callSites counts calls by address, in a table that forgets: an address that shares its place with another starts anew.
type callSites [64]atomic.Uint64

// repeats counts a call from an address of the application and tells whether it was made often enough.
func (c *callSites) repeats(address uintptr) bool {
	place, n := &c[address>>1%64], uint64(1)
	if seen := place.Load(); seen>>8 == uint64(address) {
		n = seen&0xff + 1
	}
	place.Store(uint64(address)<<8 | min(n, 0xff))
	return n >= patchAfter
}

// forget prepares for another application.
func (c *callSites) forget() {
	for i := range c {
		c[i].Store(0)
	}
}
