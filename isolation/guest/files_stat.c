/* Looking at files, and what all operations need of paths. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

#define MOST_LINKS 40 /* as the kernel has it */

static uint8_t chunk[CHUNK];

bool look(const char *path, bool follow, struct stat *st) {
	if (fstatat(AT_FDCWD, path, st, follow ? 0 : AT_SYMLINK_NOFOLLOW) < 0) return fail(STEP_LOOK, path);
	return true;
}

const char *last_name(const char *path) {
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

void parent_of(const char *path, char parent[PATH_BYTES]) {
	size_t n = strlen(path);
	while (n > 1 && path[n - 1] == '/') n--;
	while (n > 0 && path[n - 1] != '/') n--;
	while (n > 1 && path[n - 1] == '/') n--;
	memcpy(parent, n ? path : ".", n ? n : 1);
	parent[n ? n : 1] = 0;
}

bool join(char into[PATH_BYTES], const char *directory, const char *name) {
	size_t d = strlen(directory), n = strlen(name);
	if (d > 0 && directory[d - 1] == '/') d--;
	if (d + 1 + n >= PATH_BYTES) return fail_with(REASON_TOO_DEEP, STEP_LOOK, directory, 0);
	memmove(into, directory, d);
	into[d] = '/';
	memcpy(into + d + 1, name, n + 1);
	return true;
}

/* Where a path leads when its last name is a link, followed as often as the kernel would; the last one may not exist. */
bool resolve_links(const char *path, char resolved[PATH_BYTES]) {
	char target[PATH_BYTES], directory[PATH_BYTES];
	strcpy(resolved, path);
	for (int i = 0; i < MOST_LINKS; i++) {
		ssize_t n = readlinkat(AT_FDCWD, resolved, target, sizeof target - 1);
		if (n < 0) return errno == EINVAL || errno == ENOENT ? true : fail(STEP_LOOK, path);
		target[n] = 0;
		if (target[0] == '/') {
			strcpy(resolved, target);
		} else {
			parent_of(resolved, directory);
			if (!join(resolved, directory, target)) return false;
		}
	}
	errno = ELOOP;
	return fail(STEP_LOOK, path);
}

/*
 * Opens what is to be read or written. Neither a FIFO nor a device can hold us up: nothing waits in open, and only regular
 * files come back.
 */
int open_content(int at, const char *path, int flags, mode_t mode, struct stat *st, const char *shown) {
	int fd = openat(at, path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode);
	if (fd < 0) {
		int error = errno;
		if (error == ENXIO || error == ENODEV || (error == EACCES && fstatat(at, path, st, 0) == 0 && S_ISSOCK(st->st_mode)))
			fail_with(REASON_NOT_REGULAR, STEP_OPEN, shown, 0);
		errno = error;
		fail(STEP_OPEN, shown);
		return -1;
	}
	if (fstat(fd, st) < 0) {
		fail(STEP_LOOK, shown);
	} else if (S_ISDIR(st->st_mode)) {
		errno = EISDIR;
		fail(STEP_OPEN, shown);
	} else if (!S_ISREG(st->st_mode)) {
		fail_with(REASON_NOT_REGULAR, STEP_OPEN, shown, 0);
	} else {
		return fd;
	}
	close(fd);
	return -1;
}

/*
 * Opens a directory that is none by way of a link; the last name is what may not be one. Not by O_DIRECTORY: with it gVisor
 * follows the link in spite of O_NOFOLLOW.
 */
int open_unlinked(int at, const char *name) {
	struct stat st;
	int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		if (errno == ELOOP || errno == ENXIO || errno == ENODEV) errno = ENOTDIR;
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) return fd;
	close(fd);
	errno = ENOTDIR;
	return -1;
}

bool write_all(int fd, const uint8_t *bytes, size_t n, const char *path) {
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno == EINTR) continue;
		if (done <= 0) return fail(STEP_WRITE, path);
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

bool hash_content(int fd, const char *path, uint8_t hash[HASH_BYTES]) {
	struct sha256 s;
	sha256_begin(&s);
	for (off_t at = 0;;) {
		ssize_t n = pread(fd, chunk, sizeof chunk, at);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return fail(STEP_READ, path);
		if (n == 0) break;
		sha256_add(&s, chunk, (size_t)n);
		at += n;
		leave_if_alone();
	}
	sha256_end(&s, hash);
	return true;
}

/* Whether a file has the expected content; what is missing or no file has not. */
bool require_content(const char *path, const uint8_t *wanted) {
	struct stat st;
	uint8_t hash[HASH_BYTES];
	if (fstatat(AT_FDCWD, path, &st, 0) < 0 && errno == ENOENT) return fail_with(REASON_CHANGED, STEP_LOOK, path, 0);
	int fd = open_content(AT_FDCWD, path, O_RDONLY, 0, &st, path);
	if (fd < 0) return false;
	bool same = hash_content(fd, path, hash);
	close(fd);
	if (same && memcmp(hash, wanted, HASH_BYTES) != 0) return fail_with(REASON_CHANGED, STEP_LOOK, path, 0);
	return same;
}

/* Makes what is missing of the directories above a path. */
bool make_parents(const char *path) {
	char part[PATH_BYTES];
	parent_of(path, part);
	struct stat st;
	if (fstatat(AT_FDCWD, part, &st, 0) == 0) return true; /* whatever it is, the kernel says so better than we could */
	size_t n = strlen(part);
	for (size_t i = 1; i <= n; i++) {
		if (part[i] != '/' && part[i] != 0) continue;
		char c = part[i];
		part[i] = 0;
		if (mkdir(part, 0777) < 0 && errno != EEXIST) {
			int error = errno;
			if (error != EROFS && error != EACCES && error != EPERM) return fail(STEP_MAKE, part);
			/* It may exist and be in a directory where we could not make it. */
			if (fstatat(AT_FDCWD, part, &st, 0) < 0) {
				errno = error;
				return fail(STEP_MAKE, part);
			}
		}
		part[i] = c;
	}
	return true;
}

/* One entry, with where a link points and, when asked for, the hash of a regular file. */
bool tell_path(int at, const char *name, const char *path, const struct stat *st, bool hash) {
	char target[PATH_BYTES];
	uint8_t value[HASH_BYTES];
	bool linked = false, hashed = false;
	if (S_ISLNK(st->st_mode)) {
		ssize_t n = readlinkat(at, name, target, sizeof target - 1);
		if (n > 0) {
			target[n] = 0;
			linked = true;
		}
	}
	if (hash && S_ISREG(st->st_mode)) {
		struct stat opened;
		int fd = open_content(at, name, O_RDONLY, 0, &opened, path);
		if (fd < 0) return false;
		hashed = hash_content(fd, path, value);
		close(fd);
		if (!hashed) return false;
	}
	tell_entry(path, linked ? target : NULL, hashed ? value : NULL, st);
	return true;
}

bool op_stat(const struct request *r) {
	struct stat st;
	if (!look(r->s[0], r->flags & FILES_FLAG_FOLLOW, &st)) return false;
	outcome.count = 1;
	return tell_path(AT_FDCWD, r->s[0], r->s[0], &st, r->flags & FILES_FLAG_HASH);
}
