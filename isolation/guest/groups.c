/*
 * A control group for each command, so that everything it has led to can be found: what made a session of its own and what
 * lost its parents too. Groups are kept and used again, as making one costs more than starting a process may; a command
 * joins its own by one write, between clone and execve. Where there are none, a command's session stands for its tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atoll.h"

#define MAX_TREES (MAX_EXECS + 64)
#define LOOKS 4   /* groups whose command is gone that are looked at before a new one is made */
#define PASSES 64 /* how often a group is read anew for processes that were forked while it was killed */

struct tree {
	int procs;     /* its cgroup.procs */
	uint32_t most; /* its pids.max */
	enum { IDLE, TAKEN, LINGERING } state;
};

static int trees_at = -1;
static bool trees_count; /* they can limit processes */
static uint32_t usual_most;
static struct tree trees[MAX_TREES];
static int tree_total, next_look;
static int16_t idle[MAX_TREES];
static int idle_count;

/* `directory` is the one they are made in; `most` is what each may have unless it is said, 0 where they cannot limit. */
void trees_begin(int directory, uint32_t most) {
	trees_at = directory;
	trees_count = most > 0;
	usual_most = most;
}

static int open_file(const struct tree *t, const char *file, int flags) {
	char path[48] = "t", digits[12], *at = path + 1, *d = digits;
	for (long n = t - trees; d == digits || n; n /= 10) *d++ = (char)('0' + n % 10);
	while (d > digits) *at++ = *--d;
	*at = 0;
	if (file) {
		*at++ = '/';
		strcpy(at, file);
		return openat(trees_at, path, flags | O_CLOEXEC);
	}
	return mkdirat(trees_at, path, 0755) == 0 || errno == EEXIST ? 0 : -1;
}

static bool write_most(struct tree *t, uint32_t most) {
	char text[12], *at = text + sizeof text;
	if (t->most == most) return true;
	uint32_t n = most;
	do *--at = (char)('0' + n % 10);
	while (n /= 10);
	int fd = open_file(t, "pids.max", O_WRONLY);
	size_t length = (size_t)(text + sizeof text - at);
	bool written = fd >= 0 && write(fd, at, length) == (ssize_t)length;
	if (fd >= 0) close(fd);
	if (written) t->most = most;
	return written;
}

static void make_idle(struct tree *t) {
	t->state = IDLE;
	idle[idle_count++] = (int16_t)(t - trees);
}

static bool is_empty(const struct tree *t) {
	char one;
	return pread(t->procs, &one, 1, 0) == 0;
}

static void look_at_lingering(int most) {
	for (int i = 0; i < most && i < tree_total; i++) {
		struct tree *t = &trees[next_look++ % tree_total];
		if (t->state == LINGERING && is_empty(t)) make_idle(t);
	}
	next_look %= MAX_TREES;
}

static void make_tree(void) {
	if (tree_total == MAX_TREES) return;
	struct tree *t = &trees[tree_total];
	t->most = 0;
	if (open_file(t, NULL, 0) < 0) return;
	t->procs = open_file(t, "cgroup.procs", O_RDWR);
	if (t->procs < 0) return; /* the directory is taken next time */
	tree_total++;
	make_idle(t);
}

/* A group for a command, with at most so many processes (0: no fewer than the sandbox's); NULL when there is none to be had. */
struct tree *tree_take(uint32_t most) {
	if (trees_at < 0 || (most && !trees_count)) return NULL;
	if (!idle_count && tree_total) look_at_lingering(LOOKS);
	if (!idle_count) make_tree();
	if (!idle_count) look_at_lingering(tree_total);
	if (!idle_count) return NULL;
	struct tree *t = &trees[idle[idle_count - 1]];
	if (trees_count && !write_most(t, most && most < usual_most ? most : usual_most)) return NULL;
	idle_count--;
	t->state = TAKEN;
	return t;
}

/* Its command is forgotten. What it has left behind keeps the group until it ends. */
void tree_leave(struct tree *t) {
	if (!t) return;
	if (is_empty(t)) make_idle(t);
	else t->state = LINGERING;
}

int tree_door(const struct tree *t) { return t ? t->procs : -1; }

/* One reading of the group; returns how many were signaled. */
static int signal_listed(const struct tree *t, int signo) {
	char buffer[4096];
	int hits = 0;
	off_t at = 0;
	for (;;) {
		ssize_t n = pread(t->procs, buffer, sizeof buffer - 1, at);
		if (n <= 0) return hits;
		buffer[n] = 0;
		char *end = strrchr(buffer, '\n'), *p = buffer;
		if (!end) return hits;
		at += end + 1 - buffer;
		while (p < end) {
			pid_t pid = (pid_t)strtol(p, &p, 10);
			if (pid > 1 && kill(pid, signo) == 0) hits++;
			p++;
		}
	}
}

/* Every process of the group; SIGKILL also to those that are being forked. */
int tree_signal(const struct tree *t, int signo) {
	if (signo == SIGKILL) {
		int fd = open_file(t, "cgroup.kill", O_WRONLY);
		bool empty = is_empty(t);
		bool killed = fd >= 0 && write(fd, "1", 1) == 1;
		if (fd >= 0) close(fd);
		if (killed) return empty ? ESRCH : 0;
	}
	int hits = signal_listed(t, signo);
	for (int pass = 1; signo == SIGKILL && pass < PASSES && !is_empty(t); pass++) signal_listed(t, signo);
	return hits ? 0 : ESRCH;
}
