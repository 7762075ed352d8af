/*
 * Makes the small files of an archive many at a time. Those that could not be made are asked for once more, after what has their
 * names is removed; what that cannot do is done alone, in its turn, and says what stood in the way. Directories that the archive
 * has left are closed when all that is over.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files.h"

#define MOST 80u
#define CALLS 6u /* of one file at most */
#define ROOM (512u * 1024)

_Static_assert(MOST * CALLS <= BATCH_MOST, "a batch has room for all");
_Static_assert(PENDING_SIZE + PATH_BYTES < ROOM, "any small file fits");

static struct pending {
	bool directory, asked, made;
	bool in_the_way; /* something has its name */
	int fd; /* the directory, or the one that the file comes into */
	const char *shown, *name;
	const uint8_t *bytes;
	size_t size;
	mode_t mode;
	struct timespec times[2];
	unsigned first, end; /* its calls, in `leaving` for a directory */
} pending[MOST];
static unsigned count;
static uint8_t room[ROOM];
static size_t room_end;
static struct batch making, leaving;

void pending_begin(void) { count = making.count = leaving.count = 0, room_end = 0; }

static int make_file(const struct pending *p) {
	return openat(p->fd, p->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, p->mode & 0777);
}

static bool file_alone(const struct pending *p) {
	int fd = make_file(p);
	if (fd < 0 && errno == EEXIST) {
		if (unlinkat(p->fd, p->name, 0) < 0) return fail(STEP_REMOVE, p->shown);
		fd = make_file(p);
	}
	if (fd < 0) return fail(STEP_MAKE, p->shown);
	bool ok = write_all(fd, p->bytes, p->size, p->shown);
	if (ok && (p->mode & 07000) && fchmod(fd, p->mode) < 0) ok = fail(STEP_ATTRIBUTES, p->shown);
	if (ok && futimens(fd, p->times) < 0) ok = fail(STEP_ATTRIBUTES, p->shown);
	if (close(fd) < 0 && ok) ok = fail(STEP_WRITE, p->shown);
	return ok;
}

static bool file_is_made(const struct pending *p) {
	for (unsigned i = p->first; i < p->end; i++) {
		int64_t result = making.calls[i].result;
		if (making.calls[i].call == SYS_unlinkat) continue; /* what matters is whether the file could be made then */
		if (making.calls[i].call == SYS_write ? result != (int64_t)p->size : result < 0) return false;
	}
	return true;
}

static bool directory_is_left(const struct pending *p) {
	for (unsigned i = p->first; i < p->end; i++) {
		if (leaving.calls[i].result >= 0) continue;
		errno = (int)-leaving.calls[i].result;
		return fail(STEP_ATTRIBUTES, p->shown);
	}
	return true;
}

static void dress(struct batch *b, const struct pending *p, bool chmodded, unsigned from) {
	uint64_t fd = (uint64_t)p->fd;
	if (chmodded) batch_add(b, SYS_fchmod, CALL(fd, p->mode), from);
	batch_add(b, SYS_utimensat, CALL(fd, 0, ADDRESS(p->times), 0), from);
}

static void ask_for(struct pending *p, bool instead) {
	uint64_t at = (uint64_t)p->fd, flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	p->asked = true;
	p->first = making.count;
	if (instead) batch_add(&making, SYS_unlinkat, CALL(at, ADDRESS(p->name), 0), 0);
	unsigned fd = batch_add(&making, SYS_openat, CALL(at, ADDRESS(p->name), flags, p->mode & 0777), 0);
	if (p->size > 0) batch_add(&making, SYS_write, CALL(0, ADDRESS(p->bytes), p->size), fd);
	dress(&making, p, p->mode & 07000, fd);
	batch_add(&making, SYS_close, CALL(0), fd);
	p->end = making.count;
}

/* Makes what is asked for; whether all is made now. */
static bool make_files(void) {
	bool all = true;
	batch_make(&making);
	for (unsigned i = 0; i < count; i++) {
		struct pending *p = &pending[i];
		if (p->asked) {
			p->made = file_is_made(p);
			p->in_the_way = making.calls[p->first].result == -EEXIST;
			p->asked = false;
		}
		all = all && (p->directory || p->made);
	}
	return all;
}

static bool make_in_the_way(void) {
	bool ok = true;
	making.count = 0;
	for (unsigned i = 0; i < count; i++)
		if (!pending[i].made && pending[i].in_the_way) ask_for(&pending[i], true);
	if (make_files()) return true;
	for (unsigned i = 0; i < count && ok; i++)
		if (!pending[i].directory && !pending[i].made) ok = file_alone(&pending[i]);
	return ok;
}

bool pending_make(void) {
	bool ok = make_files() || make_in_the_way();
	batch_make(&leaving);
	for (unsigned i = 0; i < count && ok; i++)
		if (pending[i].directory) ok = directory_is_left(&pending[i]);
	pending_begin();
	return ok;
}

static const char *keep(const char *text) {
	size_t n = strlen(text) + 1;
	char *kept = memcpy(room + room_end, text, n);
	room_end += n;
	return kept;
}

/* Room for one more. The directories of what is pending stay open until it is made. */
static bool make_room(size_t bytes) {
	if (count < MOST && ROOM - room_end >= bytes) return true;
	return pending_make();
}

uint8_t *pending_room(const char *shown, size_t size) {
	return make_room(size + strlen(shown) + 1) ? room + room_end : NULL;
}

void pending_file(int at, const char *name, const char *shown, size_t size, mode_t mode, struct timespec modified) {
	struct pending *p = &pending[count++];
	const uint8_t *content = room + room_end;
	room_end += size;
	const char *kept = keep(shown);
	*p = (struct pending){.fd = at, .shown = kept, .name = kept + strlen(shown) - strlen(name), .size = size, .mode = mode};
	p->times[0].tv_nsec = UTIME_OMIT;
	p->times[1] = modified;
	p->bytes = content;
	ask_for(p, false);
}

bool pending_leave(int directory, const char *shown, bool dressed, mode_t mode, struct timespec modified) {
	bool ok = make_room(strlen(shown) + 1);
	struct pending *p = &pending[count++];
	*p = (struct pending){.directory = true, .fd = directory, .shown = keep(shown), .mode = mode, .first = leaving.count};
	p->times[0].tv_nsec = UTIME_OMIT;
	p->times[1] = modified;
	if (dressed) dress(&leaving, p, true, 0);
	batch_add(&leaving, SYS_close, CALL((uint64_t)directory), 0);
	p->end = leaving.count;
	return ok;
}
