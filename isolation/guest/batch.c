/*
 * Several system calls in one. To call gVisor takes some 20 us whatever the call does, and what makes a small file or sets up a
 * process takes far less. So the runsc that Atoll builds has a system call that makes many (docs/decisions/0013); any other kernel
 * does not know it and gets the same calls one by one.
 */
#include <errno.h>

#include "batch.h"
#include "raw.h"

#define SYS_atoll_batch 1901

static volatile bool unknown; /* this kernel has no such call */

static void make_alone(struct batch *b, unsigned at) {
	struct batch_call *c = &b->calls[at];
	if (c->from > 0) {
		int64_t earlier = b->calls[c->from - 1].result;
		if (earlier < 0) {
			c->result = -ECANCELED;
			return;
		}
		c->a[0] = (uint64_t)earlier;
		c->from = 0;
	}
	c->result = raw4((long)c->call, (long)c->a[0], (long)c->a[1], (long)c->a[2], (long)c->a[3]);
}

unsigned batch_add(struct batch *b, long call, const uint64_t a[4], unsigned from) {
	b->calls[b->count] = (struct batch_call){.call = (uint32_t)call, .from = from, .a = {a[0], a[1], a[2], a[3]}};
	return ++b->count;
}

bool batch_is_known(void) { return !unknown; }

void batch_make(struct batch *b) {
	unsigned at = 0;
	if (!unknown && b->count > 0) {
		long n = raw2(SYS_atoll_batch, b->calls, b->count);
		if (n > 0) at = (unsigned)n; /* a signal may have come in between */
		else if (n == -ENOSYS) unknown = true;
	}
	for (; at < b->count; at++) make_alone(b, at);
}
