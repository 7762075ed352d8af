/*
 * Calls on files, many at a time. To call gVisor takes some 20 us whatever the call does, and the calls that make a small file take
 * far less. So the runsc that Atoll builds has a system call that makes many (docs/decisions/0013); any other kernel does not know it
 * and gets the same calls one by one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files.h"

#define SYS_atoll_batch 1900

static bool unknown; /* this kernel has no such call */

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
	c->result = syscall((long)c->call, c->a[0], c->a[1], c->a[2], c->a[3]);
	if (c->result < 0) c->result = -errno;
}

unsigned batch_add(struct batch *b, long call, const uint64_t a[4], unsigned from) {
	b->calls[b->count] = (struct batch_call){.call = (uint32_t)call, .from = from, .a = {a[0], a[1], a[2], a[3]}};
	return ++b->count;
}

void batch_make(struct batch *b) {
	unsigned at = 0;
	if (!unknown && b->count > 0) {
		long n = syscall(SYS_atoll_batch, b->calls, b->count);
		if (n > 0) at = (unsigned)n; /* a signal may have come in between */
		else if (n < 0 && errno == ENOSYS) unknown = true;
	}
	for (; at < b->count; at++) make_alone(b, at);
}
