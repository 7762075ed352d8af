/* The file service: its start, and one request after another. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atoll.h"
#include "files.h"
#include "wire.h"

#define MORE_MEMORY (64u * 1024 * 1024) /* of address space: a pattern may want more than it should have */

struct outcome outcome;
static struct {
	bool set;
	enum files_reason reason;
	enum files_step step;
	int error;
	uint64_t at;
	char path[PATH_BYTES];
} failure;
static const char *directory = "/", *workspace_wanted = "";

static bool set_failure(enum files_reason reason, int error, enum files_step step, const char *path, uint64_t at) {
	if (!failure.set) {
		failure.set = true;
		failure.reason = reason;
		failure.error = error;
		failure.step = step;
		failure.at = at;
		size_t n = strnlen(path, FILES_MAX_PATH);
		memcpy(failure.path, path, n);
		failure.path[n] = 0;
	}
	return false;
}

bool fail(enum files_step step, const char *path) { return set_failure(REASON_SYSTEM, errno, step, path, 0); }

bool fail_with(enum files_reason reason, enum files_step step, const char *path, uint64_t at) {
	return set_failure(reason, 0, step, path, at);
}

/* What is not told as a path of the workspace: it was taken as it came, or is no path. */
static bool names_no_path(enum files_reason reason) {
	switch (reason) {
	case REASON_OUTSIDE:
	case REASON_PATTERN:
	case REASON_ARCHIVE:
	case REASON_NO_USER:
	case REASON_NO_GROUP:
	case REASON_NO_DIRECTORY: return true;
	default: return false;
	}
}

static void tell_failure(void) {
	size_t n = strlen(failure.path);
	stream_end();
	uint8_t *from = frame_begin(16 + 4 + workspace_bytes() + n), *p = from;
	*p++ = (uint8_t)failure.reason;
	*p++ = (uint8_t)failure.step;
	*p++ = 0;
	*p++ = 0;
	p = put32(p, (uint32_t)failure.error);
	p = put64(p, failure.at);
	p = names_no_path(failure.reason) ? put_text(p, failure.path, n) : put_path(p, failure.path);
	frame_end(FILES_FRAME_FAILED, (size_t)(p - from));
	flush();
}

static void tell_done(void) {
	stream_end();
	uint8_t *from = frame_begin(28 + (outcome.has_entry ? entry_bytes(outcome.entry_path, NULL) : 0)), *p = from;
	*p++ = outcome.truncated;
	*p++ = outcome.has_entry;
	*p++ = 0;
	*p++ = 0;
	p = put64(p, outcome.count);
	p = put64(p, outcome.bytes);
	p = put64(p, outcome.lines);
	if (outcome.has_entry) p = put_entry(p, outcome.entry_path, NULL, NULL, &outcome.entry);
	frame_end(FILES_FRAME_DONE, (size_t)(p - from));
	flush();
}

/* Relative paths are those of the working directory, which may have come or gone since the last request. */
static bool stand(const struct request *r) {
	if (chdir(directory) == 0) return true;
	int error = errno;
	if (chdir("/") < 0) return fail(STEP_START, "/");
	bool two = r->op == OPERATION_MOVE || r->op == OPERATION_COPY;
	if (r->s[0][0] == '/' && (!two || r->s[1][0] == '/') && r->op != OPERATION_APPLY) return true;
	return set_failure(REASON_NO_DIRECTORY, error, STEP_START, directory, 0);
}

