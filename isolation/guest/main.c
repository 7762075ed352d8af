/*
 * atoll-init: PID 1 of a sandbox. Its stdin and stdout are FIFOs to and from the host, on which it speaks the protocol of
 * docs/guest-protocol.md.
 *
 * The loop uses ppoll and not epoll: gVisor wakes ppoll correctly after a restore, and only what can make progress is
 * asked for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "atoll.h"
#include "files.h"
#include "raw.h"

#define LAST_FLUSH_MS 500 /* how long the goodbye waits for a host that does not read */
#define CAPABILITIES 64
#define WANTED_DESCRIPTORS (4 * MAX_EXECS + 4 * LANES + 96) /* three pipes and a group each */

enum watch_kind { WATCH_HOST_IN, WATCH_HOST_OUT, WATCH_SIGNALS, WATCH_LANE, WATCH_OUTPUT, WATCH_INPUT };

struct watch {
	enum watch_kind kind;
	struct exec *exec;
	uint32_t number; /* what exec was when it was polled: a slot may be reused within a turn */
	int stream;
	struct lane *lane;
};

static struct pollfd polls[3 + LANES + 3 * MAX_EXECS];
static struct watch watches[3 + LANES + 3 * MAX_EXECS];
static int watched, host_in, signals; /* how many, and which of them these two are */
static int signal_fd;

bool are_root;
uint8_t boot_id[16];
int null_fd;
bool descriptors_raised;
struct rlimit given_descriptors;

