/*
 * A new process from clone to execve. It shares our memory (CLONE_VM): copying page tables would cost several times as
 * much in gVisor. Unlike after vfork the loop does not wait for it, so an execve that waits for a slow disk holds up
 * nobody. In return it must keep to its lane: no C library, no errno, nothing that the loop changes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atoll.h"
#include "raw.h"
#include "wire.h"

#define FOUND_LAST 64
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void give_up(struct lane *l, enum spawn_stage stage, long result) {
	l->failed_errno = (int)-result;
	l->failed_stage = stage;
	raw1(SYS_exit_group, 127);
}

/*
 * Joining is never refused; what the process starts from then on is. The group is the root of its own namespace, so that
 * nobody in it can leave it or change its limits, root or not.
 */
static void join_groups(struct lane *l) {
	long r = 0;
	if (l->tree_door >= 0) r = raw3(SYS_write, l->tree_door, "0", 1);
	if (r >= 0 && group_fd >= 0 && (l->tree_door < 0 || !groups_unified)) r = raw3(SYS_write, group_fd, "0", 1);
	if (r >= 0 && groups_unified) r = raw1(SYS_unshare, CLONE_NEWCGROUP);
	if (r < 0) give_up(l, STAGE_INTERNAL, r);
}

static void take_descriptors(struct lane *l) {
	for (int fd = 0; fd < 3; fd++) {
		int given = l->child_fds[l->terminal ? 0 : fd];
		long r = raw3(SYS_dup3, given >= 0 ? given : null_fd, fd, 0);
		if (r < 0) give_up(l, STAGE_INTERNAL, r);
	}
	if (!l->terminal) return;
	long r = raw3(SYS_ioctl, 0, TIOCSCTTY, 0);
	if (r < 0) give_up(l, STAGE_INTERNAL, r);
}

static void take_limits(struct lane *l) {
	if (descriptors_raised) {
		uint64_t given[2] = {given_descriptors.rlim_cur, given_descriptors.rlim_max};
		raw4(SYS_prlimit64, 0, RLIMIT_NOFILE, (long)given, 0);
	}
	for (uint32_t i = 0; i < l->limits; i++) {
		const uint8_t *p = l->limit_at + i * RESOURCE_LIMIT_BYTES;
		uint64_t limit[2] = {get64(p + 4), get64(p + 12)};
		long r = raw4(SYS_prlimit64, 0, (long)get32(p), (long)limit, 0);
		if (r < 0) give_up(l, STAGE_RESOURCE_LIMIT, r);
	}
	if (l->nice && raw3(SYS_setpriority, PRIO_PROCESS, 0, l->nice) < 0) give_up(l, STAGE_RESOURCE_LIMIT, -EPERM);
}

/* Those of the user and those that were asked for. */
static long take_groups(struct lane *l) {
	gid_t all[MAX_GROUPS + MAX_SPAWN_GROUPS];
	uint32_t count = l->who.group_count;
	memcpy(all, l->who.groups, count * sizeof all[0]);
	for (uint32_t i = 0; i < l->groups; i++)
		if (!resolve_group(l, l->group_names[i], &all[count++])) give_up(l, STAGE_GROUP_NOT_FOUND, -ENOENT);
	return raw2(SYS_setgroups, count, all);
}

static void take_user(struct lane *l) {
	int error = 0;
	enum spawn_stage failed = resolve_user(l, &error);
	if (failed != STAGE_NONE) give_up(l, failed, -error);
	bool asked = l->user[0] || l->groups;
	if (!asked || (are_root && l->who.uid == 0 && l->who.gid == 0 && l->who.group_count == 0 && l->groups == 0)) return; /* as we are */
	if (l->terminal) raw3(SYS_fchown, 0, l->who.uid, -1); /* so that it can be opened again by its name; no harm if it cannot */
	long r = take_groups(l);
	if (r == 0) r = raw3(SYS_setresgid, l->who.gid, l->who.gid, l->who.gid);
	if (r == 0) r = raw3(SYS_setresuid, l->who.uid, l->who.uid, l->who.uid);
	if (r < 0) give_up(l, STAGE_PRIVILEGES, r);
}

