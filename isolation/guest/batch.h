/* Calls that need not wait for one another's results, made together where the kernel can. */
#ifndef ATOLL_BATCH_H
#define ATOLL_BATCH_H
#include <stdbool.h>
#include <stdint.h>

#define BATCH_MOST 512u

struct batch_call {
	uint32_t call, from; /* one more than the index of the call whose result is the first argument, or 0 */
	uint64_t a[4];
	int64_t result; /* -errno; -ECANCELED when the call of `from` has failed */
};

struct batch {
	unsigned count;
	struct batch_call calls[BATCH_MOST];
};

unsigned batch_add(struct batch *b, long call, const uint64_t a[4], unsigned from); /* what `from` of later ones says */
bool batch_is_known(void); /* whether calls made together are one, as far as we know */
void batch_make(struct batch *b); /* touches no errno: also for a process that shares our memory */

#define CALL(...) ((const uint64_t[4]){__VA_ARGS__})
#define ADDRESS(p) ((uint64_t)(uintptr_t)(p))

#endif
