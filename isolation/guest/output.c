/*
 * Frames to the host. Nothing is queued but facts: an exec remembers what it has to tell, and frames are made from that
 * when the FIFO has room. So a host that is gone costs no memory, and after an attach everything can be told again.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "atoll.h"
#include "wire.h"

#define STAGE_BYTES 16384
#define COPY_LIMIT 1024u /* output up to this size is copied beside small frames rather than given a write of its own */
#define EXEC_FRAMES_BYTES (512 + 2 * (HEADER_BYTES + 16 + COPY_LIMIT)) /* most that one exec puts into the stage at a time */
#define ROUNDS 32 /* writes before the loop looks at everything else again */
#define NOTICES 256

enum notice_kind { NOTICE_REPLY, NOTICE_PONG, NOTICE_REFUSAL };

struct notice {
	enum notice_kind kind;
	uint32_t number, first, second;
};

static struct {
	uint8_t bytes[STAGE_BYTES];
	size_t length, written;
	/* One large piece of output that follows the stage, straight from its ring. */
	struct iovec data[2];
	uint32_t data_left, data_length, data_number;
	int data_stream;
	bool blocked;
	bool broken; /* nobody can read: whoever launched us did not open the FIFO for both ways */
} stage;

static struct notice notices[NOTICES];
static unsigned notice_first, notice_count;

static struct {
	uint32_t code, number, type;
	uint64_t count;
} complaint;

static enum { GREETED, GREET_HELLO, GREET_EXECS } greeting;
static int greeting_slot;
static uint32_t greeting_version, greeting_reports;
static uint8_t greeting_nonce[16];
static bool goodbye;

bool attached;

/* Execs with something to tell or to send, first come first served. */
static struct exec *ready[MAX_EXECS];
static unsigned ready_first, ready_count;

void frames_ready(struct exec *e) {
	if (e->queued || !e->resumed) return;
	e->queued = true;
	ready[(ready_first + ready_count++) % MAX_EXECS] = e;
}

void frames_unready(struct exec *e) {
	if (!e->queued) return;
	unsigned kept = 0;
	for (unsigned i = 0; i < ready_count; i++) {
		struct exec *other = ready[(ready_first + i) % MAX_EXECS];
		if (other != e) ready[(ready_first + kept++) % MAX_EXECS] = other;
	}
	ready_count = kept;
	e->queued = false;
}

static uint8_t *stage_end(void) { return stage.bytes + stage.length; }
static size_t stage_room(void) { return STAGE_BYTES - stage.length; }

static uint8_t *put_header(uint8_t *p, uint8_t type, uint32_t number, uint32_t length) {
	p = put32(p, MAGIC);
	p = put32(p, type);
	return put32(put32(p, number), length);
}

/* Starts a small frame; the caller appends exactly `length` bytes and the stage has room. */
static uint8_t *frame(uint8_t type, uint32_t number, uint32_t length) {
	uint8_t *p = put_header(stage_end(), type, number, length);
	stage.length += HEADER_BYTES + length;
	return p;
}

static void make_hello(void) {
	uint32_t count = 0;
	for (int i = 0; i < MAX_EXECS; i++) count += exec_at(i) != NULL;
	uint8_t *p = frame(FRAME_HELLO, 0, 48);
	memcpy(p, greeting_nonce, 16);
	p = put32(put32(p + 16, greeting_version), count);
	memcpy(p, boot_id, 16);
	put32(put32(p + 16, OUTPUT_WINDOW), INPUT_WINDOW);
}

static void make_report(struct exec *e) {
	uint32_t flags = (e->out[0].closed ? 1u : 0) | (e->out[1].closed ? 2u : 0) | (e->in.fd < 0 ? 4u : 0);
	uint8_t *p = frame(FRAME_EXEC_REPORT, e->number, 64);
	p = put32(put32(p, (uint32_t)e->state), e->state == STATE_FAILED ? 0 : (uint32_t)e->session);
	p = put32(put32(p, flags), 0);
	for (int s = 0; s < 2; s++) p = put64(put64(p, e->out[s].base), e->out[s].end);
	put64(put64(p, e->in.accepted), e->in.written + INPUT_WINDOW);
}

static void make_greeting(void) {
	if (greeting == GREET_HELLO) {
		make_hello();
		greeting = greeting_version ? GREET_EXECS : GREETED;
		if (!greeting_version) attached = false;
		greeting_slot = 0;
		greeting_reports = 0;
	}
	while (greeting == GREET_EXECS && stage_room() >= 128) {
		if (greeting_slot == MAX_EXECS) {
			put32(frame(FRAME_READY, 0, 4), greeting_reports);
			greeting = GREETED;
			break;
		}
		struct exec *e = exec_at(greeting_slot++);
		if (!e) continue;
		make_report(e);
		greeting_reports++;
	}
}

