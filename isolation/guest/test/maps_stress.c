/*
 * Does random things to memory maps and holds beside them what each page must contain and which access to it must fail, and
 * how. Accesses are made by this thread and by others, which change maps of their own meanwhile; children look at all of it
 * too. It knows of nothing but Linux and passes there; in a sandbox it shows a page that is still there after it was taken
 * away, one that is not there, and one with other contents.
 *
 * usage: maps_stress SEED OPERATIONS DIRECTORY THREADS strict|lenient [VICTIM]
 *
 * DIRECTORY takes files that are removed at once. VICTIM is a file that may be spoilt: one of an image, which is copied to the
 * writable layer while it is mapped. Prints the first difference and exits with 1, or with 3 if something takes a minute.
 *
 * lenient leaves out whether a private page of a file, or one that saw a fork, can be written although it is read-only:
 * unpatched gVisor lets it be when a neighbour is written that had the same rights at that moment. Left out altogether:
 * MAP_GROWSDOWN, for in gVisor such a mapping does not grow; and PROT_EXEC alone, which some processors let be read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "maps_model.h"

#define BRK_PAGES 300
#define MOST_CHILDREN 3
#define CHILDS_OPERATIONS 25
#define PATIENCE_SECONDS 60
#define SPAWNED "maps_spawned"

static uint32_t maps;
static char *heap;
static uint64_t heap_tokens[BRK_PAGES];
static int heap_pages, running;
static long children;
static int files[KINDS];
static const char *directory, *victim_path;
static int verbose;

static void need(int condition, const char *what) {
	if (!condition) {
		differ("%s: %m", what);
	}
}

static void say(const char *what, int first, int count, int more) {
	if (verbose) {
		dprintf(STDERR_FILENO, "%ld%s: %s %d+%d %d\n", operation, child ? "c" : "", what, first, count, more);
	}
}

static void too_long(int signal) {
	(void)signal;
	static const char what[] = "an operation takes too long\n";
	(void)!write(STDOUT_FILENO, what, sizeof what - 1);
	_exit(3);
}

static void range(int *first, int *count) {
	static const int most[] = {3, 8, 8, 17, 40, PAGES};
	*first = (int)any(PAGES);
	*count = 1 + (int)any((uint32_t)most[any(6)]);
	if (any(8) == 0 || *first + *count > PAGES) {
		*first = *first * 16 / PAGES * PAGES / 16; /* next to others more often */
	}
	if (*first + *count > PAGES) {
		*count = PAGES - *first;
	}
}

static void forget(int first, int count) { memset(&pages[first], 0, (size_t)count * sizeof *pages); }

static int any_rights(enum kind kind) {
	static const int rights[] = {PROT_NONE, PROT_READ, PROT_READ, PROT_READ | PROT_EXEC, PROT_WRITE, PROT_READ | PROT_WRITE,
				     PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE | PROT_EXEC};
	return rights[any(sizeof rights / sizeof *rights)] & of[kind].most;
}

static void map_some(void) {
	int first, count;
	range(&first, &count);
	enum kind kind = 1 + any(KINDS - 1);
	if (any(3) == 0 || files[kind] < 0 || (child && kind > STABLE)) {
		kind = ANON;
	}
	int at = kind >= IMAGE ? (int)any(kind <= SHARED_IMAGE ? IMAGE_PAGES : FILE_PAGES) : 0, rights = any_rights(kind);
	int flags = MAP_FIXED | (of[kind].shared ? MAP_SHARED : MAP_PRIVATE) | (kind <= SHARED_ANON ? MAP_ANONYMOUS : 0) |
		    (any(8) == 0 ? MAP_POPULATE : 0);
	say(of[kind].name, first, count, rights);
	char *got = mmap(page_at(first), (size_t)count * PAGE, rights, flags, kind <= SHARED_ANON ? -1 : files[kind], (off_t)at * PAGE);
	need(got == page_at(first), "mmap");
	maps++;
	for (int i = 0; i < count; i++) {
		pages[first + i] = (struct page){.kind = kind, .protection = rights, .at = kind >= IMAGE ? at + i : 0, .map = maps};
	}
}