uint64_t now_ns(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t now_ms(void) { return now_ns() / 1000000; }

static void die(const char *why) {
	ssize_t ignored = write(2, why, strlen(why));
	(void)ignored;
	exit(1);
}

static void watch(int fd, short events, struct watch w) {
	polls[watched] = (struct pollfd){.fd = fd, .events = events};
	watches[watched++] = w;
}

static void watch_exec(struct exec *e) {
	for (int s = 0; s < 2; s++) {
		struct output *o = &e->out[s];
		if (o->fd >= 0 && (e->state == STATE_DRAINING || output_room(o) > 0))
			watch(o->fd, POLLIN, (struct watch){.kind = WATCH_OUTPUT, .exec = e, .number = e->number, .stream = s});
	}
	if (e->in.fd >= 0 && (e->in.accepted > e->in.written || e->in.tail))
		watch(e->in.fd, POLLOUT, (struct watch){.kind = WATCH_INPUT, .exec = e, .number = e->number});
}

/*
 * A process that is awaited and ends soon is told about once, when it has ended: being woken for its start as well would take
 * a tenth of its time. Returns how many ms later a lane has to be looked at all the same; -1 for never.
 */
static int watch_lanes(void) {
	int later = -1;
	bool hurry = lanes_full() || frames_stalled(); /* somebody waits for a lane */
	for (int i = 0; i < LANES; i++) {
		struct lane *l = &lanes[i];
		if (!l->busy || !l->exec) continue;
		uint64_t now = l->left_until ? now_ns() : 0;
		if (now < l->left_until && !hurry) {
			int ms = (int)((l->left_until - now) / 1000000) + 1;
			if (later < 0 || ms < later) later = ms;
		} else {
			watch(l->notify, POLLIN, (struct watch){.kind = WATCH_LANE, .lane = l});
		}
	}
	return later;
}

static int watch_all(void) {
	watched = 0;
	host_in = frames_stalled() || frames_ended() ? -1 : watched;
	if (host_in >= 0) watch(0, POLLIN, (struct watch){.kind = WATCH_HOST_IN});
	if (frames_blocked()) watch(1, POLLOUT, (struct watch){.kind = WATCH_HOST_OUT});
	signals = watched;
	watch(signal_fd, POLLIN, (struct watch){.kind = WATCH_SIGNALS});
	int later = watch_lanes();
	for (int i = 0; i < live_count; i++) watch_exec(live[i]);
	return later;
}

/* A pipe that nobody can write to any more and that holds nothing has ended: that needs no read. */
static bool is_at_end(const struct watch *w, short happened) { return happened == POLLHUP && !w->exec->terminal; }

static void serve(const struct watch *w, short happened) {
	bool same = w->exec && w->exec->state != STATE_FREE && w->exec->number == w->number;
	switch (w->kind) {
	case WATCH_HOST_IN: frames_read(); break;
	case WATCH_HOST_OUT: break; /* flushed at the end of every turn */
	case WATCH_SIGNALS: signals_read(); break;
	case WATCH_LANE:
		if (w->lane->busy && w->lane->exec) lane_finished(w->lane);
		break;
	case WATCH_OUTPUT:
		if (!same || w->exec->out[w->stream].fd < 0) break;
		if (is_at_end(w, happened)) output_close(w->exec, w->stream);
		else output_read(w->exec, w->stream);
		break;
	case WATCH_INPUT:
		if (same) input_write(w->exec);
		break;
	}
}

/*
 * The processes' own pipes come first and the host's frames last, so that a slot freed by a frame is not served as its
 * next user in the same turn.
 */
static void serve_all(void) {
	for (int i = watched - 1; i >= 0; i--)
		if (polls[i].revents) serve(&watches[i], polls[i].revents);
}

static void say_goodbye(void) {
	uint64_t until = now_ms() + LAST_FLUSH_MS;
	for (int i = 0; i < live_count; i++)
		for (int s = 0; s < 2; s++)
			if (live[i]->out[s].fd >= 0) output_read(live[i], s);
	tell_goodbye();
	frames_flush();
	while (frames_waiting() && now_ms() < until) {
		struct pollfd p = {.fd = 1, .events = POLLOUT};
		poll(&p, 1, (int)(until - now_ms()));
		frames_flush();
	}
	exit(0);
}

static void await_alone(const struct timespec *limit) {
	if (raw4(SYS_ppoll, (long)polls, watched, (long)limit, 0) >= 0) return;
	for (int i = 0; i < watched; i++) polls[i].revents = 0;
}

/*
 * Waits, and makes the two calls that nearly always come next in the same system call where the kernel can: it reads from the host, and
 * reaps a child. What they bring may have come after the wait looked.
 */
static void await(const struct timespec *limit) {
	static bool apart; /* this kernel's batches are of an earlier kind, which holds no waits */
	static struct batch calls;
	if (apart || !batch_is_known()) {
		await_alone(limit);
		return;
	}
	calls.count = 0;
	batch_add(&calls, SYS_ppoll, CALL(ADDRESS(polls), (uint64_t)watched, ADDRESS(limit), 0), 0);
	if (host_in >= 0) frames_ask(&calls);
	children_ask(&calls);
	batch_make(&calls);
	apart = calls.calls[0].result == -EINVAL;
	if (calls.calls[0].result < 0)
		for (int i = 0; i < watched; i++) polls[i].revents = 0;
	if (host_in >= 0 && frames_came()) polls[host_in].revents |= POLLIN;
	if (children_ended()) polls[signals].revents |= POLLIN;
}

static void turn(void) {
	int timeout = shutdown_step();
	if (timeout == 0) say_goodbye();
	if ((frames_waiting() && !frames_blocked()) || children_left()) timeout = 0;
	int later = watch_all();
	if (later >= 0 && (timeout < 0 || later < timeout)) timeout = later;
	struct timespec limit = {timeout / 1000, timeout % 1000 * 1000000L};
	await(timeout < 0 ? NULL : &limit);
	if (children_left()) polls[signals].revents |= POLLIN;
	serve_all();
	frames_unstall();
	frames_flush();
	close_now();
}

/*
 * What a process may ever have, whoever it becomes: --keep-capabilities=HEX takes everything else out of the bounding set,
 * so that PID 1 may keep for itself what it needs for the hostname. The kernel gives a new process of root only what is in
 * this set.
 */
static void bound_capabilities(const char *mask) {
	uint64_t keep = strtoull(mask, NULL, 16);
	for (int c = 0; c < CAPABILITIES; c++) {
		if (keep >> c & 1 || prctl(PR_CAPBSET_DROP, c, 0, 0, 0) == 0) continue;
		if (errno == EINVAL) return; /* there are no more */
		die("atoll-init: cannot drop a capability\n");
	}
}

/*
 * Three pipes and a group for each exec are more descriptors than the usual limit. Ours is raised as far as we may; what we start gets
 * back the limit that we were given, because programs that use select() break above 1,024.
 */
static void raise_descriptors(void) {
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &given_descriptors) < 0) die("atoll-init: no limit on descriptors\n");
	limit = given_descriptors;
	if (limit.rlim_cur >= WANTED_DESCRIPTORS) return;
	limit.rlim_cur = limit.rlim_max < WANTED_DESCRIPTORS ? limit.rlim_max : WANTED_DESCRIPTORS;
	descriptors_raised = setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static const char *value_of(const char *argument, const char *option) {
	size_t length = strlen(option);
	return strncmp(argument, option, length) == 0 ? argument + length : NULL;
}

