/*
 * Requests for new processes: assembled from parts, checked, and handed to a lane, which carries one process from clone to
 * execve.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atoll.h"
#include "wire.h"

struct lane lanes[LANES];
static struct lane *assembling;

bool lanes_busy(void) {
	for (int i = 0; i < LANES; i++)
		if (lanes[i].busy && lanes[i].exec) return true;
	return false;
}

bool lanes_full(void) {
	for (int i = 0; i < LANES; i++)
		if (!lanes[i].busy) return false;
	return true;
}

void lane_free(struct lane *l) {
	l->busy = false;
	l->exec = NULL;
}

static struct lane *lane_take(void) {
	for (int i = 0; i < LANES; i++)
		if (!lanes[i].busy) {
			lanes[i].busy = true;
			lanes[i].exec = NULL;
			return &lanes[i];
		}
	return NULL;
}

void spawn_drop_parts(void) {
	if (assembling) lane_free(assembling);
	assembling = NULL;
}

/* Points `count` entries at consecutive NUL-terminated strings; NULL if they do not fit. */
static const char *take_strings(const char *at, const char *end, char **into, uint32_t count) {
	for (uint32_t i = 0; i < count; i++) {
		const char *nul = at < end ? memchr(at, 0, (size_t)(end - at)) : NULL;
		if (!nul) return NULL;
		into[i] = (char *)(uintptr_t)at;
		at = nul + 1;
	}
	return at;
}

static bool same_variable(const char *a, const char *b) {
	while (*a && *a == *b && *a != '=') a++, b++;
	return *a == '=' && *b == '=';
}

static bool has_variable(char *const *env, uint32_t count, const char *variable) {
	for (uint32_t i = 0; i < count; i++)
		if (same_variable(env[i], variable)) return true;
	return false;
}

static void complete_environment(struct lane *l) {
	uint32_t given = l->envc;
	for (char **base = base_environment; l->inherit && *base; base++)
		if (!has_variable(l->envp, given, *base)) l->envp[l->envc++] = *base;
	memcpy(l->who.home, "HOME=", 6);
	if (!has_variable(l->envp, l->envc, "HOME=")) l->envp[l->envc++] = l->who.home;
	l->envp[l->envc] = NULL;
}

/* The fields that a host of version 2 sends when it needs one of them. */
static bool parse_more(struct lane *l, uint32_t fixed, uint32_t flags) {
	const uint8_t *p = l->spec + SPAWN_FIXED_BYTES;
	bool more = fixed == SPAWN_LONG_BYTES && l->total >= fixed;
	l->terminal = flags & SPAWN_TERMINAL;
	l->rows = more ? get16(p) : 0;
	l->columns = more ? get16(p + 2) : 0;
	l->processes = more ? get32(p + 4) : 0;
	l->groups = more ? get16(p + 8) : 0;
	l->nice = more ? get16(p + 10) : 0;
	if (more && get32(p + 12)) return false;
	return (more || fixed == SPAWN_FIXED_BYTES) && l->terminal == (l->rows && l->columns) && l->groups <= MAX_SPAWN_GROUPS && l->nice <= 19;
}

static bool parse(struct lane *l) {
	const uint8_t *p = l->spec;
	uint32_t fixed = get16(p), flags = get16(p + 2);
	l->mask = get32(p + 4);
	l->argc = get32(p + 8);
	l->envc = get32(p + 12);
	l->limits = get32(p + 16);
	if ((flags & ~(SPAWN_STDIN | SPAWN_INHERIT_ENVIRONMENT | SPAWN_AWAITED | SPAWN_TERMINAL)) || get32(p + 20)) return false;
	if (!parse_more(l, fixed, flags)) return false;
	if (l->mask > 0777 || l->argc < 1 || l->argc > MAX_SPAWN_STRINGS || l->envc > MAX_SPAWN_STRINGS - l->argc) return false;
	if (l->limits > MAX_RESOURCE_LIMITS || l->limits * RESOURCE_LIMIT_BYTES > l->total - fixed) return false;
	l->piped = flags & (SPAWN_STDIN | SPAWN_TERMINAL);
	l->awaited = flags & SPAWN_AWAITED;
	l->inherit = flags & SPAWN_INHERIT_ENVIRONMENT;
	l->limit_at = p + fixed;
	char *names[2];
	const char *at = (const char *)p + fixed + l->limits * RESOURCE_LIMIT_BYTES;
	const char *end = (const char *)p + l->total;
	at = take_strings(at, end, names, 2);
	if (at) at = take_strings(at, end, l->group_names, l->groups);
	if (at) at = take_strings(at, end, l->argv, l->argc);
	if (at) at = take_strings(at, end, l->envp, l->envc);
	if (at != end || !l->argv[0][0]) return false;
	l->argv[l->argc] = NULL;
	l->user = names[0];
	l->directory = names[1];
	complete_environment(l);
	return true;
}

