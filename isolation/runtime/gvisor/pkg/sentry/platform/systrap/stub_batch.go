package systrap

import (
	"unsafe"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/sentry/arch"
)

// maxBatch is how many calls one trip may hold. The messages to the stub fill a page; after the last stands one that says
// that there is none.
const maxBatch = int(syscallStubMessageOffset/messageSize) - 2

const messageSize = unsafe.Sizeof(syscallSentryMessage{})

// batch has calls made one after another in one trip to the syscall thread, as far as its loop knows batches. outcome is
// told the error of each; the place for it can be written by the application, see syscallThread.
func (t *syscallThread) batch(calls []queuedCall, outcome func(i int, err error)) {
	if !stubKnowsBatches || t.seccompNotify == nil || len(calls) == 1 {
		for i := range calls {
			var args [6]arch.SyscallArgument
			for j, a := range calls[i].args {
				args[j].Value = a
			}
			_, err := t.syscall(calls[i].sysno, args[:]...)
			outcome(i, err)
		}
		return
	}
	messages := (*[maxBatch + 2]syscallSentryMessage)(unsafe.Pointer(t.sentryMessage))
	for i := range calls {
		m := &messages[i]
		m.sysno = uint64(calls[i].sysno)
		for j, a := range calls[i].args {
			m.args[j] = uint64(a)
		}
		if i > 0 {
			m.state = 1
		}
	}
	err := error(errDeadSubprocess)
	if !t.subproc.dead.Load() && t.notifySeccompThread() == nil && t.waitForSeccompNotify() == nil {
		err = nil
	}
	for i := range calls {
		if i > 0 {
			messages[i].state = 0
		}
		e := err
		if e == nil {
			ret := (*syscallStubMessage)(unsafe.Add(unsafe.Pointer(t.stubMessage), uintptr(i)*messageSize)).ret
			if errno := -ret; errno > 0 && errno < maxErrno {
				e = unix.Errno(errno)
			}
		}
		outcome(i, e)
	}
}
