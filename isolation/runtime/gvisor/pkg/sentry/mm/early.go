// Mapping early what is about to be touched. docs/decisions/0014 of Atoll says why.

package mm

import (
	"gvisor.dev/gvisor/pkg/context"
	"gvisor.dev/gvisor/pkg/hostarch"
	"gvisor.dev/gvisor/pkg/sentry/memmap"
)

const (
	// earlyMapSize bounds what is mapped before it is touched: it counts to the resident set.
	earlyMapSize = 32 << 20

	// earlyCopySize bounds what is copied, or mapped again, before it is touched.
	earlyCopySize = 64 << 10
)

// mapsEarly tells whether a new mapping is of a file whose pages are there without a question to anyone.
func mapsEarly(opts *memmap.MMapOpts) bool {
	m, ok := opts.Mappable.(interface{ MapsEarly() bool })
	return ok && opts.Private && opts.Length <= earlyMapSize && m.MapsEarly()
}

// MapsEarly is true: the pages of a vDSO are there.
func (*SpecialMappable) MapsEarly() bool { return true }

// populateEarly maps what was just mapped, and copies the pages of a small one that may be written, for they are data that
// a linker writes to at once. Errors are ignored, as in populateVMAAndUnlock.
//
// Preconditions: as for populateVMA.
func (mm *MemoryManager) populateEarly(ctx context.Context, vseg vmaIterator, ar hostarch.AddrRange) {
	perms := vseg.ValuePtr().effectivePerms
	if !perms.Any() {
		return
	}
	at := hostarch.NoAccess
	if perms.Write && !perms.Execute && ar.Length() <= earlyCopySize {
		at.Write = true
	}
	mm.activeMu.Lock()
	if mm.as == nil {
		mm.activeMu.Unlock()
		return
	}
	// An error may leave the beginning without pages, as a mapping that goes on after the end of its file does.
	mm.getPMAsLocked(ctx, vseg, ar, at, false /* callerIndirectCommit */, false /* forPin */)
	mm.activeMu.DowngradeLock()
	if pseg := mm.pmas.LowerBoundSegment(ar.Start); pseg.Ok() && pseg.Start() < ar.End {
		mm.mapASLocked(ctx, pseg, ar, memmap.PlatformEffectDefault)
	}
	mm.activeMu.RUnlock()
}

// mapStackEarly maps the end of a new stack, where the arguments will be.
func (mm *MemoryManager) mapStackEarly(ctx context.Context, stack hostarch.AddrRange) {
	top := hostarch.AddrRange{Start: stack.End - hostarch.PageSize, End: stack.End}
	mm.mappingMu.Lock()
	vseg := mm.vmas.FindSegment(top.Start)
	if !vseg.Ok() {
		mm.mappingMu.Unlock()
		return
	}
	mm.populateVMAAndUnlock(ctx, vseg, top, memmap.PlatformEffectDefault)
}

// protectAS takes rights away from mapped addresses: by mapping a small range again in the same trip, for it is likely to
// be read at once.
//
// Preconditions: mm.activeMu must be locked for writing, and the pmas of ar have their new permissions.
func (mm *MemoryManager) protectAS(ar hostarch.AddrRange) {
	again, ok := mm.as.(interface{ Together(func()) })
	if !ok || ar.Length() > earlyCopySize {
		mm.unmapASLocked(ar)
		return
	}
	again.Together(func() {
		mm.unmapASLocked(ar)
		for pseg := mm.pmas.LowerBoundSegment(ar.Start); pseg.Ok() && pseg.Start() < ar.End; pseg = pseg.NextSegment() {
			mm.mapASLocked(context.Background(), pseg, pseg.Range().Intersect(ar), memmap.PlatformEffectPopulate)
		}
	})
}
