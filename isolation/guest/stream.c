/*
 * The pipes of processes: output into rings until the host has acknowledged it, input through rings until the process has
 * taken it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "atoll.h"
#include "wire.h"

/* Memory of all output rings together beyond which a stream gets no more than the small window. */
#define TOUCHED_BUDGET (64u * 1024 * 1024)
#define SMALL_WINDOW (16u * 1024)

/* More than a terminal holds: gVisor's 4 + 128 KiB, Linux's 64. */
#define TERMINAL_HOLDS (256u * 1024)

/* A slot keeps this much touched memory for its next exec rather than paying for fresh pages. */
#define KEEP_TOUCHED (16u * 1024)

/* What one turn takes from a pipe at most, and the size of a pipe that has been full: each wake-up costs as much as copying 20 KiB. */
#define READ_BYTES (256u * 1024)
#define FLOODED_PIPE_BYTES (512 * 1024)
#define USUAL_PIPE_BYTES 65536

static uint64_t touched_total;
static uint8_t scratch[65536];

/* The memory of `length` bytes at `offset` in at most two pieces; returns their number. */
static int ring_pieces(struct ring *r, uint32_t size, uint64_t offset, uint32_t length, struct iovec v[2]) {
	uint32_t at = (uint32_t)(offset - r->origin) & (size - 1);
	uint32_t first = length < size - at ? length : size - at;
	v[0] = (struct iovec){r->bytes + at, first};
	v[1] = (struct iovec){r->bytes, length - first};
	return length > first ? 2 : 1;
}

static uint32_t ring_touch(struct ring *r, uint32_t size, uint64_t offset, uint32_t length) {
	uint32_t at = (uint32_t)(offset - r->origin) & (size - 1);
	uint32_t reach = at + length > size ? size : at + length;
	uint32_t more = reach > r->touched ? reach - r->touched : 0;
	r->touched += more;
	return more;
}

static void ring_drop_pages(struct ring *r, uint32_t size) {
	madvise(r->bytes, size, MADV_DONTNEED);
	r->touched = 0;
}

static void output_drop_pages(struct output *o) {
	touched_total -= o->ring.touched;
	ring_drop_pages(&o->ring, OUTPUT_WINDOW);
}

/* Over budget: rings that are empty but were full once give their pages back. */
static void trim_empty_rings(void) {
	for (int i = 0; i < live_count; i++)
		for (int s = 0; s < 2; s++) {
			struct output *o = &live[i]->out[s];
			if (o->base == o->end && o->ring.touched) output_drop_pages(o);
		}
}

void rings_forget(struct exec *e) {
	for (int s = 0; s < 2; s++)
		if (e->out[s].ring.touched > KEEP_TOUCHED) output_drop_pages(&e->out[s]);
	if (e->in.ring.touched > KEEP_TOUCHED) ring_drop_pages(&e->in.ring, INPUT_WINDOW);
}

uint32_t output_room(const struct output *o) {
	uint32_t held = (uint32_t)(o->end - o->base);
	uint32_t window = touched_total > TOUCHED_BUDGET ? SMALL_WINDOW : OUTPUT_WINDOW;
	return held < window ? window - held : 0;
}

/* Everything the leader wrote has been read, as far as a terminal can tell. */
static void output_settled(struct exec *e) {
	e->settling = false;
	output_settle(e);
	exec_tell(e, TELL_EXIT);
}

/* A process whose end is awaited is ending, as a rule: that wakes the host once, and its lane tells it otherwise. */
static void tell_closed(struct exec *e, int s) {
	if (e->lane && e->lane->left_until) e->tell |= TELL_CLOSED(s);
	else exec_tell(e, TELL_CLOSED(s));
}

/* Nobody will ever write to it again. */
void output_close(struct exec *e, int s) {
	close_later(e->out[s].fd);
	e->out[s].fd = -1;
	e->out[s].closed = true;
	tell_closed(e, s);
	if (e->settling) output_settled(e);
	exec_closed_output(e);
}

/* One read per turn of the loop, so that no exec starves another. */
void output_read(struct exec *e, int s) {
	struct output *o = &e->out[s];
	struct iovec v[2] = {{scratch, sizeof scratch}};
	int pieces = 1;
	if (e->state != STATE_DRAINING) {
		uint32_t room = output_room(o);
		if (room == 0) return;
		if (room > READ_BYTES) room = READ_BYTES;
		if (o->base == o->end) o->ring.origin = o->end;
		pieces = ring_pieces(&o->ring, OUTPUT_WINDOW, o->end, room, v);
	}
	ssize_t n = pieces == 1 ? read(o->fd, v[0].iov_base, v[0].iov_len) : readv(o->fd, v, pieces);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		if (e->settling && errno == EAGAIN) output_settled(e);
		return;
	}
	if (n <= 0) {
		output_close(e, s);
		return;
	}
	if (e->state == STATE_DRAINING) return;
	if (n >= USUAL_PIPE_BYTES && !o->flooded) {
		o->flooded = true;
		fcntl(o->fd, F_SETPIPE_SZ, FLOODED_PIPE_BYTES);
	}
	touched_total += ring_touch(&o->ring, OUTPUT_WINDOW, o->end, (uint32_t)n);
	o->end += (uint64_t)n;
	if (touched_total > TOUCHED_BUDGET) trim_empty_rings();
	exec_tell(e, 0);
	if (e->settling && o->end >= e->settle_by) output_settled(e);
}

