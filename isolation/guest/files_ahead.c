/* Reads small files ahead of a walk, many with one call. What is not small, not plain or not readable is left to the walk. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

#include "files.h"

#define MOST 64u
#define SLOT (32u * 1024)
#define CALLS 4u /* of one file */

_Static_assert(MOST * CALLS <= BATCH_MOST, "a batch has room for all");

static struct batch batch;
static struct ahead files[MOST];
static uint8_t slots[MOST][SLOT];
static unsigned count, next;
static int directory;

void ahead_forget(void) { count = next = 0; }

static void read_from(const struct walk *w) {
	batch.count = count = next = 0;
	directory = w->at;
	for (const char *name; count < MOST && (name = walk_file_behind(w, count)); count++) {
		struct ahead *f = &files[count];
		f->name = name;
		f->bytes = slots[count];
		int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
		unsigned fd = batch_add(&batch, SYS_openat, CALL((uint64_t)directory, ADDRESS(name), (uint64_t)flags), 0);
		batch_add(&batch, SYS_fstat, CALL(0, ADDRESS(&f->st)), fd);
		batch_add(&batch, SYS_read, CALL(0, ADDRESS(slots[count]), SLOT), fd);
		batch_add(&batch, SYS_close, CALL(0), fd);
	}
	batch_make(&batch);
}

const struct ahead *ahead_of(const struct walk *w) {
	bool expected = next < count && directory == w->at && strcmp(files[next].name, w->name) == 0;
	if (!expected) {
		if (w->kind != DT_REG) return NULL;
		read_from(w);
		if (count == 0) return NULL;
	}
	const struct batch_call *calls = &batch.calls[next * CALLS];
	const struct ahead *f = &files[next++];
	bool whole = calls[0].result >= 0 && calls[1].result == 0 && S_ISREG(f->st.st_mode) && f->st.st_size <= SLOT &&
		     calls[2].result == f->st.st_size;
	return whole ? f : NULL;
}
