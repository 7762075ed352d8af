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

static void add(struct lane *l, long call, long a, long b, long c) {
	batch_add(&l->calls, call, CALL((uint64_t)a, (uint64_t)b, (uint64_t)c), 0);
}

/*
 * Joining is never refused; what the process starts from then on is. The group is the root of its own namespace, so that
 * nobody in it can leave it or change its limits, root or not.
 */
static void join_groups(struct lane *l) {
	if (l->tree_door >= 0) add(l, SYS_write, l->tree_door, (long)"0", 1);
	if (group_fd >= 0 && (l->tree_door < 0 || !groups_unified)) add(l, SYS_write, group_fd, (long)"0", 1);
	if (groups_unified) add(l, SYS_unshare, CLONE_NEWCGROUP, 0, 0);
}

static void take_descriptors(struct lane *l) {
	for (int fd = 0; fd < 3; fd++) {
		int given = l->child_fds[l->terminal ? 0 : fd];
		if (given >= 0 && !l->terminal) add(l, SYS_fcntl, given, F_SETFL, 0);
		add(l, SYS_dup3, given >= 0 ? given : null_fd, fd, 0);
	}
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
static void take_groups(struct lane *l) {
	uint32_t count = l->who.group_count;
	memcpy(l->groups_taken, l->who.groups, count * sizeof l->groups_taken[0]);
	for (uint32_t i = 0; i < l->groups; i++)
		if (!resolve_group(l, l->group_names[i], &l->groups_taken[count++])) give_up(l, STAGE_GROUP_NOT_FOUND, -ENOENT);
	add(l, SYS_setgroups, count, (long)l->groups_taken, 0);
}

static bool is_root(const struct lane *l) {
	return are_root && l->who.uid == 0 && l->who.gid == 0 && l->who.group_count == 0 && l->groups == 0;
}

/* Adds the calls by which it becomes its user; none when it stays who we are. */
static void take_user(struct lane *l) {
	int error = 0;
	enum spawn_stage failed = user_answered(l, &error);
	l->calls.count = 0;
	if (failed != STAGE_NONE) give_up(l, failed, -error);
	if ((!l->user[0] && !l->groups) || is_root(l)) return;
	if (l->terminal) raw3(SYS_fchown, 0, l->who.uid, -1); /* so that it can be opened again by its name; no harm if it cannot */
	take_groups(l);
	add(l, SYS_setresgid, l->who.gid, l->who.gid, l->who.gid);
	add(l, SYS_setresuid, l->who.uid, l->who.uid, l->who.uid);
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

#define MAX_NAME_LENGTH 255
#define MOST_LOOKS 16

static uint32_t found_at(uint32_t hash, uint32_t place) { return (hash & ~0xFFu) | (place & 0xFFu); }

static uint32_t hash_of(const char *name, const char *path) {
	uint32_t hash = 2166136261u;
	for (const char *p = name; *p; p++) hash = (hash ^ (uint8_t)*p) * 16777619u;
	for (const char *p = path; *p; p++) hash = (hash ^ (uint8_t)*p) * 16777619u;
	return hash;
}

static bool make_path(char *into, size_t room, const char *dir, size_t length, const char *name, size_t name_length) {
	if (length + name_length + 2 > room) return false;
	memcpy(into, dir, length);
	into[length] = '/';
	memcpy(into + length + (length > 0), name, name_length + 1); /* an empty entry is the working directory */
	return true;
}

static size_t entry_length(const char *dir) {
	size_t n = 0;
	while (dir[n] && dir[n] != ':') n++;
	return n;
}

/* The looks at the directories before the one where it was found last, with the calls that are made anyway. */
static void look_ahead(struct lane *l) {
	const char *name = l->argv[0], *dir = search_path(l);
	size_t name_length = strlen(name), used = 0;
	l->looks_at = l->calls.count;
	l->looks = 0;
	if (strchr(name, '/') || name_length > MAX_NAME_LENGTH) return;
	uint32_t hash = hash_of(name, dir);
	while (l->looks < MOST_LOOKS && found_last[hash % FOUND_LAST] != found_at(hash, l->looks)) {
		size_t n = entry_length(dir);
		char *path = l->scratch + used;
		if (!make_path(path, sizeof l->scratch - used, dir, n, name, name_length)) return;
		used += strlen(path) + 1;
		add(l, SYS_faccessat, AT_FDCWD, (long)path, F_OK);
		l->looks++;
		if (!dir[n]) return;
		dir += n + 1;
	}
}

static bool may_be_there(const struct lane *l, uint32_t place) {
	long r = place < l->looks ? (long)l->calls.calls[l->looks_at + place].result : raw3(SYS_faccessat, AT_FDCWD, l->path, F_OK);
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
	if (name_length > MAX_NAME_LENGTH) return -ENAMETOOLONG;
	for (bool more = true; more; dir++, place++) {
		size_t n = entry_length(dir);
		more = dir[n] == ':';
		uint32_t here = found_at(hash, place);
		if (make_path(l->path, sizeof l->path, dir, n, name, name_length) && (*last == here || may_be_there(l, place))) {
			*last = here;
			r = raw3(SYS_execve, l->path, l->argv, l->envp);
			denied |= r == -EACCES;
			if (r != -ENOENT && r != -ENOTDIR && r != -EACCES) return r;
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

/* The last calls before execve: the directory, the signals, and a look for the command. */
static void add_last(struct lane *l) {
	static const uint64_t no_signals = 0;
	l->rights = l->calls.count;
	if (l->directory[0]) add(l, SYS_chdir, (long)l->directory, 0, 0); /* ours is the root */
	l->moved = l->calls.count;
	/* We block every signal and handle none, so the new mask is all that has to change. */
	batch_add(&l->calls, SYS_rt_sigprocmask, CALL(SIG_SETMASK, ADDRESS(&no_signals), 0, sizeof no_signals), 0);
	look_ahead(l);
}

/*
 * What every process does, and what is needed to know more. One that will most likely stay who we are, as the last one with this
 * user did, makes its last calls along with these.
 */
static void begin(struct lane *l) {
	l->calls.count = 0;
	join_groups(l);
	add(l, SYS_setsid, 0, 0, 0);
	take_descriptors(l);
	unsigned needed = l->calls.count;
	user_ask(l);
	l->early = !l->user[0] ? !l->groups : l->who.wanted[0] && is_root(l);
	if (l->early) add_last(l);
	batch_make(&l->calls);
	for (unsigned i = 0; i < needed; i++)
		if (l->calls.calls[i].result < 0) give_up(l, STAGE_INTERNAL, l->calls.calls[i].result);
	long r = l->terminal ? raw3(SYS_ioctl, 0, TIOCSCTTY, 0) : 0;
	if (r < 0) give_up(l, STAGE_INTERNAL, r);
}

/* Becomes its user, and makes the last calls unless they are made. */
static void finish(struct lane *l) {
	take_user(l);
	if (!l->early || l->calls.count > 0) {
		if (l->early) add(l, SYS_chdir, (long)"/", 0, 0); /* we guessed its user wrong: the directory again, from where it began */
		add_last(l);
		batch_make(&l->calls);
		for (unsigned i = 0; i < l->rights; i++)
			if (l->calls.calls[i].result < 0) give_up(l, STAGE_PRIVILEGES, l->calls.calls[i].result);
	}
	for (unsigned i = l->rights; i < l->moved; i++)
		if (l->calls.calls[i].result < 0) give_up(l, STAGE_WORKING_DIRECTORY, l->calls.calls[i].result);
}

static int process_main(void *arg) {
	struct lane *l = arg;
	begin(l);
	take_limits(l);
	if (l->mask != OUR_MASK) raw1(SYS_umask, l->mask);
	finish(l);
	long r = strchr(l->argv[0], '/') ? raw3(SYS_execve, l->argv[0], l->argv, l->envp) : execute_on_path(l);
	give_up(l, stage_of(r), r);
	return 127;
}

pid_t launch(struct lane *l) { return clone(process_main, l->stack + sizeof l->stack, CLONE_VM | SIGCHLD, l); }