/*
 * The leader has ended. A pipe tells what it holds; a terminal tells of a part only, so it is read until there is nothing, which
 * may have to wait for the host to take what was read; who goes on writing to it holds up nobody longer than its buffers last.
 */
void output_drain(struct exec *e) {
	struct output *o = &e->out[0];
	if (!e->terminal || o->fd < 0) {
		output_settled(e);
		/* So that its last words go with its end. */
		for (int s = 0; s < 2; s++)
			if (e->out[s].fd >= 0 && e->settled[s] > e->out[s].end) output_read(e, s);
		return;
	}
	e->settling = true;
	e->settle_by = o->end + TERMINAL_HOLDS;
	while (e->settling && o->fd >= 0 && output_room(o) > 0) output_read(e, 0);
}

/* False if the offset was never sent. Bytes under way count as not sent: their memory must stay. */
bool output_acknowledge(struct output *o, uint64_t offset) {
	if (offset > o->sent) return false;
	if (offset > o->base) o->base = offset;
	return true;
}

/* At the leader's end: everything it wrote has been read or lies in the pipe now. */
void output_settle(struct exec *e) {
	for (int s = 0; s < 2; s++) {
		int waiting = 0;
		if (e->out[s].fd >= 0 && ioctl(e->out[s].fd, FIONREAD, &waiting) < 0) waiting = 0;
		e->settled[s] = e->out[s].end + (uint64_t)(waiting > 0 ? waiting : 0);
	}
}

void input_shut(struct exec *e) {
	if (e->in.fd < 0) return;
	close(e->in.fd);
	e->in.fd = -1;
	e->in.tail = false;
	e->in.written = e->in.accepted;
	exec_tell(e, TELL_INPUT_CLOSED);
}

static void input_finish(struct exec *e) {
	e->in.tail = e->terminal && !terminal_end_input(e);
	if (!e->in.tail) input_shut(e);
}

static void input_progress(struct exec *e) {
	struct input *in = &e->in;
	if (in->written == in->accepted && in->closing && in->accepted >= in->close_at) input_finish(e);
	else exec_tell(e, TELL_CREDIT);
}

/* False when the process takes no more now, or never will. */
static bool input_push(struct exec *e, const struct iovec *v, int pieces, uint32_t *done) {
	ssize_t n = writev(e->in.fd, v, pieces);
	*done = n > 0 ? (uint32_t)n : 0;
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		input_shut(e);
		return false;
	}
	e->in.written += *done;
	return true;
}

/* Writes what is held; called when the pipe has room. */
void input_write(struct exec *e) {
	struct input *in = &e->in;
	uint32_t held = (uint32_t)(in->accepted - in->written), done;
	struct iovec v[2];
	if (held == 0 && in->tail) input_finish(e);
	if (held == 0 || in->fd < 0) return;
	int pieces = ring_pieces(&in->ring, INPUT_WINDOW, in->written, held, v);
	if (input_push(e, v, pieces, &done) && done > 0) input_progress(e);
}

static void input_keep(struct input *in, const uint8_t *bytes, uint32_t length) {
	struct iovec v[2];
	if (length == 0) return;
	if (in->written == in->accepted) in->ring.origin = in->accepted;
	ring_pieces(&in->ring, INPUT_WINDOW, in->accepted, length, v);
	ring_touch(&in->ring, INPUT_WINDOW, in->accepted, length);
	memcpy(v[0].iov_base, bytes, v[0].iov_len);
	memcpy(v[1].iov_base, bytes + v[0].iov_len, v[1].iov_len);
	in->accepted += length;
}

void input_take(struct exec *e, uint64_t offset, const uint8_t *bytes, uint32_t length) {
	struct input *in = &e->in;
	if (in->fd < 0) return; /* told already */
	if (offset > in->accepted || length > in->written + INPUT_WINDOW - offset) {
		tell_complaint(COMPLAINT_INPUT_OFFSET, e->number, FRAME_INPUT);
		return;
	}
	uint64_t known = in->accepted - offset;
	if (known >= length) return; /* a retry */
	bytes += known;
	length -= (uint32_t)known;
	if (in->closing && in->accepted + length > in->close_at) return;
	in->unfinished = bytes[length - 1] != '\n' && bytes[length - 1] != '\r';
	uint32_t done = 0;
	if (in->written == in->accepted) {
		struct iovec v = {(void *)(uintptr_t)bytes, length};
		in->accepted += length; /* so that an EPIPE counts them as taken */
		bool open = input_push(e, &v, 1, &done);
		if (!open) return;
		in->accepted = in->written;
	}
	input_keep(in, bytes + done, length - done);
	if (done > 0) input_progress(e);
}

void input_close_at(struct exec *e, uint64_t offset) {
	struct input *in = &e->in;
	if (in->fd < 0 || in->closing) return;
	in->closing = true;
	in->close_at = offset > in->accepted ? offset : in->accepted;
	if (in->written == in->accepted && in->accepted >= in->close_at) input_finish(e);
}