static uint64_t realtime_ns(void) {
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void make_notices(void) {
	while (notice_count && stage_room() >= 128) {
		struct notice *n = &notices[notice_first];
		switch (n->kind) {
		case NOTICE_REPLY: put32(put32(frame(FRAME_REPLY, n->number, 8), n->first), n->second); break;
		case NOTICE_PONG: put64(put64(frame(FRAME_PONG, n->number, 16), now_ns()), realtime_ns());
			break;
		case NOTICE_REFUSAL: put32(put32(frame(FRAME_SPAWN_FAILED, n->number, 8), n->first), n->second); break;
		}
		notice_first = (notice_first + 1) % NOTICES;
		notice_count--;
	}
	if (complaint.count && stage_room() >= 128) {
		uint8_t *p = frame(FRAME_COMPLAINT, complaint.number, 16);
		put64(put32(put32(p, complaint.code), complaint.type), complaint.count);
		complaint.count = 0;
	}
}

static void make_exit(struct exec *e) {
	bool exited = WIFEXITED(e->wait_status);
	const struct rusage *u = &e->usage;
	uint8_t *p = frame(FRAME_EXIT, e->number, 88);
	p = put32(p, exited ? 1 : 2);
	p = put32(p, (uint32_t)(exited ? WEXITSTATUS(e->wait_status) : WTERMSIG(e->wait_status)));
	p = put32(put32(p, !exited && WCOREDUMP(e->wait_status) ? 1 : 0), e->lasted_us);
	p = put64(p, (uint64_t)u->ru_utime.tv_sec * 1000000u + (uint64_t)u->ru_utime.tv_usec);
	p = put64(p, (uint64_t)u->ru_stime.tv_sec * 1000000u + (uint64_t)u->ru_stime.tv_usec);
	p = put64(p, (uint64_t)u->ru_maxrss * 1024u);
	p = put64(put64(p, (uint64_t)u->ru_minflt), (uint64_t)u->ru_majflt);
	p = put64(put64(p, (uint64_t)u->ru_nvcsw), (uint64_t)u->ru_nivcsw);
	put64(put64(p, e->settled[0]), e->settled[1]);
}

/* Puts unsent output of one stream behind the stage; small output into it. */
static void make_output(struct exec *e, int s) {
	struct output *o = &e->out[s];
	uint64_t unsent = o->end - o->sent;
	if (unsent == 0 || stage.data_left) return;
	uint32_t length = unsent < MAX_OUTPUT_BYTES ? (uint32_t)unsent : MAX_OUTPUT_BYTES;
	uint8_t *p = put_header(stage_end(), FRAME_OUTPUT, e->number, length + 16);
	put64(put32(put32(p, (uint32_t)s), 0), o->sent);
	stage.length += HEADER_BYTES + 16;
	uint32_t at = (uint32_t)(o->sent - o->ring.origin) & (OUTPUT_WINDOW - 1);
	uint32_t first = length < OUTPUT_WINDOW - at ? length : OUTPUT_WINDOW - at;
	if (length <= COPY_LIMIT) {
		memcpy(stage_end(), o->ring.bytes + at, first);
		memcpy(stage_end() + first, o->ring.bytes, length - first);
		stage.length += length;
		o->sent += length;
		return;
	}
	stage.data[0] = (struct iovec){o->ring.bytes + at, first};
	stage.data[1] = (struct iovec){o->ring.bytes, length - first};
	stage.data_left = stage.data_length = length;
	stage.data_number = e->number;
	stage.data_stream = s;
}

static bool all_sent(const struct exec *e) { return e->out[0].sent == e->out[0].end && e->out[1].sent == e->out[1].end; }

/* In the order of events: start, output, closes, exit. Whatever does not fit stays to be told. */
static void make_exec_frames(struct exec *e) {
	if (e->tell & TELL_STARTED) put32(frame(FRAME_STARTED, e->number, 4), (uint32_t)e->session);
	if (e->tell & TELL_FAILED)
		put32(put32(frame(FRAME_SPAWN_FAILED, e->number, 8), e->failed_stage), (uint32_t)e->failed_errno);
	if (e->tell & TELL_CREDIT)
		put64(put64(frame(FRAME_INPUT_CREDIT, e->number, 16), e->in.accepted), e->in.written + INPUT_WINDOW);
	if (e->tell & TELL_INPUT_CLOSED) put64(frame(FRAME_INPUT_CLOSED, e->number, 8), e->in.accepted);
	e->tell &= ~(TELL_STARTED | TELL_FAILED | TELL_CREDIT | TELL_INPUT_CLOSED);
	for (int s = 0; s < 2; s++) {
		make_output(e, s);
		if (stage.data_left) return; /* its header ends the stage */
		if ((e->tell & TELL_CLOSED(s)) && e->out[s].sent == e->out[s].end) {
			put64(put32(put32(frame(FRAME_OUTPUT_CLOSED, e->number, 16), (uint32_t)s), 0), e->out[s].end);
			e->tell &= ~TELL_CLOSED(s);
		}
	}
	if ((e->tell & TELL_EXIT) && all_sent(e)) {
		make_exit(e);
		e->tell &= ~TELL_EXIT;
	}
}

static void make_frames(void) {
	make_greeting();
	if (!attached || greeting != GREETED) return;
	make_notices();
	for (unsigned n = ready_count; n > 0 && !stage.data_left && stage_room() >= EXEC_FRAMES_BYTES; n--) {
		struct exec *e = ready[ready_first];
		ready_first = (ready_first + 1) % MAX_EXECS;
		ready_count--;
		e->queued = false;
		make_exec_frames(e);
		if (e->tell || !all_sent(e)) frames_ready(e);
	}
	if (goodbye && !notice_count && !ready_count && !stage.data_left && stage_room() >= 128) {
		frame(FRAME_GOODBYE, 0, 0);
		goodbye = false;
	}
}

static void data_written(void) {
	struct exec *e = exec_find(stage.data_number);
	if (!e) return; /* released while it was under way */
	e->out[stage.data_stream].sent += stage.data_length;
	frames_ready(e);
}

static void advance(size_t n) {
	size_t staged = stage.length - stage.written;
	size_t of_stage = n < staged ? n : staged;
	stage.written += of_stage;
	n -= of_stage;
	if (stage.data_left && n > 0) {
		stage.data_left -= (uint32_t)n;
		for (int i = 0; i < 2; i++) {
			size_t part = n < stage.data[i].iov_len ? n : stage.data[i].iov_len;
			stage.data[i].iov_base = (uint8_t *)stage.data[i].iov_base + part;
			stage.data[i].iov_len -= part;
			n -= part;
		}
		if (stage.data_left == 0) data_written();
	}
	if (stage.written == stage.length && stage.data_left == 0) stage.written = stage.length = 0;
}

void frames_flush(void) {
	stage.blocked = false;
	if (stage.broken) return;
	for (int round = 0; round < ROUNDS; round++) {
		if (stage.length == 0 && stage.data_left == 0) make_frames();
		if (stage.length == 0 && stage.data_left == 0) return;
		struct iovec v[3] = {{stage.bytes + stage.written, stage.length - stage.written}, stage.data[0], stage.data[1]};
		ssize_t n;
		if (!stage.data_left) n = write(1, v[0].iov_base, v[0].iov_len);
		else n = writev(1, v, 3);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) {
			stage.blocked = errno == EAGAIN;
			stage.broken = !stage.blocked;
			return;
		}
		advance((size_t)n);
	}
}

