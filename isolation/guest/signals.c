/* Children: their ends, signals to them, and the end of them all. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atoll.h"
#include "raw.h"
#include "wire.h"

/* How often a session is looked through for processes that were forked while we looked. */
#define SESSION_PASSES 3

/* After SIGKILL this long at most is waited before the goodbye: a process stuck in the kernel must not hold it up. */
#define KILLED_WAIT_MS 2000

/* So many ends are looked at before everything else gets its turn. */
#define REAPED_AT_ONCE 16

/* Grace when we are told to end by a signal rather than by the host. */
#define SIGNAL_GRACE_MS 5000

static int signal_fd;
static enum { UP, TERMINATING, KILLING } shutting;
static uint64_t deadline;
static bool childless;
static bool more; /* children may have ended that are not reaped yet */

int signals_init(void) {
	sigset_t all, wanted;
	/* Signals that our launcher ignores would be handed on. The C library refuses its own ones, 32 to 34: so by hand. */
	const uint8_t by_default[32] = {0};
	for (int signo = 1; signo <= 64; signo++) syscall(SYS_rt_sigaction, signo, by_default, NULL, 8);
	sigfillset(&all);
	/* SIGPIPE stays blocked as well: a write into a closed pipe is an error like any other. */
	sigprocmask(SIG_SETMASK, &all, NULL);
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigaddset(&wanted, SIGTERM);
	signal_fd = signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC);
	return signal_fd;
}

static void ended(struct exec *e, int status, const struct rusage *usage) {
	if (e->lane) lane_finished(e->lane); /* dead before we heard of its execve */
	e->pid = 0;
	if (e->state != STATE_RUNNING) return; /* failed to start, or released */
	e->state = STATE_EXITED;
	uint64_t lasted = (now_ns() - e->asked_at) / 1000;
	e->lasted_us = lasted < INT32_MAX ? (uint32_t)lasted : INT32_MAX;
	e->wait_status = status;
	e->usage = *usage;
	output_drain(e);
}

/* A child that was reaped with the wait, until it is used. */
static struct {
	const int64_t *pid;
	int status;
	struct rusage usage;
} asked;

void children_ask(struct batch *b) {
	unsigned at = batch_add(b, SYS_wait4, CALL((uint64_t)-1, ADDRESS(&asked.status), WNOHANG, ADDRESS(&asked.usage)), 0);
	asked.pid = &b->calls[at - 1].result;
}

bool children_ended(void) {
	if (*asked.pid <= 0) asked.pid = NULL;
	return asked.pid != NULL;
}

static bool reap_one(void) {
	int status = asked.status;
	struct rusage usage = asked.usage;
	long pid = asked.pid ? (long)*asked.pid : raw4(SYS_wait4, -1, (long)&status, WNOHANG, (long)&usage);
	asked.pid = NULL;
	childless = pid == -ECHILD;
	if (pid <= 0) return false;
	struct exec *e = exec_of_pid((pid_t)pid);
	if (e) ended(e, status, &usage);
	return true;
}

/* Reaps ours and the orphans that fell to us, but does not keep the loop from anything else: a fork bomb never runs out of them. */
void children_reap(void) {
	int reaped = 0;
	while (reaped < REAPED_AT_ONCE && reap_one()) reaped++;
	more = reaped == REAPED_AT_ONCE;
}

bool children_left(void) { return more; }

void signals_read(void) {
	/* The first end is told before anything else is done: somebody waits for it, and each call takes its time. */
	if (reap_one()) frames_flush();
	struct signalfd_siginfo info[8];
	ssize_t n = read(signal_fd, info, sizeof info);
	for (ssize_t i = 0; i < n / (ssize_t)sizeof info[0]; i++)
		if (info[i].ssi_signo == SIGTERM) shutdown_begin(SIGNAL_GRACE_MS);
	children_reap();
}

/* The session of a process by field 6 of its stat line, which follows the last parenthesis; 0 if it is gone. */
static pid_t session_of(const char *pid) {
	char path[64], line[512];
	size_t n = strlen(pid);
	if (n > 10) return 0;
	memcpy(path, "/proc/", 6);
	memcpy(path + 6, pid, n);
	memcpy(path + 6 + n, "/stat", 6);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return 0;
	ssize_t got = read(fd, line, sizeof line - 1);
	close(fd);
	if (got <= 0) return 0;
	line[got] = 0;
	char *p = strrchr(line, ')');
	for (int field = 0; p && field < 4; field++) p = strchr(p + 1, ' ');
	return p ? (pid_t)atoi(p + 1) : 0;
}

static int signal_listed(const char *entries, long length, pid_t session, int signo) {
	int hits = 0;
	for (long at = 0; at < length;) {
		const char *entry = entries + at; /* struct linux_dirent64: ino, off, u16 length, u8 type, name */
		const char *name = entry + 19;
		at += get16((const uint8_t *)entry + 16);
		if (name[0] < '1' || name[0] > '9' || session_of(name) != session) continue;
		if (kill((pid_t)atoi(name), signo) == 0) hits++;
	}
	return hits;
}

/* Every process of the session, whatever group it moved to. */
static int signal_session(pid_t session, int signo) {
	int hits = 0, passes = signo == SIGKILL ? SESSION_PASSES : 1;
	char entries[4096];
	for (int pass = 0; pass < passes; pass++) {
		int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), found = 0;
		if (fd < 0) return errno;
		long n;
		while ((n = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0) found += signal_listed(entries, n, session, signo);
		close(fd);
		hits += found;
		if (found == 0) break;
	}
	return hits ? 0 : ESRCH;
}

int signal_exec(struct exec *e, int signo, enum signal_scope scope) {
	if (e->lane) lane_look(e->lane);
	if (scope == SCOPE_TREE && e->tree && e->state != STATE_STARTING) return tree_signal(e->tree, signo);
	if (scope == SCOPE_TREE) scope = SCOPE_SESSION;
	if (e->session == 0 || e->state == STATE_FAILED) return ESRCH;
	if (scope == SCOPE_SESSION && e->state != STATE_STARTING) return signal_session(e->session, signo);
	if (scope == SCOPE_GROUP && kill(-e->session, signo) == 0) return 0;
	if (scope == SCOPE_GROUP && e->state != STATE_STARTING) return errno;
	if (e->pid == 0) return ESRCH;
	return kill(e->pid, signo) == 0 ? 0 : errno;
}

static void signal_everyone(int signo) {
	if (getpid() == 1) {
		kill(-1, signo);
		return;
	}
	/* Not the PID 1 of a sandbox but a process under test: the rest of the machine is not ours. */
	for (int i = 0; i < live_count; i++)
		if (live[i]->session) kill(-live[i]->session, signo);
}

void shutdown_begin(uint32_t grace_ms) {
	uint64_t wanted = now_ms() + grace_ms;
	if (shutting == UP) {
		signal_everyone(SIGTERM);
		signal_everyone(SIGCONT); /* a stopped process cannot end */
		shutting = TERMINATING;
		deadline = wanted;
	} else if (shutting == TERMINATING && wanted < deadline) {
		deadline = wanted;
	}
}

bool shutdown_underway(void) { return shutting != UP; }

int shutdown_step(void) {
	if (shutting == UP) return -1;
	children_reap();
	uint64_t now = now_ms();
	if (shutting == TERMINATING && !childless && now >= deadline) {
		signal_everyone(SIGKILL);
		shutting = KILLING;
		deadline = now + KILLED_WAIT_MS;
		children_reap();
	}
	if (childless || (shutting == KILLING && now >= deadline)) return 0;
	return (int)(deadline - now);
}
