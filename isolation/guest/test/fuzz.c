/*
 * Feeds the guest hostile bytes, from pure noise to sequences that are nearly right, and checks what must always hold.
 * Built with ASan and UBSan; no process is started, no signal sent and no file of this machine touched: those parts are
 * replaced here.
 *
 * usage: fuzz SEED ROUNDS
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../atoll.h"
#include "../wire.h"

#define NUMBERS 40 /* exec numbers in play: few, so that frames meet */

uint8_t boot_id[16];
int null_fd;
bool groups_unified;

static uint64_t seed;
static int host_end; /* where the guest's frames come out */
static struct {
	uint32_t number;
	int fds[3];
} fakes[MAX_EXECS];
static int fake_count;
static long launched, heard, framed;
static uint32_t oldest = 1; /* the numbers in play move up, as released ones are used up */

static uint32_t any(uint32_t below) {
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 16) % below);
}

uint64_t now_ms(void) { return 0; }
uint64_t now_ns(void) { return 0; }
int fuzz_sethostname(const char *name, size_t length) {
	return length > 64 || memchr(name, 0, length) ? (errno = EINVAL, -1) : 0;
}
int signal_exec(struct exec *e, int signo, enum signal_scope scope) { return e && signo && scope ? 0 : EINVAL; }
void shutdown_begin(uint32_t grace_ms) { (void)grace_ms; }
bool shutdown_underway(void) { return false; }
void user_recall(struct lane *l) { l->looked_up = false; }
void user_remember(const struct lane *l) { (void)l; }

/* Stands for a process: keeps its ends of the pipes. */
pid_t launch(struct lane *l) {
	static pid_t pids = 1000000;
	if (any(20) == 0 || fake_count == MAX_EXECS) {
		errno = EAGAIN;
		return -1;
	}
	fakes[fake_count].number = l->number;
	for (int i = 0; i < 3; i++) {
		int fd = l->terminal && i == 1 ? l->child_fds[0] : l->child_fds[i];
		fakes[fake_count].fds[i] = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 10);
		if (fakes[fake_count].fds[i] >= 0) fcntl(fakes[fake_count].fds[i], F_SETFL, O_NONBLOCK);
	}
	for (char **v = l->argv; *v; v++)
		if (strlen(*v) > MAX_SPAWN_BYTES) abort();
	for (char **v = l->envp; *v; v++)
		if (!*v) abort();
	fake_count++;
	launched++;
	if (l->number > oldest + NUMBERS && l->number < 1u << 30) oldest = l->number; /* a flipped bit made a leap */
	if (any(10) == 0) l->failed_stage = STAGE_COMMAND_NOT_FOUND, l->failed_errno = ENOENT;
	return pids++;
}

static void fake_end(int i) {
	for (int s = 0; s < 3; s++)
		if (fakes[i].fds[s] >= 0) close(fakes[i].fds[s]);
	struct exec *e = exec_find(fakes[i].number);
	if (e && e->lane) lane_finished(e->lane);
	if (e && e->state == STATE_RUNNING) {
		e->pid = 0;
		e->state = STATE_EXITED;
		output_settle(e);
		exec_tell(e, TELL_EXIT);
	}
	fakes[i] = fakes[--fake_count];
}

static void fakes_live(void) {
	static uint8_t noise[70000];
	for (int i = fake_count - 1; i >= 0; i--) {
		int act = (int)any(12), s = 1 + (int)any(2);
		if (act < 4 && fakes[i].fds[s] >= 0 && write(fakes[i].fds[s], noise, any(sizeof noise)) < 0)
			if (errno != EAGAIN && errno != EPIPE && errno != EIO) abort();
		if (act == 4 && fakes[i].fds[0] >= 0 && read(fakes[i].fds[0], noise, any(sizeof noise)) < 0)
			if (errno != EAGAIN && errno != EIO) abort();
		if (act == 5 && fakes[i].fds[s] >= 0) close(fakes[i].fds[s]), fakes[i].fds[s] = -1;
		if (act == 6 && fakes[i].fds[0] >= 0) close(fakes[i].fds[0]), fakes[i].fds[0] = -1;
		if (act == 7) fake_end(i);
	}
}

