/* See maps_change.h. */
#define _GNU_SOURCE
#include "maps_change.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEAP_PAGES 300

int files[KINDS], verbose;
const char *victim_path;
int last_first, last_count;
static uint32_t maps;
static char *heap;
static uint64_t heap_tokens[HEAP_PAGES];
static int heap_pages, within_last;

void need(int condition, const char *what) {
	if (!condition) {
		differ("%s: %m", what);
	}
}

void say(const char *what, int first, int count, int more) {
	if (verbose) {
		dprintf(STDERR_FILENO, "%ld%s: %s %d+%d %d\n", operation, child ? "c" : "", what, first, count, more);
	}
}

static void range(int *first, int *count) {
	static const int most[] = {3, 8, 8, 17, 40, PAGES};
	if (within_last || (last_count > 0 && any(4) == 0)) {
		int skipped = (int)any((uint32_t)last_count);
		*first = last_first + skipped;
		*count = 1 + (int)any((uint32_t)(last_count - skipped));
		return;
	}
	*first = (int)any(PAGES);
	*count = 1 + (int)any((uint32_t)most[any(6)]);
	if (any(8) == 0 || *first + *count > PAGES) {
		*first = *first * 16 / PAGES * PAGES / 16; /* next to others more often */
	}
	if (*first + *count > PAGES) {
		*count = PAGES - *first;
	}
}

void forget(int first, int count) { memset(&pages[first], 0, (size_t)count * sizeof *pages); }

static int any_rights(enum kind kind) {
	static const int rights[] = {PROT_NONE, PROT_READ, PROT_READ, PROT_READ | PROT_EXEC, PROT_WRITE, PROT_READ | PROT_WRITE,
				     PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE | PROT_EXEC};
	return rights[any(sizeof rights / sizeof *rights)] & of[kind].most;
}

static void map_at(int first, int count, enum kind kind, int at, int rights) {
	int flags = MAP_FIXED | (of[kind].shared ? MAP_SHARED : MAP_PRIVATE) | (kind <= SHARED_ANON ? MAP_ANONYMOUS : 0) |
		    (any(8) == 0 ? MAP_POPULATE : 0);
	say(of[kind].name, first, count, rights);
	char *got = mmap(page_at(first), (size_t)count * PAGE, rights, flags, kind <= SHARED_ANON ? -1 : files[kind], (off_t)at * PAGE);
	need(got == page_at(first), "mmap");
	last_first = first;
	last_count = count;
	maps++;
	for (int i = 0; i < count; i++) {
		pages[first + i] = (struct page){.kind = kind, .protection = rights, .at = kind >= IMAGE ? at + i : 0, .map = maps};
	}
}

void map_some(void) {
	int first, count;
	range(&first, &count);
	enum kind kind = 1 + any(KINDS - 1);
	if (any(3) == 0 || files[kind] < 0 || (child && kind > STABLE)) {
		kind = ANON;
	}
	map_at(first, count, kind, kind >= IMAGE ? (int)any(kind <= SHARED_IMAGE ? IMAGE_PAGES : FILE_PAGES) : 0, any_rights(kind));
}

void unmap_some(void) {
	int first, count;
	range(&first, &count);
	say("munmap", first, count, 0);
	need(munmap(page_at(first), (size_t)count * PAGE) == 0, "munmap");
	forget(first, count);
}

void renumber(int first, int end) {
	for (int i = first; i < end;) {
		uint32_t was = pages[i].map;
		maps++;
		while (i < end && pages[i].map == was) {
			pages[i++].map = maps;
		}
	}
}

void protect_some(void) {
	int first, count, i, error = 0;
	range(&first, &count);
	int rights = any_rights(ANON);
	say("mprotect", first, count, rights);
	int failed = mprotect(page_at(first), (size_t)count * PAGE, rights) != 0 ? errno : 0;
	for (i = first; i < first + count && error == 0; i++) {
		if (pages[i].kind == NOTHING) {
			error = ENOMEM;
		} else if (rights & ~of[pages[i].kind].most) {
			error = EACCES;
		} else {
			pages[i].protection = rights;
		}
	}
	if (failed != error) {
		differ("mprotect of %d pages from %d gives %d, not %d", count, first, failed, error);
	}
	renumber(first, i - (error != 0));
}

void drop_some(void) {
	int first, count, gaps = 0;
	range(&first, &count);
	say("madvise", first, count, 0);
	int failed = madvise(page_at(first), (size_t)count * PAGE, MADV_DONTNEED) != 0 ? errno : 0;
	for (int i = first; i < first + count; i++) {
		gaps |= pages[i].kind == NOTHING;
		if (!of[pages[i].kind].shared) {
			pages[i].token = 0;
		}
	}
	if (failed != (gaps ? ENOMEM : 0)) {
		differ("madvise of %d pages from %d gives %d, with gaps: %d", count, first, failed, gaps);
	}
}