static void take_directory(struct lane *l) {
	if (!l->directory[0]) return; /* ours is the root */
	long r = raw1(SYS_chdir, l->directory);
	if (r < 0) give_up(l, STAGE_WORKING_DIRECTORY, r);
}

static const char *search_path(struct lane *l) {
	for (char **v = l->envp; *v; v++)
		if (memcmp(*v, "PATH=", 5) == 0) return *v + 5;
	return DEFAULT_PATH;
}

/*
 * At which entry of a path a name was found last: a word each, of hash and place, so that processes may write it side by side. It only
 * tells where to execute without a look first: an execve that fails makes and unmakes an address space in gVisor, which takes
 * several times as long as a look.
 */
static volatile uint32_t found_last[FOUND_LAST];

static uint32_t hash_of(const char *name, const char *path) {
	uint32_t hash = 2166136261u;
	for (const char *p = name; *p; p++) hash = (hash ^ (uint8_t)*p) * 16777619u;
	for (const char *p = path; *p; p++) hash = (hash ^ (uint8_t)*p) * 16777619u;
	return hash;
}

static bool may_be_there(const char *path) {
	long r = raw3(SYS_faccessat, AT_FDCWD, path, F_OK);
	return r != -ENOENT && r != -ENOTDIR;
}

/* As execvp does it, but never through a shell. Returns the error that tells most. */
static long execute_on_path(struct lane *l) {
	const char *name = l->argv[0], *dir = search_path(l);
	size_t name_length = strlen(name);
	uint32_t hash = hash_of(name, dir), place = 0;
	volatile uint32_t *last = &found_last[hash % FOUND_LAST];
	bool denied = false;
	long r = -ENOENT;
	if (name_length > 255) return -ENAMETOOLONG;
	for (bool more = true; more; dir++, place++) {
		size_t n = 0;
		while (dir[n] && dir[n] != ':') n++;
		more = dir[n] == ':';
		if (n <= 4096) {
			memcpy(l->path, dir, n);
			l->path[n] = '/';
			memcpy(l->path + n + (n > 0), name, name_length + 1); /* an empty entry is the working directory */
			uint32_t here = (hash & ~0xFFu) | (place & 0xFFu);
			if (*last == here || may_be_there(l->path)) {
				*last = here;
				r = raw3(SYS_execve, l->path, l->argv, l->envp);
				denied |= r == -EACCES;
				if (r != -ENOENT && r != -ENOTDIR && r != -EACCES) return r;
			}
		}
		dir += n;
	}
	return denied ? -EACCES : -ENOENT;
}

static enum spawn_stage stage_of(long error) {
	switch (-error) {
	case ENOENT:
	case ENOTDIR: return STAGE_COMMAND_NOT_FOUND;
	case E2BIG: return STAGE_ARGUMENTS_TOO_LARGE;
	case ENOMEM:
	case EAGAIN: return STAGE_NO_PROCESS;
	default: return STAGE_COMMAND_NOT_EXECUTABLE;
	}
}

static int process_main(void *arg) {
	struct lane *l = arg;
	uint64_t no_signals = 0;
	join_groups(l);
	raw0(SYS_setsid);
	take_descriptors(l);
	take_limits(l);
	take_user(l);
	if (l->mask != OUR_MASK) raw1(SYS_umask, l->mask);
	take_directory(l);
	/* We block every signal and handle none, so the new mask is all that has to change. */
	raw4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&no_signals, 0, sizeof no_signals);
	long r = strchr(l->argv[0], '/') ? raw3(SYS_execve, l->argv[0], l->argv, l->envp) : execute_on_path(l);
	give_up(l, stage_of(r), r);
	return 127;
}

pid_t launch(struct lane *l) { return clone(process_main, l->stack + sizeof l->stack, CLONE_VM | SIGCHLD, l); }
