/* Frames from the host. Every byte may be wrong: what makes no sense is dropped and complained about, never acted on in part. */
#include <errno.h>
#include <unistd.h>

#include <sys/syscall.h>

#include "atoll.h"
#include "wire.h"

#define MAX_PAYLOAD (MAX_HOST_FRAME_BYTES - HEADER_BYTES)

static uint8_t buffer[65536];
static size_t have;
static bool stalled, ended;

static const uint8_t *body;
static uint32_t length, number;

static bool known_length(uint32_t wanted, uint32_t type) {
	if (length == wanted) return true;
	tell_complaint(COMPLAINT_BAD_FIELD, number, type);
	return false;
}

static struct exec *known_exec(uint32_t type) {
	struct exec *e = exec_find(number);
	if (!e) tell_complaint(COMPLAINT_UNKNOWN_EXEC, number, type);
	return e;
}

static void on_attach(void) {
	if (!known_length(24, FRAME_ATTACH)) return;
	uint32_t low = get16(body + 16), high = get16(body + 18);
	spawn_drop_parts();
	identity_drop_parts();
	uint32_t best = high < PROTOCOL_VERSION ? high : PROTOCOL_VERSION;
	frames_attach(body, low <= best && best >= OLDEST_VERSION ? best : 0);
}

static bool resume_at(struct output *o, uint64_t offset) {
	if (offset < o->base || offset > o->end) return false;
	return true;
}

static void on_resume(void) {
	struct exec *e;
	if (!known_length(16, FRAME_RESUME) || !(e = known_exec(FRAME_RESUME))) return;
	uint64_t offset[2] = {get64(body), get64(body + 8)};
	if (e->resumed || !resume_at(&e->out[0], offset[0]) || !resume_at(&e->out[1], offset[1])) {
		tell_complaint(COMPLAINT_RESUME_OFFSET, number, FRAME_RESUME);
		return;
	}
	e->resumed = true;
	for (int s = 0; s < 2; s++) e->out[s].base = e->out[s].sent = offset[s];
	exec_retell_all(e);
}

static void on_acknowledge(void) {
	struct exec *e;
	if (!known_length(16, FRAME_ACKNOWLEDGE) || !(e = exec_find(number))) return; /* released meanwhile */
	uint32_t s = get32(body);
	if (s > 1 || !output_acknowledge(&e->out[s], get64(body + 8))) tell_complaint(COMPLAINT_BAD_FIELD, number, FRAME_ACKNOWLEDGE);
}

static void on_release(void) {
	struct exec *e = exec_find(number);
	if (!known_length(0, FRAME_RELEASE) || !e) return; /* a repeated release is fine */
	if (e->state != STATE_EXITED && e->state != STATE_FAILED) {
		tell_complaint(COMPLAINT_NOT_ENDED, number, FRAME_RELEASE);
		return;
	}
	exec_release(e);
}

static void on_signal(void) {
	if (!known_length(12, FRAME_SIGNAL)) return;
	uint32_t token = get32(body), signo = get32(body + 4), scope = get32(body + 8);
	struct exec *e = exec_find(number);
	if (signo < 1 || signo > 64 || scope < SCOPE_PROCESS || scope > SCOPE_TREE) tell_reply(token, EINVAL, 0);
	else tell_reply(token, (uint32_t)(e ? signal_exec(e, (int)signo, (enum signal_scope)scope) : ESRCH), 0);
}

static void on_resize(void) {
	if (!known_length(8, FRAME_RESIZE)) return;
	uint16_t rows = get16(body + 4), columns = get16(body + 6);
	struct exec *e = exec_find(number);
	if (!rows || !columns) tell_reply(get32(body), EINVAL, 0);
	else tell_reply(get32(body), (uint32_t)(e ? terminal_resize(e, rows, columns) : ESRCH), 0);
}

static void on_input(void) {
	struct exec *e = exec_find(number);
	if (length < 9) tell_complaint(COMPLAINT_BAD_FIELD, number, FRAME_INPUT);
	else if (e) input_take(e, get64(body), body + 8, length - 8);
}