/* Finds pages that are surely of one mapping, to its known end if there is room for a choice. */
static int one_mapping(int *first, int *count) {
	int i = (int)any(PAGES), end = i;
	if (pages[i].kind == NOTHING) {
		return 0;
	}
	while (end < PAGES && pages[end].map == pages[i].map) {
		end++;
	}
	*first = i;
	*count = any(2) ? end - i : 1 + (int)any((uint32_t)(end - i));
	return 1;
}

static void grow(int from, int to, int count) {
	maps++;
	for (int i = 0; i < count; i++) {
		pages[to + i] = (struct page){.kind = pages[from].kind, .protection = pages[from].protection, .map = maps};
		pages[to + i].at = pages[from].kind >= IMAGE ? pages[from].at + 1 + i : 0;
	}
}

void move_some(void) {
	int first, count;
	if (!one_mapping(&first, &count)) {
		return;
	}
	int more = pages[first].kind == SHARED_ANON || any(2) ? 0 : (int)any(9), to = (int)any(PAGES);
	if (to + count + more > PAGES || (to < first + count && first < to + count + more)) {
		return;
	}
	say("mremap", first, count, to);
	need(any(2) || munmap(page_at(to), (size_t)(count + more) * PAGE) == 0, "munmap");
	void *got = mremap(page_at(first), (size_t)count * PAGE, (size_t)(count + more) * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page_at(to));
	need(got == page_at(to), "mremap");
	memcpy(&pages[to], &pages[first], (size_t)count * sizeof *pages);
	forget(first, count);
	renumber(to, to + count);
	grow(to + count - 1, to + count, more);
}

void resize_some(void) {
	int first, count, free = 0;
	if (!one_mapping(&first, &count)) {
		return;
	}
	if (any(2) && count > 1) {
		int rest = 1 + (int)any((uint32_t)count - 1);
		say("mremap shrinks", first, count, rest);
		need(mremap(page_at(first), (size_t)count * PAGE, (size_t)rest * PAGE, 0) == page_at(first), "mremap");
		forget(first + rest, count - rest);
		return;
	}
	int end = first + count, more = 1 + (int)any(9);
	if (end + more > PAGES || pages[first].kind == SHARED_ANON) {
		return;
	}
	while (free < more && pages[end + free].kind == NOTHING) {
		free++;
	}
	say("mremap grows", first, count, more);
	if ((mremap(page_at(first), (size_t)count * PAGE, (size_t)(count + more) * PAGE, 0) == page_at(first)) != (free == more)) {
		differ("growing %d pages from %d by %d, where %d are free: %m", count, first, more, free);
	}
	if (free == more) {
		grow(end - 1, end, more);
	}
}

void begin_heap(void) {
	heap = sbrk(0);
	heap += -(uintptr_t)heap & (PAGE - 1);
	need(brk(heap) == 0, "brk");
}

void change_heap(void) {
	int now = any(3) ? heap_pages + (int)any(7) - 3 : (int)any(HEAP_PAGES + 1);
	now = now < 0 ? 0 : now > HEAP_PAGES ? HEAP_PAGES : now;
	say("brk", heap_pages, now, 0);
	need(brk(heap + (size_t)now * PAGE) == 0, "brk");
	for (int i = now; i < HEAP_PAGES; i++) {
		heap_tokens[i] = 0;
	}
	heap_pages = now;
	for (int tries = 0; tries < 6; tries++) {
		int i = (int)any(any(2) ? HEAP_PAGES : (uint32_t)now + 1), want = i < now ? 0 : SIGSEGV;
		char *page = heap + (size_t)i * PAGE;
		uint64_t value = 0, fresh = new_token(ANON, i);
		if (i >= HEAP_PAGES) {
			continue;
		}
		if (touch(READ, page, &value) != want || (want == 0 && (value != heap_tokens[i] || touch(WRITE, page, &fresh) != 0))) {
			differ("page %d of a heap of %d has %lx, not %lx, or is there or not", i, now, value, heap_tokens[i]);
		}
		heap_tokens[i] = want == 0 ? fresh : 0;
	}
}

void change_file(void) {
	int at = (int)any(FILE_PAGES);
	if (any(4) == 0) {
		say("ftruncate", at, 0, 0);
		need(ftruncate(files[CHANGING], (off_t)at * PAGE) == 0, "ftruncate");
		changing_pages = at;
		memset(&changing[at], 0, (size_t)(FILE_PAGES - at) * sizeof *changing);
		for (int i = 0; i < PAGES; i++) {
			if (pages[i].kind == CHANGING && pages[i].at >= at) {
				pages[i].token = 0;
			}
		}
		return;
	}
	say("pwrite", at, 0, 0);
	uint64_t token = new_token(CHANGING, at);
	if (at >= changing_pages) {
		changing_pages = at + 1;
	}
	for (unsigned word = 0; word < WORDS; word += WORDS - 1) {
		need(pwrite(files[CHANGING], &token, 8, (off_t)at * PAGE + word * 8) == 8, "pwrite");
	}
	changing[at] = token;
}

