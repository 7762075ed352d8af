# shellcheck shell=bash disable=SC2016 # what stands in the sources of gVisor is not for bash
# What Atoll changes in gVisor, besides the files below gvisor/ that are added to it. Read by build.sh, in gVisor's tree.

# Replaces a text that stands in a file exactly once. go.sum still vouches for all the rest.
change() {
    local file=$1 before=$2 after=$3 text without
    text=$(< "$file")
    without=${text/"$before"/}
    if [[ $without == "$text" || $without == *"$before"* ]]; then
        echo "build.sh: this gVisor has no such text any more, or has it twice, see $file: $before" >&2
        exit 70
    fi
    printf '%s\n' "${text/"$before"/"$after"}" > "$file"
}

# Adds lines behind one that stands in a file exactly once.
add_behind() { change "$1" "$2" "$2"$'\n'"$3"; }

# docs/decisions/0009-limits.md: the size of a writable layer may go on with ";nr_inodes=COUNT", which bounds the number of its
# files. tmpfs below it has the option; but runsc hands a size on through flags that end at a comma, so that no option can come
# after it.
change runsc/boot/vfs.go 'GetFilesystemOptions.Data += "size=" + mountConf.Size' \
    'GetFilesystemOptions.Data += "size=" + strings.ReplaceAll(mountConf.Size, ";", ",")'

# docs/decisions/0013-system-calls-in-batches.md: a system call that makes several calls.
add_behind pkg/sentry/syscalls/linux/linux64.go \
    '334: syscalls.PartiallySupported("rseq", RSeq, "Not supported on all platforms.", nil),' \
    '1901: syscalls.Supported("atoll_batch", Batch),'

# docs/decisions/0014-fewer-switches.md: what is mapped and unmapped in a process goes there in batches …
systrap=pkg/sentry/platform/systrap
change $systrap/subprocess.go '	syscallThread   *syscallThread' '	syscallThread   *syscallThread
	queue           mapQueue
	callSites       callSites'
add_behind $systrap/subprocess.go \
    'func (s *subprocess) MapFile(addr hostarch.Addr, f memmap.File, fr memmap.FileRange, at hostarch.AccessType, precommit bool) error {' \
    '	if s.mapLate(addr, f, fr, at, precommit) {
		return nil
	}'
add_behind $systrap/subprocess.go 'func (s *subprocess) Unmap(addr hostarch.Addr, length uint64) {' '	if s.unmapNow(addr, length) {
		return
	}'
add_behind $systrap/subprocess.go 'func (s *subprocess) unmap() {' '	if s.unmapAll() {
		return
	}'
change $systrap/subprocess.go 'return s.syscallThread.syscall(sysno, args...)' 'return s.directLocked(sysno, args)'
change $systrap/subprocess.go 'ctx.setState(sysmsg.ContextStateNone)' 's.flush(c)
	ctx.setState(sysmsg.ContextStateNone)'
# … for which the stub goes on to the next message, if there is one: a message has 64 bytes, and they begin at a page.
add_behind $systrap/stub_amd64.s '	MOVQ $SYS_EXIT_GROUP, AX
	SYSCALL' 'seccomp_call:'
change $systrap/stub_amd64.s '	JMP seccomp_loop' '	ADDQ $64, R12
	CMPL SENTRY_MESSAGE_STATE(R12), $0
	JNE seccomp_call
	ANDQ $-4096, R12
	JMP seccomp_loop'

# … a system call is patched only where it is made often …
change $systrap/systrap.go 'if needPatch {' 'if needPatch && s.callSites.repeats(ac.IP()) {'

# … and what is about to be touched is mapped early: files of images, the end of the stack, the heap, and what mprotect leaves.
mm=pkg/sentry/mm
change $mm/syscalls.go 'case opts.Mappable == nil && length <= hostarch.HugePageSize:' 'case mapsEarly(&opts):
		mm.populateEarly(ctx, vseg, ar)
		mm.mappingMu.Unlock()

	case opts.Mappable == nil && length <= hostarch.HugePageSize:'
change $mm/syscalls.go '	return ar, err' '	if err == nil {
		mm.mapStackEarly(ctx, ar)
	}
	return ar, err'
change $mm/syscalls.go '			mm.populateVMAAndUnlock(ctx, vseg, ar, memmap.PlatformEffectCommit)
		} else {' '			mm.populateVMAAndUnlock(ctx, vseg, ar, memmap.PlatformEffectCommit)
		} else if ar.Length() <= hostarch.HugePageSize {
			mm.populateVMAAndUnlock(ctx, vseg, ar, memmap.PlatformEffectDefault)
		} else {'
add_behind $mm/syscalls.go '	var didUnmapAS bool' '	defer func() {
		if didUnmapAS {
			mm.protectAS(ar)
		}
	}()'
change $mm/syscalls.go '					mm.unmapASLocked(ar)
					didUnmapAS = true' '					didUnmapAS = true'

# Neighbors that map one file in a row, or share memory since a fork, share their pages' bookkeeping while it is equal. What a write to
# one of them changes must end where it ends: gVisor copies the other too, and leaves it writable.
change $mm/pma.go '				if (at.Write || forPin) && mm.isPMACopyOnWriteLocked(vseg, pseg) {' \
    '				if ((at.Write || forPin) && oldpma.needCOW || !oldpma.translatePerms.SupersetOf(at)) &&
					!vseg.Range().IsSupersetOf(pseg.Range()) {
					pseg = mm.pmas.Isolate(pseg, vseg.Range())
					pstart = pmaIterator{} // iterators invalidated
					oldpma = pseg.ValuePtr()
				}
				if (at.Write || forPin) && mm.isPMACopyOnWriteLocked(vseg, pseg) {'
