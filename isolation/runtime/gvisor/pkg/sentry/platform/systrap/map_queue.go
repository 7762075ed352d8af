package systrap

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/hostarch"
)

const (
	// A larger mapping of an image waits for the next trip that is made anyway, or for the first fault.
	promptSize = 64 << 10

	// How many ranges are known apart; beyond, every range counts as mapped.
	maxMapped = 128
)

// mapQueue holds the mappings that a subprocess is still to make, so that several take one trip to its syscall thread, and
// knows which addresses may be mapped, so that no trip is made to unmap what never was.
//
// A mapping may always come late: the application faults at it, as it does at every mapping that gVisor makes lazily. What is
// taken away never comes late. And the queue never names memory that its memory manager holds no reference to: that unmaps
// before it lets go, and what is unmapped is taken out.
//
// Protected by subprocess.syscallThreadMu, but for prompt.
type mapQueue struct {
	calls []queuedCall

	// prompt: to be made before the application goes on, for it is likely to touch one of them at once.
	prompt atomic.Bool

	// together: calls of all kinds wait, for they are to be one trip.
	together bool

	// direct: a queued mapping failed. From now on each is made at once, so that its error reaches who asked for it.
	direct bool

	// mapped are the addresses that may be mapped, in order and apart; all of them if everywhere is set.
	mapped     []hostarch.AddrRange
	everywhere bool
}

// queuedCall is one mmap or munmap.
type queuedCall struct {
	sysno uintptr
	where hostarch.AddrRange
	args  [6]uintptr
}

func mapCall(where hostarch.AddrRange, fd int, offset uint64, at hostarch.AccessType) queuedCall {
	return queuedCall{sysno: unix.SYS_MMAP, where: where, args: [6]uintptr{uintptr(where.Start), uintptr(where.Length()),
		uintptr(at.Prot()), unix.MAP_SHARED | unix.MAP_FIXED, uintptr(fd), uintptr(offset)}}
}

func unmapCall(where hostarch.AddrRange) queuedCall {
	return queuedCall{sysno: unix.SYS_MUNMAP, where: where, args: [6]uintptr{uintptr(where.Start), uintptr(where.Length())}}
}

// part is what a mapping is of a range within its own.
func (c queuedCall) part(where hostarch.AddrRange) queuedCall {
	c.args[5] += uintptr(where.Start - c.where.Start)
	c.args[0], c.args[1] = uintptr(where.Start), uintptr(where.Length())
	c.where = where
	return c
}

// full tells that the next call might not fit: it may cut a mapping in two before it takes a place itself.
func (q *mapQueue) full() bool { return len(q.calls) > maxBatch-2 }

// addMap queues a mapping in place of what is queued there. Precondition: not full.
func (q *mapQueue) addMap(c queuedCall) {
	q.takeOut(c.where)
	q.calls = append(q.calls, c)
}

// addUnmap queues an unmapping if anything can be mapped there, and tells whether it has. Precondition: not full.
func (q *mapQueue) addUnmap(where hostarch.AddrRange) bool {
	q.takeOut(where)
	if !q.mayBeMapped(where) {
		return false
	}
	q.calls = append(q.calls, unmapCall(where))
	return true
}

// takeOut removes a range from all queued mappings.
func (q *mapQueue) takeOut(where hostarch.AddrRange) {
	for i := len(q.calls) - 1; i >= 0; i-- {
		c := q.calls[i]
		if c.sysno != unix.SYS_MMAP || !c.where.Overlaps(where) {
			continue
		}
		var rest []queuedCall
		if c.where.Start < where.Start {
			rest = append(rest, c.part(hostarch.AddrRange{Start: c.where.Start, End: where.Start}))
		}
		if where.End < c.where.End {
			rest = append(rest, c.part(hostarch.AddrRange{Start: where.End, End: c.where.End}))
		}
		q.calls = slices.Replace(q.calls, i, i+1, rest...)
	}
}

// flush has the queued calls made by batch, which tells the error of each. A mapping that fails is left out: the application
// faults at it and is told then. When the host has no room for the hole that an unmapping would leave in a mapping, the whole
// goes, all that an application may have; what is still wanted of it comes back fault by fault.
func (q *mapQueue) flush(batch func([]queuedCall, func(int, error)), whole ...hostarch.AddrRange) {
	q.prompt.Store(false)
	if len(q.calls) == 0 {
		return
	}
	calls, noRoom := q.calls, false
	batch(calls, func(i int, err error) {
		if calls[i].sysno == unix.SYS_MMAP {
			q.direct = q.direct || err != nil
			q.setMapped(calls[i].where)
		} else if errors.Is(err, unix.ENOMEM) {
			noRoom = true
		} else {
			q.unmapped(calls[i].where, err)
		}
	})
	q.calls = calls[:0]
	if noRoom {
		for _, where := range whole {
			q.calls = append(q.calls, unmapCall(where))
		}
		batch(q.calls, func(i int, err error) { q.unmapped(whole[i], err) })
		q.calls = q.calls[:0]
	}
}

// unmapped notes an unmapping. As in Unmap, nothing else than a lack of room is expected to keep it from being made.
func (q *mapQueue) unmapped(where hostarch.AddrRange, err error) {
	if err != nil && err != errDeadSubprocess {
		panic(fmt.Sprintf("munmap(%v) failed: %v", where, err))
	}
	q.setUnmapped(where)
}

func (q *mapQueue) mayBeMapped(where hostarch.AddrRange) bool {
	return q.everywhere || slices.ContainsFunc(q.mapped, where.Overlaps)
}

func (q *mapQueue) setMapped(where hostarch.AddrRange) {
	// All that overlap or touch become one.
	i := q.first(func(m hostarch.AddrRange) bool { return m.End >= where.Start })
	j := q.first(func(m hostarch.AddrRange) bool { return m.Start > where.End })
	for _, m := range q.mapped[i:j] {
		where.Start, where.End = min(where.Start, m.Start), max(where.End, m.End)
	}
	q.replace(i, j, where)
}

func (q *mapQueue) setUnmapped(where hostarch.AddrRange) {
	i := q.first(func(m hostarch.AddrRange) bool { return m.End > where.Start })
	j := q.first(func(m hostarch.AddrRange) bool { return m.Start >= where.End })
	var rest []hostarch.AddrRange
	for _, m := range q.mapped[i:j] {
		if m.Start < where.Start {
			rest = append(rest, hostarch.AddrRange{Start: m.Start, End: where.Start})
		}
		if where.End < m.End {
			rest = append(rest, hostarch.AddrRange{Start: where.End, End: m.End})
		}
	}
	q.replace(i, j, rest...)
}

// first is the place of the first mapped range for which a condition holds that holds for all behind it.
func (q *mapQueue) first(is func(hostarch.AddrRange) bool) int {
	if i := slices.IndexFunc(q.mapped, is); i >= 0 {
		return i
	}
	return len(q.mapped)
}

func (q *mapQueue) replace(i, j int, by ...hostarch.AddrRange) {
	q.mapped = slices.Replace(q.mapped, i, j, by...)
	if len(q.mapped) > maxMapped {
		q.mapped, q.everywhere = nil, true
	}
}

// nothingMapped begins anew, after everything was unmapped.
func (q *mapQueue) nothingMapped() {
	q.mapped, q.everywhere, q.direct = q.mapped[:0], false, false
}