static void close_ours(struct exec *e) {
	for (int s = 0; s < 2; s++) {
		if (e->out[s].fd >= 0) close(e->out[s].fd);
		e->out[s].fd = -1;
	}
	if (e->in.fd >= 0) close(e->in.fd);
	e->in.fd = -1;
	e->in.piped = false;
}

static struct batch calls;

/* Only the descriptors: the process may not have looked at their numbers in the lane yet. */
static void close_theirs(const struct lane *l) {
	calls.count = 0;
	for (int i = 0; i < 3; i++)
		if (l->child_fds[i] >= 0) batch_add(&calls, SYS_close, CALL((uint64_t)l->child_fds[i]), 0);
	if (l->notify_child >= 0) batch_add(&calls, SYS_close, CALL((uint64_t)l->notify_child), 0);
	batch_make(&calls);
}

static void exec_failed(struct exec *e, enum spawn_stage stage, int error) {
	close_ours(e);
	e->state = STATE_FAILED;
	e->failed_stage = stage;
	e->failed_errno = error;
	exec_tell(e, TELL_FAILED);
}

struct ends {
	int *ours, *theirs;
	int ours_at;
};

/* No end blocks until the process makes its own ordinary ones (launch.c): ours never may. */
static bool make_pipes(struct lane *l, struct exec *e) {
	l->child_fds[0] = l->child_fds[1] = l->child_fds[2] = l->notify_child = l->notify = -1;
	e->in.piped = l->piped;
	e->terminal = e->out[1].closed = l->terminal;
	struct ends ends[4] = {{&l->notify, &l->notify_child, 0}};
	unsigned count = 1;
	if (!l->terminal) {
		for (int s = 0; s < 2; s++) ends[count++] = (struct ends){&e->out[s].fd, &l->child_fds[s + 1], 0};
		if (l->piped) ends[count++] = (struct ends){&e->in.fd, &l->child_fds[0], 1};
	}
	int pipes[4][2], error = 0;
	calls.count = 0;
	for (unsigned i = 0; i < count; i++) batch_add(&calls, SYS_pipe2, CALL(ADDRESS(pipes[i]), O_CLOEXEC | O_NONBLOCK), 0);
	batch_make(&calls);
	for (unsigned i = 0; i < count; i++) {
		if (calls.calls[i].result < 0) {
			error = (int)-calls.calls[i].result;
			continue;
		}
		*ends[i].ours = pipes[i][ends[i].ours_at];
		*ends[i].theirs = pipes[i][1 - ends[i].ours_at];
	}
	if (error) errno = error;
	return !error && (!l->terminal || terminal_open(l, e));
}

static void start(struct lane *l, struct exec *e) {
	l->exec = e;
	e->lane = l;
	e->asked_at = now_ns();
	/* Who feeds stdin wants to hear of the credit. */
	l->left_until = l->awaited && !l->piped ? e->asked_at + LATE_START_MILLIS * 1000000ull : 0;
	l->failed_stage = STAGE_NONE;
	user_recall(l);
	e->tree = tree_take(l->processes);
	l->tree_door = tree_door(e->tree);
	enum spawn_stage stage = STAGE_INTERNAL;
	if (l->processes && !e->tree) {
		stage = STAGE_RESOURCE_LIMIT;
		l->child_fds[0] = l->child_fds[1] = l->child_fds[2] = l->notify_child = l->notify = -1;
		errno = EOPNOTSUPP;
	} else if (make_pipes(l, e)) {
		stage = STAGE_NO_PROCESS;
		pid_t pid = launch(l);
		if (pid > 0) {
			close_theirs(l);
			/* A dead leader's session with this number is empty, or the number would not be free. */
			for (int i = 0; i < live_count; i++)
				if (live[i]->session == pid) live[i]->session = 0;
			e->pid = e->session = pid;
			return;
		}
	}
	int error = errno; /* of pipe2 or clone */
	close_theirs(l);
	if (l->notify >= 0) close(l->notify);
	l->notify = -1;
	e->lane = NULL;
	exec_failed(e, stage, error);
	lane_free(l);
}