bool frames_blocked(void) { return stage.blocked; }

bool frames_waiting(void) {
	if (stage.broken) return false;
	if (stage.length || stage.data_left || greeting != GREETED) return true;
	return attached && (ready_count || notice_count || complaint.count || goodbye);
}

/* A new host. Whatever was half written stays half written: the host looks for the hello. */
void frames_attach(const uint8_t *nonce, uint32_t version) {
	stage.length = stage.written = stage.data_left = 0;
	stage.broken = false;
	memcpy(greeting_nonce, nonce, 16);
	greeting_version = version;
	greeting = GREET_HELLO;
	notice_first = notice_count = 0;
	complaint.count = 0;
	while (ready_count) {
		ready[ready_first]->queued = false;
		ready_first = (ready_first + 1) % MAX_EXECS;
		ready_count--;
	}
	for (int i = 0; i < live_count; i++) live[i]->resumed = false;
	attached = true;
}

static void notice(enum notice_kind kind, uint32_t number, uint32_t first, uint32_t second, uint32_t type) {
	if (notice_count == NOTICES) {
		tell_complaint(COMPLAINT_TOO_MANY_REQUESTS, number, type);
		return;
	}
	notices[(notice_first + notice_count++) % NOTICES] = (struct notice){kind, number, first, second};
}

void tell_reply(uint32_t token, uint32_t error, uint32_t detail) { notice(NOTICE_REPLY, token, error, detail, FRAME_SIGNAL); }
void tell_pong(uint32_t token) { notice(NOTICE_PONG, token, 0, 0, FRAME_PING); }
void tell_refusal(uint32_t number, enum spawn_stage stage_, int error) {
	notice(NOTICE_REFUSAL, number, stage_, (uint32_t)error, FRAME_SPAWN_PART);
}

void tell_complaint(enum complaint code, uint32_t number, uint32_t type) {
	complaint.code = code;
	complaint.number = number;
	complaint.type = type;
	complaint.count++;
}

void tell_goodbye(void) { goodbye = true; }