void spoil_victim(void) {
	if (victim_path == NULL || any(3)) {
		return;
	}
	int at = (int)any((uint32_t)lower_pages), writer = open(victim_path, O_RDWR | O_CLOEXEC);
	uint64_t token = new_token(VICTIM, at);
	say("copy up", at, 0, 0);
	need(writer >= 0, victim_path);
	for (unsigned word = 0; word < WORDS; word += WORDS - 1) {
		need(pwrite(writer, &token, 8, (off_t)at * PAGE + word * 8) == 8, "pwrite");
	}
	close(writer);
	victim[at] = token;
}

void call_with(void) {
	int i = (int)any(PAGES), at = (int)any(FILE_PAGES);
	struct page *p = &pages[i];
	uint64_t got = 0, token;
	const uint64_t *below;
	if ((child && of[p->kind].shared) || p->kind == CHANGING || p->kind == VICTIM || (!strict && p->at >= end_of(p->kind))) {
		return;
	}
	say("calls with", i, at, 0);
	if (any(2)) {
		int pipes[2];
		need(pipe(pipes) == 0, "pipe");
		ssize_t n = write(pipes[1], page_at(i), 8);
		if (n != (expected(p, READ) ? -1 : 8) || (n < 0 && errno != EFAULT)) {
			differ("write of page %d, %s with rights %d, gives %ld: %m", i, of[p->kind].name, p->protection, n);
		}
		if (n == 8) {
			content(p, &token, &below);
			need(read(pipes[0], &got, 8) == 8, "read");
			if (got != (token ? token : below ? below[0] : 0)) {
				differ("write of page %d, %s with rights %d, writes %lx", i, of[p->kind].name, p->protection, got);
			}
		}
		close(pipes[0]);
		close(pipes[1]);
		return;
	}
	for (unsigned word = 0; word < WORDS && is_sure_to_write(p) && p->kind != SHARED_CHANGING; word += WORDS - 1) {
		ssize_t n = pread(files[STABLE], page_at(i) + word * 8, 8, (off_t)at * PAGE);
		if (n != (expected(p, WRITE) ? -1 : 8) || (n < 0 && errno != EFAULT)) {
			differ("read to page %d, %s with rights %d, gives %ld: %m", i, of[p->kind].name, p->protection, n);
		}
	}
	if (expected(p, WRITE) == 0 && p->kind != SHARED_CHANGING) {
		set_token(p, stable_token(at));
	}
}

/* Makes a great many mappings of one, and then takes away what was there before. */
static void shatter(int first, int count) {
	int witness = first == 0 ? PAGES - 1 : 0;
	uint64_t token = new_token(ANON, 0);
	forget(witness, 1);
	map_at(witness, 1, ANON, 0, PROT_READ | PROT_WRITE);
	need(touch(WRITE, page_at(witness), &token) == 0, "write");
	map_at(first, count, IMAGE, 0, PROT_READ);
	for (int i = first + 1; i < first + count; i += 2) {
		need(munmap(page_at(i), PAGE) == 0, "munmap");
		forget(i, 1);
		renumber(i + 1, first + count);
	}
	need(munmap(page_at(witness), PAGE) == 0, "munmap");
	forget(witness, 1);
	check(witness);
}

void cut_unseen(void) {
	static void (*const cuts[])(void) = {map_some, unmap_some, unmap_some, protect_some, drop_some};
	int count = 17 + (int)any(60), first = (int)any((uint32_t)(PAGES - count));
	if (any(4) == 0) {
		count = any(2) ? 20 + (int)any(130) : 114 + (int)any(10); /* gVisor, as we change it, sends up to 62 calls at once */
		first = (int)any((uint32_t)(PAGES - count));
		shatter(first, count);
	} else {
		map_at(first, count, IMAGE, (int)any((uint32_t)(image_pages - count)), any(2) ? PROT_READ | PROT_EXEC : PROT_READ);
	}
	for (uint32_t left = 1 + any(3); left > 0; left--) {
		int skipped = (int)any((uint32_t)count);
		last_first = first + skipped;
		last_count = 1 + (int)any(any(2) ? (uint32_t)(count - skipped) : 1);
		within_last = 1;
		cuts[any(sizeof cuts / sizeof *cuts)]();
		within_last = 0;
	}
	if (any(2)) {
		change_heap();
	}
	for (int i = first; i < first + count; i++) {
		check(any(3) ? i : first + (int)any((uint32_t)count));
	}
}
