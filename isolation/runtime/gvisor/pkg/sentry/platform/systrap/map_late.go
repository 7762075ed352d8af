// Mappings of a subprocess by way of its queue. docs/decisions/0014 of Atoll says why.

package systrap

import (
	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/abi/linux"
	"gvisor.dev/gvisor/pkg/hostarch"
	"gvisor.dev/gvisor/pkg/sentry/arch"
	"gvisor.dev/gvisor/pkg/sentry/memmap"
	"gvisor.dev/gvisor/pkg/sentry/pgalloc"
)

// mapLate queues a mapping, if it may wait. Devices are mapped at once: their drivers may tell the order.
func (s *subprocess) mapLate(addr hostarch.Addr, f memmap.File, fr memmap.FileRange, at hostarch.AccessType, precommit bool) bool {
	_, memory := f.(*pgalloc.MemoryFile)
	_, image := f.(interface{ MayMapLate() })
	where, ok := addr.ToRange(fr.Length())
	if precommit || !ok || (!memory && !image) {
		return false
	}
	fd, err := f.DataFD(fr)
	if err != nil {
		return false
	}
	s.syscallThreadMu.Lock()
	defer s.syscallThreadMu.Unlock()
	if s.queue.direct || s.syscallThread.seccompNotify == nil {
		return false
	}
	if s.queue.full() {
		s.flushLocked()
	}
	s.queue.addMap(mapCall(where, fd, fr.Start, at))
	if memory || where.Length() <= promptSize {
		s.queue.prompt.Store(true)
	}
	return true
}

// unmapNow unmaps addresses in one trip with all that is queued, or in none if nothing can be mapped there.
func (s *subprocess) unmapNow(addr hostarch.Addr, length uint64) bool {
	where, ok := addr.ToRange(length)
	s.syscallThreadMu.Lock()
	defer s.syscallThreadMu.Unlock()
	if !ok || s.syscallThread.seccompNotify == nil {
		return false
	}
	if s.queue.full() {
		s.flushLocked()
	}
	if s.queue.addUnmap(where) && !s.queue.together {
		s.flushLocked()
	}
	return true
}

// unmapAll leaves nothing of an application behind, in one trip.
func (s *subprocess) unmapAll() bool {
	s.syscallThreadMu.Lock()
	defer s.syscallThreadMu.Unlock()
	if s.syscallThread.seccompNotify == nil {
		return false
	}
	q := &s.queue
	q.calls = append(q.calls[:0], unmapCall(hostarch.AddrRange{Start: 0, End: hostarch.Addr(stubStart)}))
	if maximumUserAddress != stubEnd {
		q.calls = append(q.calls, unmapCall(hostarch.AddrRange{Start: hostarch.Addr(stubEnd), End: hostarch.Addr(maximumUserAddress)}))
	}
	s.flushLocked()
	q.nothingMapped()
	s.callSites.forget()
	return true
}

// Together makes what f maps and unmaps one trip, made before Together returns. The caller excludes all others that unmap
// here.
func (s *subprocess) Together(f func()) {
	s.setTogether(true)
	defer s.setTogether(false)
	f()
}

func (s *subprocess) setTogether(on bool) {
	s.syscallThreadMu.Lock()
	defer s.syscallThreadMu.Unlock()
	s.queue.together = on
	if !on {
		s.flushLocked()
	}
}

// flush makes the queued mappings if the application is likely to want one of them at once, or does: it faulted last.
func (s *subprocess) flush(c *platformContext) {
	if s.queue.prompt.Load() || c.signalInfo.Signo == int32(linux.SIGSEGV) {
		s.syscallThreadMu.Lock()
		defer s.syscallThreadMu.Unlock()
		s.flushLocked()
	}
}

// +checklocks:s.syscallThreadMu
func (s *subprocess) flushLocked() {
	s.queue.flush(s.syscallThread.batch)
}

// directLocked makes a call that does not wait, after those that did.
//
// +checklocks:s.syscallThreadMu
func (s *subprocess) directLocked(sysno uintptr, args []arch.SyscallArgument) (uintptr, error) {
	s.flushLocked()
	if where, ok := hostarch.Addr(args[0].Value).ToRange(uint64(args[1].Value)); ok && sysno == unix.SYS_MMAP {
		s.queue.setMapped(where)
	}
	return s.syscallThread.syscall(sysno, args...)
}