/* Descriptors that nobody waits for. */
static int spent[16];
static unsigned spent_count;

void close_later(int fd) {
	if (spent_count == sizeof spent / sizeof spent[0]) close_now();
	spent[spent_count++] = fd;
}

void close_now(void) {
	calls.count = 0;
	for (unsigned i = 0; i < spent_count; i++) batch_add(&calls, SYS_close, CALL((uint64_t)spent[i]), 0);
	spent_count = 0;
	batch_make(&calls);
}

/* Looks whether the process has called execve, for those who cannot wait to be told. */
void lane_look(struct lane *l) {
	struct pollfd p = {.fd = l->notify, .events = POLLIN};
	if (poll(&p, 1, 0) > 0) lane_finished(l);
}

/* The process has called execve, or has given up. */
void lane_finished(struct lane *l) {
	struct exec *e = l->exec;
	close_later(l->notify);
	l->notify = -1;
	e->lane = NULL;
	if (l->failed_stage != STAGE_NONE) {
		exec_failed(e, (enum spawn_stage)l->failed_stage, l->failed_errno);
	} else {
		user_remember(l);
		e->state = STATE_RUNNING;
		exec_tell(e, TELL_STARTED | (e->in.fd >= 0 ? TELL_CREDIT : 0) | (e->terminal ? TELL_CLOSED(1) : 0));
	}
	lane_free(l);
}

static void complete(struct lane *l) {
	struct exec *known = exec_find(l->number);
	struct exec *e = NULL;
	if (known) {
		/* Asked again: the first process is the only one. */
		if (known->resumed) exec_retell_all(known);
	} else if (number_was_used(l->number)) {
		tell_refusal(l->number, STAGE_NUMBER_USED, 0);
	} else if (shutdown_underway()) {
		tell_refusal(l->number, STAGE_NO_PROCESS, ESHUTDOWN);
	} else if (!parse(l)) {
		tell_refusal(l->number, STAGE_INVALID_REQUEST, EINVAL);
	} else if (!(e = exec_new(l->number))) {
		tell_refusal(l->number, STAGE_NO_SLOT, 0);
	}
	if (e) start(l, e);
	else lane_free(l);
}

static bool refuse_parts(enum complaint why, uint32_t number) {
	tell_complaint(why, number, FRAME_SPAWN_PART);
	spawn_drop_parts();
	return true;
}

bool spawn_part(uint32_t number, const uint8_t *payload, uint32_t length) {
	if (length < 9 || number == 0 || number > INT_MAX) return refuse_parts(COMPLAINT_BAD_FIELD, number);
	uint32_t total = get32(payload), at = get32(payload + 4);
	payload += 8;
	length -= 8;
	if (total < SPAWN_FIXED_BYTES || total > MAX_SPAWN_BYTES) return refuse_parts(COMPLAINT_BAD_FIELD, number);
	if (at == 0) {
		if (assembling) refuse_parts(COMPLAINT_PARTS, number);
		assembling = lane_take();
		if (!assembling) return false;
		assembling->number = number;
		assembling->total = total;
		assembling->have = 0;
	}
	struct lane *l = assembling;
	if (!l || l->number != number || l->total != total || l->have != at || length > total - at)
		return refuse_parts(COMPLAINT_PARTS, number);
	memcpy(l->spec + at, payload, length);
	l->have += length;
	if (l->have == total) {
		assembling = NULL;
		complete(l);
	}
	return true;
}
