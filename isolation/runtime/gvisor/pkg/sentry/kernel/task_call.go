// What gVisor keeps to itself and sys_batch.go needs. build.sh puts this file into the package of tasks.

package kernel

import "gvisor.dev/gvisor/pkg/sentry/arch"

// MakeCall makes a system call on the task's behalf, seen by all that watches system calls. It is for calls that do not change how the
// task goes on.
func (t *Task) MakeCall(sysno uintptr, args arch.SyscallArguments) (uintptr, error) {
	result, _, err := t.executeSyscall(sysno, args)
	return result, err
}