static uint64_t odd_offset(uint32_t number) {
	struct exec *e = exec_find(number);
	switch (any(8)) {
	case 0: return any(10);
	case 1: return any(300000);
	case 2: return (uint64_t)any(0xffffffffu) << 32 | any(0xffffffffu);
	case 3: return UINT64_MAX - any(20);
	case 4: return e ? e->in.accepted : 0;
	case 5: return e ? e->out[any(2)].end : 0;
	default: return e ? e->out[any(2)].base + any(70000) : 0;
	}
}

static uint32_t spawn_message(uint8_t *p) {
	uint32_t argc = 1 + any(3), envc = any(3), limits = any(3), length;
	bool longer = any(3) == 0;
	uint32_t groups = longer ? any(3) : 0, fixed = longer ? SPAWN_LONG_BYTES : SPAWN_FIXED_BYTES;
	memset(p, 0, fixed);
	p[0] = (uint8_t)fixed;
	p[2] = (uint8_t)any(4);
	if (longer && any(2)) p[2] |= SPAWN_TERMINAL, p[24] = (uint8_t)any(20), p[26] = (uint8_t)any(20);
	if (longer && any(5) == 0) p[28] = (uint8_t)any(3);
	if (longer) p[32] = (uint8_t)groups, p[34] = (uint8_t)any(21);
	put32(p + 8, argc);
	put32(p + 12, envc);
	put32(p + 16, limits);
	length = fixed + limits * RESOURCE_LIMIT_BYTES;
	for (uint32_t i = 0; i < 2 + groups + argc + envc; i++) {
		uint32_t n = i == 2 + groups ? 1 + any(9) : any(any(20) ? 10 : 2000);
		memset(p + length, i >= 2 + groups + argc ? '=' : 'a', n);
		length += n;
		p[length++] = 0;
	}
	return length;
}

static uint32_t part(uint8_t *p, const uint8_t *message, uint32_t total) {
	uint32_t at = any(3) ? 0 : any(total), n = total - at;
	if (n > MAX_HOST_FRAME_BYTES - HEADER_BYTES - 8) n = MAX_HOST_FRAME_BYTES - HEADER_BYTES - 8;
	if (any(6) == 0) n = any(n) + 1;
	put32(put32(p, any(10) ? total : any(700000)), at);
	memcpy(p + 8, message + at, n);
	return 8 + n;
}

static uint32_t identity_message(uint8_t *p) {
	uint32_t length = 0;
	for (uint32_t i = any(5); i > 0; i--) {
		uint32_t n = any(40);
		put32(put32(p + length, 1 + any(4)), any(15) ? n : any(0xffffffffu));
		memset(p + length + 8, any(3) ? 'x' : '=', n);
		length += 8 + n;
	}
	return length ? length : (put32(p, 3), put32(p + 4, 0), 8);
}

