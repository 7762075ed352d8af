/* Content into files: in place, or into a new file that takes the old one's place when all of it is there. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files.h"

#define RENAME_NOREPLACE_FLAG 1
#define TRIES 8

static struct staged staged;

bool rename_new(const char *from, const char *to) {
	struct stat st;
	if (syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE_FLAG) == 0) return true;
	int error = errno;
	/* gVisor of 2024 says EEXIST of a name that was removed before. */
	bool ghost = error == EEXIST && fstatat(AT_FDCWD, to, &st, AT_SYMLINK_NOFOLLOW) < 0;
	if (!ghost && error != EINVAL && error != ENOSYS) {
		errno = error;
		return false;
	}
	if (fstatat(AT_FDCWD, from, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode)) return rename(from, to) == 0;
	if (linkat(AT_FDCWD, from, AT_FDCWD, to, 0) < 0) return false;
	unlink(from);
	return true;
}

/* A name beside `final` that nobody has; opens it. */
static int open_temporary(struct staged *s, const char *shown) {
	char directory[PATH_BYTES], name[64];
	uint8_t random[8];
	parent_of(s->final, directory);
	for (int i = 0; i < TRIES; i++) {
		if (getrandom(random, sizeof random, 0) != sizeof random) break;
		snprintf(name, sizeof name, ".atoll-%02x%02x%02x%02x%02x%02x%02x%02x.part", random[0], random[1], random[2], random[3],
			 random[4], random[5], random[6], random[7]);
		if (!join(s->temporary, directory, name)) return -1;
		int fd = open(s->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0) return fd;
		if (errno != EEXIST) break;
	}
	s->temporary[0] = 0;
	fail(STEP_OPEN, shown);
	return -1;
}

/* A new file keeps the mode and, if we may, the owner of the one it replaces. */
static bool dress(const struct staged *s, int fd, uint32_t mode, const char *shown) {
	mode_t wanted = s->was_there ? s->before.st_mode & 07777 : mode != FILES_NO_MODE ? mode : 0644;
	if (s->was_there && fchown(fd, s->before.st_uid, s->before.st_gid) < 0 && errno != EPERM) return fail(STEP_ATTRIBUTES, shown);
	if (fchmod(fd, wanted) < 0) return fail(STEP_ATTRIBUTES, shown);
	return true;
}

/* Takes `size` bytes of content, or all of it. */
static bool take_content(int fd, uint64_t size, bool all, const char *shown) {
	const uint8_t *bytes;
	while (all || size > 0) {
		ssize_t n = content_peek(&bytes);
		if (n < 0 || (n == 0 && !all)) return fail_with(REASON_CUT_SHORT, STEP_READ, shown, 0);
		if (n == 0) break;
		if (!all && (uint64_t)n > size) n = (ssize_t)size;
		if (!write_all(fd, bytes, (size_t)n, shown)) return false;
		content_take((size_t)n);
		outcome.bytes += (uint64_t)n;
		if (!all) size -= (uint64_t)n;
	}
	return true;
}

/* Puts content beside the place where it is to come. A failure leaves nothing. */
bool stage(struct staged *s, const char *path, uint32_t mode, uint64_t size, bool all) {
	s->temporary[0] = 0;
	if (!resolve_links(path, s->final)) return false;
	s->was_there = fstatat(AT_FDCWD, s->final, &s->before, AT_SYMLINK_NOFOLLOW) == 0;
	if (!s->was_there && errno != ENOENT) return fail(STEP_LOOK, path);
	if (s->was_there && S_ISDIR(s->before.st_mode)) {
		errno = EISDIR;
		return fail(STEP_OPEN, path);
	}
	if (s->was_there && !S_ISREG(s->before.st_mode)) return fail_with(REASON_NOT_REGULAR, STEP_OPEN, path, 0);
	int fd = open_temporary(s, path);
	if (fd < 0) return false;
	bool ok = take_content(fd, size, all, path) && dress(s, fd, mode, path);
	if (close(fd) < 0 && ok) ok = fail(STEP_WRITE, path);
	if (!ok) stage_drop(s);
	return ok;
}

bool stage_commit(struct staged *s, const char *shown, bool must_be_absent) {
	bool ok = must_be_absent ? rename_new(s->temporary, s->final) : rename(s->temporary, s->final) == 0;
	if (!ok) {
		fail(STEP_RENAME, shown);
		stage_drop(s);
	}
	s->temporary[0] = 0;
	return ok;
}

void stage_drop(struct staged *s) {
	if (s->temporary[0]) unlink(s->temporary);
	s->temporary[0] = 0;
}

static bool write_in_place(const struct request *r) {
	struct stat st;
	int flags = O_WRONLY | O_CREAT | (r->flags & FILES_FLAG_IF_ABSENT ? O_EXCL : 0);
	if (r->a > INT64_MAX) return fail_with(REASON_BAD_REQUEST, STEP_START, r->s[0], 0);
	int fd = open_content(AT_FDCWD, r->s[0], flags, r->mode != FILES_NO_MODE ? (mode_t)r->mode : 0644, &st, r->s[0]);
	if (fd < 0) return false;
	bool ok = lseek(fd, (off_t)r->a, SEEK_SET) >= 0 || fail(STEP_WRITE, r->s[0]);
	ok = ok && take_content(fd, 0, true, r->s[0]);
	if (close(fd) < 0 && ok) ok = fail(STEP_WRITE, r->s[0]);
	return ok;
}

static bool tell_after(const char *path) {
	if (!look(path, true, &outcome.entry)) return false;
	outcome.entry_path = path;
	outcome.has_entry = true;
	outcome.count = 1;
	return true;
}

bool op_write(const struct request *r) {
	const char *path = r->s[0];
	struct stat st;
	bool absent = r->flags & FILES_FLAG_IF_ABSENT;
	if (absent && fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return fail(STEP_OPEN, path);
	}
	if ((r->flags & FILES_FLAG_IF_MATCH) && !require_content(path, r->hash)) return false;
	if ((r->flags & FILES_FLAG_PARENTS) && !make_parents(path)) return false;
	if (r->flags & FILES_FLAG_AT_OFFSET) return write_in_place(r) && tell_after(path);
	if (!stage(&staged, path, r->mode, 0, true)) return false;
	/* Once more, now that it counts: a long upload gave others time. */
	if ((r->flags & FILES_FLAG_IF_MATCH) && !require_content(path, r->hash)) {
		stage_drop(&staged);
		return false;
	}
	return stage_commit(&staged, path, absent) && tell_after(path);
}
