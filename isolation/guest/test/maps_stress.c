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
 * lenient leaves out what gVisor does in another way without our changes, or did. A private page of a file, or one that saw a
 * fork, can be written although it is read-only, when a neighbour is written that had the same rights at that moment; and in
 * 20240729 what is mapped after the end of a file of an image is what comes next in the image, and what is both after an end
 * and read-only gives a SIGBUS to who writes. Left out altogether: MAP_GROWSDOWN, for
 * in gVisor such a mapping does not grow; and PROT_EXEC alone, which some processors let be read.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "maps_change.h"

#define MOST_CHILDREN 3
#define CHILDS_OPERATIONS 25
#define PATIENCE_SECONDS 60
#define SPAWNED "maps_spawned"

static int running;
static long children;
static const char *directory;

static void too_long(int signal) {
	(void)signal;
	static const char what[] = "an operation takes too long\n";
	(void)!write(STDOUT_FILENO, what, sizeof what - 1);
	_exit(3);
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

static void check_each(int step) {
	for (int i = (int)any((uint32_t)step); i < PAGES; i += step) {
		check(i);
	}
}

static void operate(void);

static void fork_some(void) {
	int hammered = any(4) ? -1 : (int)any(PAGES), wait = (int)any(2);
	if (child) {
		return;
	}
	if (hammered >= 0 && (threads == 0 || expected(&pages[hammered], WRITE) != 0 || of[pages[hammered].kind].shared)) {
		hammered = -1;
	}
	say("fork", hammered, wait, 0);
	reap(running >= MOST_CHILDREN);
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
			check_each(3);
			if (*counter != before) {
				differ("a parent writes to page %d of its child", hammered);
			}
		}
		seed = childs_seed;
		check_each(3);
		for (int i = 0; i < CHILDS_OPERATIONS; i++) {
			operate();
		}
		check_each(3);
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
	if (child || any(4)) {
		return;
	}
	snprintf(number, sizeof number, "%u", 1 + any(1u << 30));
	say("exec", 0, 0, 0);
	reap(running >= MOST_CHILDREN);
	pid_t pid = vfork();
	need(pid >= 0, "vfork");
	if (pid == 0) {
		execl("/proc/self/exe", SPAWNED, number, "40", directory, "1", strict ? "strict" : "lenient", "", (char *)NULL);
		_exit(9);
	}
	running++;
	children++;
}

static void operate(void) {
	static void (*const all[])(void) = {map_some,	 map_some,    map_some,	   map_some,  unmap_some,  unmap_some,	protect_some,
					    protect_some, protect_some, drop_some, move_some, resize_some, change_heap, call_with, cut_unseen};
	static void (*const parents[])(void) = {change_file, change_file, spoil_victim, take_away, take_away, fork_some, spawn_some};
	if (child || any(4)) {
		all[any(sizeof all / sizeof *all)]();
	} else {
		parents[any(sizeof parents / sizeof *parents)]();
	}
	if (any(3) == 0) {
		return; /* some changes are of what nobody has touched */
	}
	int near = any(2) && last_count > 0 ? last_first + (int)any((uint32_t)last_count) : (int)any(PAGES);
	for (int i = 0; i < 8; i++) {
		check(any(2) && near + i < PAGES ? near + i : (int)any(PAGES));
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
	begin_heap();
	for (long operations = strtol(argv[2], NULL, 10); operation < operations; operation++) {
		operate();
		reap(0);
		if (operation % 100 == 99) {
			alarm(PATIENCE_SECONDS);
			check_each(1);
		}
	}
	reap(1);
	check_each(1);
	if (strcmp(argv[0], SPAWNED) == 0) {
		return 0;
	}
	dprintf(STDOUT_FILENO, "seed %s: %ld operations, %ld accesses, %ld of them failed as they must, %ld children\n", first_seed, operation,
		accesses, faults, children);
	return 0;
}