/* One frame that may well be right. */
static uint32_t make_frame(uint8_t *f) {
	static uint8_t message[20000];
	uint8_t type = (uint8_t)(any(40) ? 1 + any(12) : any(256)), *p = f + HEADER_BYTES;
	framed++;
	uint32_t number = any(30) ? oldest + any(NUMBERS) : oldest / 2 + any(oldest + 100), length = 0;
	switch (type) {
	case FRAME_ATTACH:
		if (any(4)) type = FRAME_PING;
		else put32(p + 16, any(10) ? 0x00020001u : any(0xffffffffu)), length = 24;
		break;
	case FRAME_SPAWN_PART: length = part(p, message, spawn_message(message)); break;
	case FRAME_IDENTITY_PART: length = part(p, message, identity_message(message)); break;
	case FRAME_INPUT: put64(p, odd_offset(number)), length = 8 + any(4072); break;
	case FRAME_ACKNOWLEDGE: put64(put32(put32(p, any(20) ? any(2) : any(9)), 0), odd_offset(number)), length = 16; break;
	case FRAME_RESUME: {
		struct exec *e = exec_find(number);
		put64(put64(p, e && any(4) ? e->out[0].base : odd_offset(number)), e && any(4) ? e->out[1].base : odd_offset(number));
		length = 16;
		break;
	}
	case FRAME_CLOSE_INPUT: put64(p, odd_offset(number)), length = 8; break;
	case FRAME_SIGNAL: put32(put32(put32(p, any(99)), any(70)), any(6)), length = 12; break;
	case FRAME_SHUTDOWN: length = 4; break;
	case FRAME_RESIZE: put32(put32(p, any(99)), any(4) ? 0x00500018u : any(0xffffffffu)), length = 8; break;
	}
	if (any(50) == 0) length = any(4081);
	put32(put32(put32(put32(f, MAGIC), type), number), length);
	length += HEADER_BYTES;
	for (uint32_t flips = any(12) ? 0 : 1 + any(4); flips > 0; flips--) f[any(length)] ^= (uint8_t)(1u << any(8));
	return length;
}

static void check(void) {
	if (live_count < 0 || live_count > MAX_EXECS) abort();
	for (int i = 0; i < live_count; i++) {
		struct exec *e = live[i];
		for (int s = 0; s < 2; s++) {
			struct output *o = &e->out[s];
			if (o->base > o->sent || o->sent > o->end || o->end - o->base > OUTPUT_WINDOW) abort();
		}
		if (e->in.written > e->in.accepted || e->in.accepted - e->in.written > INPUT_WINDOW) abort();
		if (e->live_at != i) abort();
	}
}

static void turn(void) {
	static uint8_t bytes[65536];
	size_t length = any(15) ? 0 : any(3000);
	for (size_t i = 0; i < length; i++) bytes[i] = (uint8_t)any(256);
	while (length < 30000 && any(8)) length += make_frame(bytes + length);
	oldest += any(4) == 0;
	frames_feed(bytes, length);
	fakes_live();
	for (int i = live_count - 1; i >= 0; i--) {
		struct exec *e = live[i];
		if (e->in.fd >= 0) input_write(e);
		for (int s = 0; s < 2 && e->state != STATE_FREE; s++)
			if (e->out[s].fd >= 0 && any(2)) output_read(e, s);
	}
	for (int i = 0; i < LANES; i++)
		if (lanes[i].busy && lanes[i].exec && any(3) == 0) lane_finished(&lanes[i]);
	frames_unstall();
	frames_flush();
	if (any(3) == 0)
		for (ssize_t n; (n = read(host_end, bytes, sizeof bytes)) > 0;) heard += n;
	check();
}

static long resident_pages(void) {
	long total = 0, resident = 0;
	FILE *statm = fopen("/proc/self/statm", "r");
	if (!statm || fscanf(statm, "%ld %ld", &total, &resident) != 2) abort();
	fclose(statm);
	return resident;
}

int main(int argc, char **argv) {
	if (argc != 3) return fprintf(stderr, "usage: %s SEED ROUNDS\n", argv[0]), 2;
	int p[2];
	signal(SIGPIPE, SIG_IGN);
	if (pipe2(p, O_NONBLOCK | O_CLOEXEC) < 0 || dup2(p[1], 1) < 0) return 1;
	host_end = p[0];
	terminals_begin();
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	seed = strtoull(argv[1], NULL, 10) * 2654435761u + 1;
	long rounds = atol(argv[2]), half = 0;
	for (long i = 0; i < rounds; i++) {
		turn();
		if (i == rounds / 2) half = resident_pages();
	}
	fprintf(stderr, "fuzz: %ld frames, %ld processes started, %ld bytes of answers, %d execs live, %ld KiB, %+ld since half-way\n", framed,
	        launched, heard, live_count, resident_pages() * 4, (resident_pages() - half) * 4);
	return 0;
}