static void configure(int argc, char **argv) {
	const char *keep = NULL, *cpus = NULL, *processes = NULL, *bytes = NULL, *files = NULL;
	for (int i = 1; i < argc; i++) {
		const char *v;
		if ((v = value_of(argv[i], "--keep-capabilities="))) keep = v;
		else if ((v = value_of(argv[i], "--cpus="))) cpus = v;
		else if ((v = value_of(argv[i], "--pids="))) processes = v;
		else if ((v = value_of(argv[i], "--tmpfs-bytes="))) bytes = v;
		else if ((v = value_of(argv[i], "--tmpfs-files="))) files = v;
		else die("atoll-init: unknown argument\n");
	}
	/* Elsewhere it would be the machine's own CPUs, control groups and devices. */
	if ((cpus || processes || bytes || files) && getpid() != 1) die("atoll-init: limits are for the first process of a sandbox\n");
	if (!bytes != !files) die("atoll-init: --tmpfs-bytes and --tmpfs-files belong together\n");
	if (cpus && !confine_cpus(strtol(cpus, NULL, 10))) die("atoll-init: cannot set the CPUs\n");
	if (processes && !confine_processes(strtol(processes, NULL, 10))) die("atoll-init: cannot limit processes\n");
	if (bytes && !confine_files(bytes, files)) die("atoll-init: cannot limit the memory file systems\n");
	if (keep) bound_capabilities(keep);
}

int main(int argc, char **argv) {
	if (argc == 2 && strcmp(argv[1], "--rehearsal") == 0) return 0; /* the first process of a box that is made ahead of need */
	if (argc >= 2 && strcmp(argv[1], "--files") == 0) return files_main(argc, argv);
	configure(argc, argv);
	raise_descriptors();
	signal_fd = signals_init();
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	terminals_begin();
	if (signal_fd < 0 || null_fd < 0) die("atoll-init: cannot open what it needs\n");
	if (fcntl(0, F_SETFL, O_NONBLOCK) < 0 || fcntl(1, F_SETFL, O_NONBLOCK) < 0) die("atoll-init: no FIFOs\n");
	if (getrandom(boot_id, sizeof boot_id, 0) != sizeof boot_id) die("atoll-init: no entropy\n");
	if (getpid() != 1) prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	/* Nothing in the sandbox reads our memory or gains rights by a set-uid file, and files we pass on are nobody's. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	are_root = getuid() == 0 && getgid() == 0 && setgroups(0, NULL) == 0;
	if (chdir("/") < 0) die("atoll-init: no root directory\n");
	umask(OUR_MASK);
	for (;;) turn();
}
