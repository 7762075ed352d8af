/* See maps_touch.h. Each other thread also changes pages of its own while it waits, so that two are in the kernel at once. */
#define _GNU_SOURCE
#include "maps_touch.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MOST_THREADS 8
#define OWN_PAGES 6
#define STACK (64 * 1024)
#define SPINS 3000 /* before a thread that waits lets others have the processor */

struct toucher {
	_Atomic int busy;
	_Atomic uint64_t rounds;
	enum access how;
	void *at;
	uint64_t value;
	int outcome;
	uint64_t seed;
	uint64_t expected[OWN_PAGES];
};

int threads;
static struct toucher touchers[MOST_THREADS];
static struct toucher *hammering;
static char stacks[MOST_THREADS][STACK] __attribute__((aligned(PAGE)));
static char own[MOST_THREADS][OWN_PAGES * PAGE] __attribute__((aligned(PAGE)));
static __thread sigjmp_buf landing;
static __thread volatile int armed;
static __thread void *volatile faulted;

static void on_fault(int signal, siginfo_t *info, void *context) {
	(void)context;
	if (!armed) {
		differ("signal %d at %p, where nothing of the kind was tried", signal, info->si_addr);
	}
	armed = 0;
	faulted = info->si_addr;
	siglongjmp(landing, signal);
}

static int touch_here(enum access how, void *at, uint64_t *value, _Atomic uint64_t *rounds) {
	int signal = sigsetjmp(landing, 0);
	if (signal != 0) {
		if (faulted != at) {
			differ("signal %d says %p, not %p", signal, faulted, at);
		}
		return signal;
	}
	armed = 1;
	switch (how) {
	case READ:
		*value = *(volatile uint64_t *)at;
		break;
	case WRITE:
		*(volatile uint64_t *)at = *value;
		break;
	case RUN:
		((void (*)(void))at)();
		break;
	case HAMMER:
		for (;;) {
			++*(volatile uint64_t *)at;
			atomic_fetch_add_explicit(rounds, 1, memory_order_relaxed);
		}
	}
	armed = 0;
	return 0;
}

static uint32_t own_any(struct toucher *t, uint32_t below) {
	t->seed = t->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((t->seed >> 33) % below);
}

/* Something with a page that no other thread knows of. */
static void change_own(struct toucher *t, char *pages) {
	unsigned i = own_any(t, OWN_PAGES);
	char *page = pages + (size_t)i * PAGE;
	uint64_t value = 0;
	if (touch_here(READ, page, &value, NULL) != 0 || value != t->expected[i]) {
		differ("a thread's own page has %lx, not %lx", value, t->expected[i]);
	}
	t->expected[i] = value = t->seed;
	if (touch_here(WRITE, page, &value, NULL) != 0) {
		differ("a thread's own page cannot be written");
	}
	int failed = 0;
	switch (own_any(t, 6)) {
	case 0:
		failed = madvise(page, PAGE, MADV_DONTNEED);
		t->expected[i] = 0;
		break;
	case 1:
		failed = mprotect(page, PAGE, PROT_READ);
		if (touch_here(WRITE, page, &value, NULL) != SIGSEGV) {
			differ("a thread's own page can be written although it is read-only");
		}
		failed |= mprotect(page, PAGE, PROT_READ | PROT_WRITE);
		break;
	case 2:
		failed = munmap(page, PAGE);
		if (touch_here(READ, page, &value, NULL) != SIGSEGV) {
			differ("a thread's own page is there although it was unmapped");
		}
		failed |= mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != page;
		t->expected[i] = 0;
		break;
	}
	if (failed) {
		differ("a thread cannot change its own page: %m");
	}
}

static void *touch_for_others(void *argument) {
	struct toucher *t = argument;
	char *pages = own[t - touchers];
	const struct timespec rest = {.tv_nsec = 50000};
	for (;;) {
		unsigned spins = 0;
		while (atomic_load(&t->busy) == 0) {
			if (++spins > SPINS) {
				spins = 0;
				if (own_any(t, 3) == 0) {
					change_own(t, pages);
				}
				nanosleep(&rest, NULL); /* another's turn, and there may be few processors */
			}
		}
		t->outcome = touch_here(t->how, t->at, &t->value, &t->rounds);
		atomic_store(&t->busy, 0);
	}
	return NULL;
}

static void ask(struct toucher *t, enum access how, void *at, uint64_t value) {
	t->how = how;
	t->at = at;
	t->value = value;
	atomic_store(&t->rounds, 0);
	atomic_store(&t->busy, 1);
}

static int answer(struct toucher *t) {
	for (unsigned spins = 0; atomic_load(&t->busy) != 0;) {
		if (++spins > SPINS) {
			spins = 0;
			sched_yield();
		}
	}
	return t->outcome;
}

int touch(enum access how, void *at, uint64_t *value) {
	uint32_t by = any((uint32_t)threads + 1);
	if (by == (uint32_t)threads || hammering == &touchers[by]) {
		return touch_here(how, at, value, NULL);
	}
	struct toucher *t = &touchers[by];
	ask(t, how, at, *value);
	int outcome = answer(t);
	*value = t->value;
	return outcome;
}

void start_hammering(void *page) {
	hammering = &touchers[any((uint32_t)threads)];
	ask(hammering, HAMMER, (uint64_t *)page + HAMMERED, 0);
	while (atomic_load(&hammering->rounds) < 10 && atomic_load(&hammering->busy) != 0) {
		sched_yield();
	}
}

int end_hammering(void) {
	int outcome = answer(hammering);
	hammering = NULL;
	return outcome;
}

void start_touching(int count) {
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	threads = count > MOST_THREADS ? MOST_THREADS : count;
	for (int i = 0; i < threads; i++) {
		pthread_attr_t attributes;
		pthread_t thread;
		touchers[i].seed = seed + (uint64_t)i;
		if (pthread_attr_init(&attributes) != 0 || pthread_attr_setstack(&attributes, stacks[i], STACK) != 0 ||
		    pthread_create(&thread, &attributes, touch_for_others, &touchers[i]) != 0) {
			differ("no thread");
		}
	}
}