static void unmap_some(void) {
	int first, count;
	range(&first, &count);
	say("munmap", first, count, 0);
	need(munmap(page_at(first), (size_t)count * PAGE) == 0, "munmap");
	forget(first, count);
}

/* A part of a mapping that was changed is one of its own. */
static void renumber(int first, int end) {
	for (int i = first; i < end;) {
		uint32_t was = pages[i].map;
		maps++;
		while (i < end && pages[i].map == was) {
			pages[i++].map = maps;
		}
	}
}

static void protect_some(void) {
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

static void drop_some(void) {
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

static void move_some(void) {
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

static void resize_some(void) {
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

static void change_heap(void) {
	int now = any(3) ? heap_pages + (int)any(7) - 3 : (int)any(BRK_PAGES + 1);
	now = now < 0 ? 0 : now > BRK_PAGES ? BRK_PAGES : now;
	say("brk", heap_pages, now, 0);
	need(brk(heap + (size_t)now * PAGE) == 0, "brk");
	for (int i = now; i < BRK_PAGES; i++) {
		heap_tokens[i] = 0;
	}
	heap_pages = now;
	for (int tries = 0; tries < 6; tries++) {
		int i = (int)any(any(2) ? BRK_PAGES : (uint32_t)now + 1), want = i < now ? 0 : SIGSEGV;
		char *page = heap + (size_t)i * PAGE;
		uint64_t value = 0, fresh = new_token(ANON, i);
		if (i >= BRK_PAGES) {
			continue;
		}
		if (touch(READ, page, &value) != want || (want == 0 && (value != heap_tokens[i] || touch(WRITE, page, &fresh) != 0))) {
			differ("page %d of a heap of %d has %lx, not %lx, or is there or not", i, now, value, heap_tokens[i]);
		}
		heap_tokens[i] = want == 0 ? fresh : 0;
	}
}

static void change_file(void) {
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

static void spoil_victim(void) {
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

/* Has the kernel write to a page, or read it. */
static void call_with(void) {
	int i = (int)any(PAGES), at = (int)any(FILE_PAGES);
	struct page *p = &pages[i];
	uint64_t got = 0, token;
	const uint64_t *below;
	if ((child && of[p->kind].shared) || p->kind == CHANGING || p->kind == VICTIM) {
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

/* Takes the right to write from under a thread that writes without end, or the page. */
static void take_away(void) {
	int i = (int)any(PAGES), to = (int)any(PAGES), want = SIGSEGV;
	struct page *p = &pages[i];
	if (threads == 0 || expected(p, WRITE) != 0 || i == to) {
		return;
	}
	volatile uint64_t *counter = (uint64_t *)page_at(i) + HAMMERED;
	start_hammering(page_at(i));
	uint32_t how = any(p->kind == SHARED_CHANGING || p->kind == CHANGING ? 6 : 5);
	say("taking away", i, to, (int)how);
	switch (how) {
	case 0:
		need(mprotect(page_at(i), PAGE, PROT_READ) == 0, "mprotect");
		p->protection = PROT_READ;
		break;
	case 1:
		need(mprotect(page_at(i), PAGE, PROT_NONE) == 0, "mprotect");
		p->protection = PROT_NONE;
		break;
	case 2:
		need(munmap(page_at(i), PAGE) == 0, "munmap");
		forget(i, 1);
		break;
	case 3:
		need(mmap(page_at(i), PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page_at(i), "mmap");
		*p = (struct page){.kind = ANON, .protection = PROT_READ};
		break;
	case 4:
		need(mremap(page_at(i), PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page_at(to)) == page_at(to), "mremap");
		pages[to] = *p;
		forget(i, 1);
		renumber(to, to + 1);
		break;
	default:
		need(ftruncate(files[CHANGING], 0) == 0, "ftruncate");
		memset(changing, 0, sizeof changing);
		for (int j = 0; j < PAGES; j++) {
			pages[j].token = pages[j].kind == CHANGING ? 0 : pages[j].token;
		}
		changing_pages = 0;
		want = SIGBUS;
	}
	renumber(i, i + 1);
	uint64_t before = expected(p, READ) == 0 ? *counter : 0;
	int outcome = end_hammering();
	uint64_t after = expected(p, READ) == 0 ? *counter : 0;
	if (outcome != want || before != after || (how == 3 && before != 0)) {
		differ("page %d was taken away (%u) but written: signal %d, count %lu, then %lu", i, how, outcome, before, after);
	}
}

static void reap(int block) {
	int status;
	while (running > 0) {
		pid_t pid = waitpid(-1, &status, block ? 0 : WNOHANG);
		if (pid <= 0) {
			break;
		}
		running--;
		if (status != 0) {
			differ("a child ended with status %x", status);
		}
	}
}

static void check_all(void) {
	for (int i = 0; i < PAGES; i++) {
		check(i);
	}
}

static void operate(void);

static void fork_some(void) {
	int hammered = any(4) ? -1 : (int)any(PAGES), wait = (int)any(2);
	if (child || running >= MOST_CHILDREN) {
		return;
	}
	if (hammered >= 0 && (threads == 0 || expected(&pages[hammered], WRITE) != 0 || of[pages[hammered].kind].shared)) {
		hammered = -1;
	}
	say("fork", hammered, wait, 0);
	if (hammered >= 0) {
		start_hammering(page_at(hammered));
	}
	for (int i = 0; i < PAGES; i++) {
		pages[i].forked = 1;
	}
	uint64_t childs_seed = seed ^ (uint64_t)any(1u << 30) << 20;
	pid_t pid = fork();
	need(pid >= 0, "fork");
	if (pid == 0) {
		child = 1;
		alarm(PATIENCE_SECONDS);
		threads = 0;
		if (hammered >= 0) {
			volatile uint64_t *counter = (uint64_t *)page_at(hammered) + HAMMERED;
			uint64_t before = *counter;
			check_all();
			if (*counter != before) {
				differ("a parent writes to page %d of its child", hammered);
			}
		}
		seed = childs_seed;
		check_all();
		for (int i = 0; i < CHILDS_OPERATIONS; i++) {
			operate();
		}
		check_all();
		_exit(0);
	}
	running++;
	children++;
	if (wait || hammered >= 0) {
		reap(1);
	}
	if (hammered >= 0) {
		need(mprotect(page_at(hammered), PAGE, PROT_READ) == 0, "mprotect");
		pages[hammered].protection = PROT_READ;
		renumber(hammered, hammered + 1);
		int outcome = end_hammering();
		if (outcome != SIGSEGV) {
			differ("page %d can be written: signal %d", hammered, outcome);
		}
	}
}

/* Another process of this program, begun in a child that has all maps in common with us. */
static void spawn_some(void) {
	char number[24];
	if (child || running >= MOST_CHILDREN || any(4)) {
		return;
	}
	snprintf(number, sizeof number, "%u", 1 + any(1u << 30));
	say("exec", 0, 0, 0);
	pid_t pid = vfork();
	need(pid >= 0, "vfork");
	if (pid == 0) {
		execl("/proc/self/exe", SPAWNED, number, "60", directory, "1", strict ? "strict" : "lenient", "", (char *)NULL);
		_exit(9);
	}
	running++;
	children++;
}

static void operate(void) {
	static void (*const all[])(void) = {map_some,	 map_some,    map_some,	   map_some,  unmap_some,  unmap_some,	protect_some,
					    protect_some, protect_some, drop_some, move_some, resize_some, change_heap, call_with};
	static void (*const parents[])(void) = {change_file, change_file, spoil_victim, take_away, take_away, fork_some, spawn_some};
	if (child || any(4)) {
		all[any(sizeof all / sizeof *all)]();
	} else {
		parents[any(sizeof parents / sizeof *parents)]();
	}
	int near = (int)any(PAGES - 8);
	for (int i = 0; i < 8; i++) {
		check(any(2) ? near + i : (int)any(PAGES));
	}
}

static int new_file(int at_pages, int stable) {
	char path[4096];
	snprintf(path, sizeof path, "%s/maps.XXXXXX", directory);
	int file = mkostemp(path, O_CLOEXEC);
	need(file >= 0 && unlink(path) == 0 && ftruncate(file, (off_t)at_pages * PAGE) == 0, directory);
	for (int at = 0; stable && at < at_pages; at++) {
		uint64_t token = stable_token(at);
		need(pwrite(file, &token, 8, (off_t)at * PAGE) == 8 && pwrite(file, &token, 8, (off_t)(at + 1) * PAGE - 8) == 8, "pwrite");
	}
	return file;
}

static int old_file(const char *path, uint64_t *words, int most_pages, int *count) {
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = file < 0 ? -1 : pread(file, words, (size_t)most_pages * PAGE, 0);
	need(n > 0, path);
	*count = (int)((n + PAGE - 1) / PAGE);
	return file;
}

static void open_files(void) {
	files[NOTHING] = files[ANON] = files[SHARED_ANON] = 0;
	files[STABLE] = new_file(FILE_PAGES, 1);
	files[CHANGING] = files[SHARED_CHANGING] = new_file(FILE_PAGES, 0);
	changing_pages = FILE_PAGES;
	files[IMAGE] = files[SHARED_IMAGE] = old_file("/proc/self/exe", image, IMAGE_PAGES, &image_pages);
	need(image_pages < IMAGE_PAGES, "/proc/self/exe");
	files[VICTIM] = files[SHARED_VICTIM] = -1;
	if (victim_path != NULL) {
		files[VICTIM] = files[SHARED_VICTIM] = old_file(victim_path, lower, FILE_PAGES, &lower_pages);
	}
}

int main(int argc, char **argv) {
	if (argc < 6) {
		dprintf(STDERR_FILENO, "usage: maps_stress SEED OPERATIONS DIRECTORY THREADS strict|lenient [VICTIM]\n");
		return 2;
	}
	first_seed = argv[1];
	directory = argv[3];
	strict = strcmp(argv[5], "strict") == 0;
	victim_path = argc > 6 && argv[6][0] != 0 ? argv[6] : NULL;
	verbose = getenv("MAPS_VERBOSE") != NULL;
	seed = strtoull(first_seed, NULL, 10) * 0x9e3779b97f4a7c15u + 1;
	signal(SIGALRM, too_long);
	alarm(PATIENCE_SECONDS);
	open_files();
	arena = mmap(NULL, (PAGES + 32) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(arena != MAP_FAILED, "mmap");
	arena += 16 * PAGE;
	need(munmap(arena, PAGES * PAGE) == 0, "munmap");
	start_touching(atoi(argv[4]));
	heap = sbrk(0);
	heap += -(uintptr_t)heap & (PAGE - 1);
	need(brk(heap) == 0, "brk");
	for (long operations = strtol(argv[2], NULL, 10); operation < operations; operation++) {
		operate();
		reap(0);
		if (operation % 100 == 99) {
			alarm(PATIENCE_SECONDS);
			check_all();
		}
	}
	reap(1);
	check_all();
	if (strcmp(argv[0], SPAWNED) == 0) {
		return 0;
	}
	dprintf(STDOUT_FILENO, "seed %s: %ld operations, %ld accesses, %ld of them failed as they must, %ld children\n", first_seed, operation,
		accesses, faults, children);
	return 0;
}