static void on_close_input(void) {
	struct exec *e = exec_find(number);
	if (known_length(8, FRAME_CLOSE_INPUT) && e) input_close_at(e, get64(body));
}

/* False: there is no room for it now, and it should be tried again. */
static bool dispatch(uint8_t type) {
	if (!attached && type != FRAME_ATTACH) {
		tell_complaint(COMPLAINT_NOT_ATTACHED, number, type);
		return true;
	}
	switch (type) {
	case FRAME_ATTACH: on_attach(); break;
	case FRAME_RESUME: on_resume(); break;
	case FRAME_SPAWN_PART: return spawn_part(number, body, length);
	case FRAME_INPUT: on_input(); break;
	case FRAME_CLOSE_INPUT: on_close_input(); break;
	case FRAME_ACKNOWLEDGE: on_acknowledge(); break;
	case FRAME_RELEASE: on_release(); break;
	case FRAME_SIGNAL: on_signal(); break;
	case FRAME_IDENTITY_PART: return identity_part(number, body, length);
	case FRAME_PING:
		if (known_length(0, FRAME_PING)) tell_pong(number);
		break;
	case FRAME_SHUTDOWN:
		if (known_length(4, FRAME_SHUTDOWN)) shutdown_begin(get32(body));
		break;
	case FRAME_RESIZE: on_resize(); break;
	default: tell_complaint(COMPLAINT_UNKNOWN_TYPE, number, type);
	}
	return true;
}

static bool is_header(const uint8_t *p) {
	return get32(p) == MAGIC && p[5] == 0 && p[6] == 0 && p[7] == 0 && get32(p + 12) <= MAX_PAYLOAD;
}

/* Handles whole frames and returns how many bytes they were; skips to the next magic number where there is none. */
static size_t handle(const uint8_t *p, size_t n) {
	size_t at = 0;
	bool lost = false;
	while (n - at >= HEADER_BYTES) {
		if (!is_header(p + at)) {
			lost = true;
			at++;
			continue;
		}
		length = get32(p + at + 12);
		if (n - at < HEADER_BYTES + length) break;
		number = get32(p + at + 8);
		body = p + at + HEADER_BYTES;
		if (!dispatch(p[at + 4])) {
			stalled = true;
			break;
		}
		at += HEADER_BYTES + length;
	}
	if (lost) tell_complaint(COMPLAINT_NOT_A_FRAME, 0, 0);
	return at;
}

static void handle_buffered(void) {
	size_t done = handle(buffer, have);
	memmove(buffer, buffer + done, have - done);
	have -= done;
}

void frames_feed(const uint8_t *bytes, size_t n) {
	while (n > 0) {
		size_t part = n < sizeof buffer - have ? n : sizeof buffer - have;
		memcpy(buffer + have, bytes, part);
		have += part;
		bytes += part;
		n -= part;
		handle_buffered();
		if (stalled) return;
	}
}

static const int64_t *asked; /* the outcome of a read that was made with the wait, until it is used */

void frames_ask(struct batch *b) {
	unsigned at = batch_add(b, SYS_read, CALL(0, ADDRESS(buffer + have), sizeof buffer - have, 0), 0);
	asked = &b->calls[at - 1].result;
}

bool frames_came(void) {
	if (*asked <= 0) asked = NULL;
	return asked != NULL;
}

void frames_read(void) {
	if (stalled) return;
	ssize_t n = asked ? *asked : read(0, buffer + have, sizeof buffer - have);
	asked = NULL;
	if (n == 0) ended = true; /* cannot be when the FIFO was opened for both ways */
	if (n <= 0) return;
	have += (size_t)n;
	handle_buffered();
}

bool frames_stalled(void) { return stalled; }
bool frames_ended(void) { return ended; }

/* A lane has become free: what waited for it is tried again. */
void frames_unstall(void) {
	if (!stalled) return;
	stalled = false;
	handle_buffered();
}
