// Several calls in one. build.sh puts this file beside gVisor's own system calls; docs/decisions/0013 says why.

package linux

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
	"gvisor.dev/gvisor/pkg/errors/linuxerr"
	"gvisor.dev/gvisor/pkg/sentry/arch"
	"gvisor.dev/gvisor/pkg/sentry/kernel"
)

const (
	// batchMost bounds how long a batch takes and what is copied for it.
	batchMost = 512
	// batchEntryBytes is: call u32, from u32, four arguments u64, result i64; little-endian.
	batchEntryBytes = 48
	batchArguments  = 4
	batchResultAt   = 40
	// An error from here on is the kernel's own: it means that the call should be made again.
	firstInternalErrno = 512
)

// A batch may hold only calls that start and end nothing and leave how the task goes on as it is: those on files, those with which a
// new process prepares for execve, and those with which a supervisor waits.
func mayBeBatched(sysno uintptr) bool {
	switch sysno {
	case unix.SYS_READ, unix.SYS_WRITE, unix.SYS_CLOSE, unix.SYS_FSTAT, unix.SYS_FCHMOD, unix.SYS_OPENAT, unix.SYS_MKDIRAT,
		unix.SYS_NEWFSTATAT, unix.SYS_UTIMENSAT, unix.SYS_UNLINKAT, unix.SYS_FACCESSAT:
		return true
	case unix.SYS_PIPE2, unix.SYS_DUP3, unix.SYS_FCNTL, unix.SYS_CHDIR, unix.SYS_SETSID, unix.SYS_UNSHARE, unix.SYS_SETGROUPS,
		unix.SYS_SETRESGID, unix.SYS_SETRESUID, unix.SYS_RT_SIGPROCMASK:
		return true
	case unix.SYS_PPOLL, unix.SYS_WAIT4:
		return true
	default:
		return false
	}
}

// Batch makes calls one after the other, each just as the task could make it itself, and returns how many were made:
//
//	long batch(struct entry *entries, unsigned count)
//
// An entry's `from` is 0, or one more than the index of an earlier entry, whose result becomes its first argument; when that one has
// failed the entry is not made and has the result -ECANCELED. A signal ends the batch between two entries, with at least one made, and
// so does whoever begins to watch the task.
//
// A task that is traced or has a seccomp filter gets ENOSYS: tracer and filter have to see each call.
func Batch(t *kernel.Task, sysno uintptr, args arch.SyscallArguments) (uintptr, *kernel.SyscallControl, error) {
	if isWatched(t) {
		return 0, nil, linuxerr.ENOSYS
	}
	addr := args[0].Pointer()
	count := int(args[1].Uint())
	if count == 0 || count > batchMost {
		return 0, nil, linuxerr.EINVAL
	}
	entries := make([]byte, count*batchEntryBytes)
	if _, err := t.CopyInBytes(addr, entries); err != nil {
		return 0, nil, err
	}
	done := 0
	for ; done < count; done++ {
		if done > 0 && (t.Interrupted() || isWatched(t)) {
			break
		}
		result := batchOne(t, entries, done)
		binary.LittleEndian.PutUint64(entries[done*batchEntryBytes+batchResultAt:], uint64(result))
	}
	if _, err := t.CopyOutBytes(addr, entries[:done*batchEntryBytes]); err != nil {
		return 0, nil, err
	}
	return uintptr(done), nil, nil
}

// Another thread may begin to watch while a call of the batch waits.
func isWatched(t *kernel.Task) bool { return t.Tracer() != nil || t.SeccompMode() != 0 }

func batchOne(t *kernel.Task, entries []byte, index int) int64 {
	entry := entries[index*batchEntryBytes:]
	sysno := uintptr(binary.LittleEndian.Uint32(entry))
	from := int(binary.LittleEndian.Uint32(entry[4:]))
	if !mayBeBatched(sysno) || from > index {
		return -int64(unix.EINVAL)
	}
	var args arch.SyscallArguments
	for i := 0; i < batchArguments; i++ {
		args[i].Value = uintptr(binary.LittleEndian.Uint64(entry[8+8*i:]))
	}
	if from > 0 {
		earlier := int64(binary.LittleEndian.Uint64(entries[(from-1)*batchEntryBytes+batchResultAt:]))
		if earlier < 0 {
			return -int64(unix.ECANCELED)
		}
		args[0].Value = uintptr(earlier)
	}
	result, err := t.MakeCall(sysno, args)
	if err == nil {
		return int64(result)
	}
	errno := kernel.ExtractErrno(err, int(sysno))
	if errno >= firstInternalErrno {
		errno = int(unix.EINTR)
	}
	return -int64(errno)
}
