/* See maps_model.h. */
#define _GNU_SOURCE
#include "maps_model.h"

#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

const struct kind_facts of[KINDS] = {
	{"nothing", 0, 0},     {"anon", 0, 7}, {"shared anon", 1, 7}, {"image", 0, 7},	{"shared image", 1, 5},
	{"stable file", 0, 7}, {"file", 0, 7}, {"shared file", 1, 7}, {"victim", 0, 7}, {"shared victim", 1, 5},
};

uint64_t seed;
struct page pages[PAGES];
char *arena;
const char *first_seed;
long operation, accesses, faults;
int strict, child;
uint64_t changing[FILE_PAGES], victim[FILE_PAGES], image[IMAGE_PAGES * WORDS], lower[FILE_PAGES * WORDS];
int changing_pages, image_pages, lower_pages;
static uint32_t tokens;

uint32_t any(uint32_t below) {
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 16) % below);
}

void differ(const char *format, ...) {
	char what[300];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(what, sizeof what, format, arguments);
	va_end(arguments);
	dprintf(STDOUT_FILENO, "seed %s, operation %ld%s: %s\n", first_seed, operation, child ? ", in a child" : "", what);
	_exit(1);
}

uint64_t new_token(enum kind kind, int at) {
	return (uint64_t)++tokens << 32 | (uint64_t)at << 16 | (uint64_t)kind << 8 | RETURN;
}

int end_of(enum kind kind) {
	switch (kind) {
	case IMAGE:
	case SHARED_IMAGE:
		return image_pages;
	case STABLE:
		return FILE_PAGES;
	case CHANGING:
	case SHARED_CHANGING:
		return changing_pages;
	case VICTIM:
	case SHARED_VICTIM:
		return lower_pages;
	default:
		return INT_MAX;
	}
}

int content(const struct page *p, uint64_t *token, const uint64_t **below) {
	size_t words = (size_t)p->at * WORDS;
	*token = p->token;
	*below = NULL;
	switch (p->kind) {
	case IMAGE:
	case SHARED_IMAGE:
		*below = &image[words];
		return 1;
	case STABLE:
		*token = p->token != 0 ? p->token : stable_token(p->at);
		return 1;
	case SHARED_CHANGING:
		*token = changing[p->at];
		return 1;
	case SHARED_VICTIM:
		*token = victim[p->at];
		*below = &lower[words];
		return 1;
	case VICTIM:
		*below = &lower[words];
		return p->token != 0;
	case CHANGING: /* a private page that was not written may be of now or of an earlier moment */
		return p->token != 0;
	default:
		return 1;
	}
}

int expected(const struct page *p, enum access how) {
	static const int needed[] = {PROT_READ | PROT_WRITE | PROT_EXEC, PROT_WRITE, PROT_EXEC};
	if ((p->protection & needed[how]) == 0) {
		return SIGSEGV;
	}
	return p->at >= end_of(p->kind) ? SIGBUS : 0;
}

uint64_t stable_token(int at) { return (uint64_t)at << 16 | STABLE << 8 | RETURN; }

char *page_at(int i) { return arena + (size_t)i * PAGE; }

static void try(enum access how, int i, unsigned word, uint64_t *value) {
	static const char *const names[] = {"read", "write", "call"};
	const struct page *p = &pages[i];
	int want = expected(p, how), got = touch(how, page_at(i) + (size_t)word * 8, value);
	accesses++;
	faults += got != 0;
	if (got != want) {
		differ("page %d, %s with rights %d, page %d of it: %s gives signal %d, not %d", i, of[p->kind].name, p->protection, p->at,
		       names[how], got, want);
	}
}

static void check_word(int i, unsigned word, int known, uint64_t token, uint64_t below) {
	const struct page *p = &pages[i];
	uint64_t got = 0, want = token != 0 && (word == 0 || word == WORDS - 1) ? token : below;
	try(READ, i, word, &got);
	if (got != want && (known || ((got >> 8 & 0xff) != (p->kind == VICTIM ? VICTIM : CHANGING) || (got >> 16 & 0xffff) != (uint64_t)p->at))) {
		differ("page %d, %s with rights %d, page %d of it: word %u is %lx, not %lx", i, of[p->kind].name, p->protection, p->at, word,
		       got, want);
	}
}

void set_token(struct page *p, uint64_t token) {
	if (p->kind == SHARED_CHANGING) {
		changing[p->at] = token;
	} else {
		p->token = token;
	}
}

int is_sure_to_write(const struct page *p) {
	int same = p->protection == PROT_NONE || (p->protection & PROT_WRITE) || of[p->kind].shared || !(p->forked || p->kind >= IMAGE);
	return strict || (same && p->at < end_of(p->kind));
}

void check(int i) {
	struct page *p = &pages[i];
	int able = expected(p, READ) == 0;
	if (child && (of[p->kind].shared || p->kind == CHANGING || p->kind == VICTIM) && p->protection != 0) {
		return; /* the parent may be changing it */
	}
	if (!strict && p->at >= end_of(p->kind) && p->kind != STABLE && p->kind != CHANGING && p->kind != SHARED_CHANGING) {
		return;
	}
	if (able) {
		uint64_t token;
		const uint64_t *below;
		int known = content(p, &token, &below);
		unsigned middle = 2 + any(WORDS - 3);
		check_word(i, 0, known, token, below ? below[0] : 0);
		check_word(i, middle, 1, 0, below ? below[middle] : 0);
		check_word(i, WORDS - 1, known, token, below ? below[WORDS - 1] : 0);
		if (known && token != 0 && any(6) == 0) {
			try(RUN, i, 0, &token);
		}
	} else {
		uint64_t none = 0;
		try(READ, i, any(WORDS), &none);
	}
	if (expected(p, RUN) == SIGSEGV && expected(p, READ) != SIGBUS && any(12) == 0) {
		uint64_t none = 0;
		try(RUN, i, 0, &none);
	}
	if (any(3) == 0 && is_sure_to_write(p)) {
		uint64_t token = new_token(p->kind == SHARED_CHANGING ? CHANGING : p->kind, p->at);
		try(WRITE, i, 0, &token);
		if (expected(p, WRITE) == 0) {
			try(WRITE, i, WORDS - 1, &token);
			set_token(p, token);
		}
	}
}
