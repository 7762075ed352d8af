/* The table of execs: one slot for each process that the host asked for and has not released. */
#include <string.h>
#include <unistd.h>

#include "atoll.h"

#define BUCKETS 1024

static struct exec execs[MAX_EXECS];
static int slots; /* slots from here on were never used: looking at them would only touch their memory */
static int16_t buckets[BUCKETS]; /* slot plus one of the first in the bucket; 0 is none */
static uint64_t releases;

/* A bit for each of the last NUMBER_WINDOW numbers: set once a process was asked for under it. */
static uint8_t used[NUMBER_WINDOW / 8];
static uint32_t highest_used;

/* Zero pages until a process writes more than the pipe holds; see rings_forget. */
static uint8_t output_rings[MAX_EXECS][2][OUTPUT_WINDOW] __attribute__((aligned(4096)));
static uint8_t input_rings[MAX_EXECS][INPUT_WINDOW] __attribute__((aligned(4096)));

struct exec *live[MAX_EXECS];
int live_count;

struct exec *exec_find(uint32_t number) {
	for (int i = buckets[number % BUCKETS]; i > 0; i = execs[i - 1].next_in_bucket)
		if (execs[i - 1].number == number) return &execs[i - 1];
	return NULL;
}

struct exec *exec_of_pid(pid_t pid) {
	for (int i = 0; i < live_count; i++)
		if (live[i]->pid == pid) return live[i];
	return NULL;
}

struct exec *exec_at(int slot) {
	if (slot >= slots) return NULL;
	struct exec *e = &execs[slot];
	return e->state == STATE_FREE || e->state == STATE_DRAINING ? NULL : e;
}

bool number_was_used(uint32_t number) {
	if (number > highest_used) return false;
	if (highest_used - number >= NUMBER_WINDOW) return true;
	uint32_t bit = number % NUMBER_WINDOW;
	return used[bit / 8] & 1u << bit % 8;
}

static void mark_used(uint32_t number) {
	if (number > highest_used) {
		uint32_t step = number - highest_used;
		if (step >= NUMBER_WINDOW) memset(used, 0, sizeof used);
		else
			for (uint32_t n = highest_used + 1; n <= number; n++) used[n % NUMBER_WINDOW / 8] &= (uint8_t)~(1u << n % 8);
		highest_used = number;
	}
	used[number % NUMBER_WINDOW / 8] |= (uint8_t)(1u << number % 8);
}

static void exec_free(struct exec *e) {
	struct exec *last = live[--live_count];
	live[e->live_at] = last;
	last->live_at = e->live_at;
	rings_forget(e);
	e->state = STATE_FREE;
	e->pid = e->session = 0;
}

static void close_outputs(struct exec *e) {
	for (int s = 0; s < 2; s++) {
		if (e->out[s].fd >= 0) close(e->out[s].fd);
		e->out[s].fd = -1;
	}
}

/* Left-over processes of released execs hold their slots only as long as nobody needs them. */
static struct exec *evict_draining(void) {
	struct exec *oldest = NULL;
	for (int i = 0; i < live_count; i++)
		if (live[i]->state == STATE_DRAINING && (!oldest || live[i]->released_at < oldest->released_at)) oldest = live[i];
	if (oldest) {
		close_outputs(oldest);
		exec_free(oldest);
	}
	return oldest;
}

static struct exec *free_slot(void) {
	if (live_count == MAX_EXECS) return evict_draining();
	for (int i = 0; i < slots; i++)
		if (execs[i].state == STATE_FREE) return &execs[i];
	return &execs[slots++];
}

struct exec *exec_new(uint32_t number) {
	struct exec *e = free_slot();
	if (!e) return NULL;
	size_t slot = (size_t)(e - execs);
	uint32_t touched[3] = {e->out[0].ring.touched, e->out[1].ring.touched, e->in.ring.touched};
	memset(e, 0, sizeof *e);
	for (int s = 0; s < 2; s++) {
		e->out[s].fd = -1;
		e->out[s].ring = (struct ring){.bytes = output_rings[slot][s], .touched = touched[s]};
	}
	e->in.fd = -1;
	e->in.ring = (struct ring){.bytes = input_rings[slot], .touched = touched[2]};
	e->number = number;
	e->state = STATE_STARTING;
	e->resumed = true;
	e->next_in_bucket = buckets[number % BUCKETS];
	buckets[number % BUCKETS] = (int16_t)(slot + 1);
	e->live_at = (int16_t)live_count;
	live[live_count++] = e;
	mark_used(number);
	return e;
}

static void unlink_number(struct exec *e) {
	int16_t *at = &buckets[e->number % BUCKETS];
	while (*at != e - execs + 1) at = &execs[*at - 1].next_in_bucket;
	*at = e->next_in_bucket;
}

/*
 * The host is done with it. Processes that the leader left behind may still hold the pipes: closing them would kill a
 * background server at its next line of log, so what they write is read and thrown away.
 */
void exec_release(struct exec *e) {
	unlink_number(e);
	frames_unready(e);
	e->state = STATE_DRAINING;
	e->tell = 0;
	e->settling = false;
	tree_leave(e->tree);
	e->tree = NULL;
	input_shut(e);
	e->released_at = ++releases;
	for (int s = 0; s < 2; s++) e->out[s].base = e->out[s].sent = e->out[s].end;
	exec_closed_output(e);
}

/* A draining exec whose last pipe has closed is no more. */
void exec_closed_output(struct exec *e) {
	if (e->state == STATE_DRAINING && e->out[0].fd < 0 && e->out[1].fd < 0) exec_free(e);
}

void exec_tell(struct exec *e, unsigned what) {
	if (e->state == STATE_DRAINING) return;
	e->tell |= what;
	frames_ready(e);
}

/* After an attach everything is told again: the host that was told before may be dead. */
void exec_retell_all(struct exec *e) {
	unsigned what = 0;
	if (e->state == STATE_RUNNING || e->state == STATE_EXITED) what |= TELL_STARTED;
	if (e->state == STATE_FAILED) what |= TELL_FAILED;
	if (e->state == STATE_EXITED && !e->settling) what |= TELL_EXIT;
	if (e->in.piped && e->state != STATE_STARTING) what |= e->in.fd >= 0 ? TELL_CREDIT : TELL_INPUT_CLOSED;
	for (int s = 0; s < 2; s++)
		if (e->out[s].closed) what |= TELL_CLOSED(s);
	e->tell = what;
	frames_ready(e);
}
