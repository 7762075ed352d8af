package systrap

import (
	"math/rand"
	"testing"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/hostarch"
)

const testPages = 300

// A stub as its page tables are, beside what the memory manager wants: the offset of each page, or -1.
type testStub struct {
	t         *testing.T
	q         mapQueue
	has, want [testPages]int
	fails     bool
}

func testRange(first, last int) hostarch.AddrRange {
	return hostarch.AddrRange{Start: hostarch.Addr(first * hostarch.PageSize), End: hostarch.Addr(last * hostarch.PageSize)}
}

func (s *testStub) batch(calls []queuedCall, outcome func(int, error)) {
	if len(calls) > maxBatch {
		s.t.Fatalf("%d calls in a batch", len(calls))
	}
	for i, c := range calls {
		if uintptr(c.where.Start) != c.args[0] || uintptr(c.where.Length()) != c.args[1] || c.where.Length() == 0 {
			s.t.Fatalf("call %d is for %v, but made for %x+%x", i, c.where, c.args[0], c.args[1])
		}
		if c.sysno == unix.SYS_MMAP && s.fails {
			outcome(i, unix.ENOMEM)
			continue
		}
		first := int(c.where.Start / hostarch.PageSize)
		for page := first; page < int(c.where.End/hostarch.PageSize); page++ {
			s.has[page] = -1
			if c.sysno == unix.SYS_MMAP {
				s.has[page] = int(c.args[5])/hostarch.PageSize + page - first
			}
		}
		outcome(i, nil)
	}
}

func (s *testStub) flush() { s.q.flush(s.batch) }

func (s *testStub) mapPages(first, last, offset int) {
	if s.q.full() {
		s.flush()
	}
	s.q.addMap(mapCall(testRange(first, last), 3, uint64(offset*hostarch.PageSize), hostarch.ReadWrite))
	for page := first; page < last; page++ {
		s.want[page] = offset + page - first
	}
}

func (s *testStub) unmapPages(first, last int) {
	if s.q.full() {
		s.flush()
	}
	if s.q.addUnmap(testRange(first, last)) {
		s.flush()
	}
	for page := first; page < last; page++ {
		s.want[page] = -1
	}
}

// What is there was wanted, what was taken away is gone, and what still waits is wanted.
func (s *testStub) check(flushed bool) {
	for page := range s.has {
		if s.has[page] != -1 && s.has[page] != s.want[page] {
			s.t.Fatalf("page %d shows %d, not %d", page, s.has[page], s.want[page])
		}
		if flushed && s.has[page] != s.want[page] {
			s.t.Fatalf("page %d was lost: it shows %d, not %d", page, s.has[page], s.want[page])
		}
		if s.has[page] != -1 && !s.q.mayBeMapped(testRange(page, page+1)) {
			s.t.Fatalf("page %d is mapped and counts as free", page)
		}
	}
	for _, c := range s.q.calls {
		for page := int(c.where.Start / hostarch.PageSize); page < int(c.where.End/hostarch.PageSize); page++ {
			if s.want[page] == -1 {
				s.t.Fatalf("page %d waits to be mapped and is not wanted", page)
			}
		}
	}
}

func TestMapQueueIsWhatTheMemoryManagerWants(t *testing.T) {
	for seed := int64(0); seed < 200; seed++ {
		random := rand.New(rand.NewSource(seed))
		s := &testStub{t: t}
		for page := range s.has {
			s.has[page], s.want[page] = -1, -1
		}
		longest := 1 + random.Intn(40)
		for op := 0; op < 2000; op++ {
			first := random.Intn(testPages)
			last := min(testPages, first+1+random.Intn(longest))
			switch random.Intn(8) {
			case 0:
				s.flush()
				s.check(true)
			case 1, 2, 3:
				s.unmapPages(first, last)
			default:
				// As the memory manager does: it unmaps what was there before it maps something else.
				s.unmapPages(first, last)
				s.mapPages(first, last, random.Intn(1<<20))
			}
			s.check(false)
		}
	}
}

func TestMapQueueTellsOfFailures(t *testing.T) {
	s := &testStub{t: t, fails: true}
	s.mapPages(1, 2, 7)
	s.flush()
	if !s.q.direct || !s.q.mayBeMapped(testRange(1, 2)) {
		t.Error("a mapping that failed is not followed by direct ones, or counts as gone")
	}
	s.q.nothingMapped()
	if s.q.direct || s.q.mayBeMapped(testRange(0, testPages)) {
		t.Error("the failure outlives the application")
	}
}

func TestMapQueueStopsCounting(t *testing.T) {
	s := &testStub{t: t}
	for page := 0; page < testPages; page += 2 {
		s.mapPages(page, page+1, page)
		s.flush()
	}
	if !s.q.mayBeMapped(testRange(1, 2)) {
		t.Error("more ranges are known than are kept")
	}
}

func TestCallSitesRepeat(t *testing.T) {
	var sites callSites
	for i := 1; i < patchAfter; i++ {
		if sites.repeats(0x7fff12345678) {
			t.Fatalf("repeats at call %d", i)
		}
	}
	if !sites.repeats(0x7fff12345678) || sites.repeats(0x7fff12345678+128) || sites.repeats(0x7fff12345678) {
		t.Error("a place is not counted as it should")
	}
}