static bool perform(struct request *r) {
	static bool (*const operations[])(const struct request *) = {
		[OPERATION_STAT] = op_stat,	       [OPERATION_LIST_DIRECTORY] = op_list,
		[OPERATION_GLOB] = op_glob,	       [OPERATION_GREP] = op_grep,
		[OPERATION_READ] = op_read,	       [OPERATION_READ_LINES] = op_read_lines,
		[OPERATION_WRITE] = op_write,	       [OPERATION_MAKE_DIRECTORY] = op_make_directory,
		[OPERATION_MOVE] = op_move,	       [OPERATION_COPY] = op_copy,
		[OPERATION_REMOVE] = op_remove,	       [OPERATION_SET_ATTRIBUTES] = op_set_attributes,
		[OPERATION_SYMBOLIC_LINK] = op_symbolic_link, [OPERATION_WATCH] = op_watch,
		[OPERATION_PACK] = op_pack,	       [OPERATION_UNPACK] = op_unpack,
		[OPERATION_APPLY] = op_apply};
	if (r->op == OPERATION_NONE || r->op > OPERATION_APPLY) return fail_with(REASON_BAD_REQUEST, STEP_START, "", 0);
	if (r->op != OPERATION_APPLY && !r->s[0][0]) return fail_with(REASON_BAD_REQUEST, STEP_START, "", 0);
	return stand(r) && workspace_admit(r) && operations[r->op](r);
}

bool files_serve(void) {
	static struct request r;
	if (!next_request(&r)) return false;
	failure.set = false;
	outcome = (struct outcome){0};
	if (perform(&r)) {
		if (!content_drain()) return false;
		tell_done();
		return true;
	}
	/* Told at once, so that the host need not send the rest. */
	tell_failure();
	return content_drain();
}

static void die_of(enum files_reason reason, const char *what) {
	set_failure(reason, errno, STEP_START, what, 0);
	tell_failure();
	_exit(1);
}

static void cannot_enter(const char *path) {
	set_failure(REASON_SYSTEM, errno, STEP_OPEN, path, 0);
	tell_failure();
	_exit(1);
}

static void become(const char *user) {
	struct lane *l = &lanes[0];
	int error = 0;
	if (strlen(user) >= MAX_USER) die_of(REASON_NO_USER, "");
	l->user = user;
	l->who.wanted[0] = 0;
	enum spawn_stage failed = resolve_user(l, &error);
	if (failed != STAGE_NONE) die_of(failed == STAGE_USER_NOT_FOUND ? REASON_NO_USER : REASON_NO_GROUP, user);
	if (workspace_wanted[0]) {
		if (!workspace_enter(workspace_wanted, l->who.uid, l->who.gid, l->who.group_count, l->who.groups))
			cannot_enter(workspace_wanted);
		directory = "/";
	}
	if (getuid() == l->who.uid && getgid() == l->who.gid && getuid() != 0) return; /* in tests */
	if (setgroups(l->who.group_count, l->who.groups) < 0 || setresgid(l->who.gid, l->who.gid, l->who.gid) < 0 ||
	    setresuid(l->who.uid, l->who.uid, l->who.uid) < 0)
		die_of(REASON_SYSTEM, user);
}

static void say_hello(void) {
	uint8_t *from = frame_begin(12), *p = put32(from, FILES_VERSION);
	p = put32(p, getuid());
	p = put32(p, getgid());
	frame_end(FILES_FRAME_HELLO, (size_t)(p - from));
	flush();
}

/* The pipes of a process that runsc starts do not block by themselves. */
static void block(int fd) {
	int flags = fcntl(fd, F_GETFL);
	if (flags >= 0) fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

static void limit_memory(void) {
#ifndef __SANITIZE_ADDRESS__ /* which wants address space beyond all bounds */
	char text[64];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0) close(fd);
	if (n <= 0) return;
	text[n] = 0;
	rlim_t most = strtoul(text, NULL, 10) * (rlim_t)sysconf(_SC_PAGESIZE) + MORE_MEMORY;
	struct rlimit limit = {most, most};
	setrlimit(RLIMIT_AS, &limit);
#endif
}

int files_main(int argc, char **argv) {
	const char *user = "";
	for (int i = 2; i < argc; i++) {
		if (strncmp(argv[i], "--user=", 7) == 0) user = argv[i] + 7;
		else if (strncmp(argv[i], "--directory=", 12) == 0) directory = argv[i] + 12;
		else if (strncmp(argv[i], "--workspace=", 12) == 0) workspace_wanted = argv[i] + 12;
		else return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	block(0);
	block(1);
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	limit_memory();
	become(user);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	umask(022);
	say_hello();
	while (files_serve()) {}
	return 0;
}
