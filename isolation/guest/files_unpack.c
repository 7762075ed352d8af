/*
 * Unpacks a tar stream below a directory. Every name is walked to from there without following a link, so nothing comes to
 * lie outside. The directories on the way to the last member stay open: members mostly come in order, so most need no walk.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files.h"
#include "files_tar.h"

/* A directory on the way. Its own mode and time come when we leave it. */
static struct place {
	int fd;
	size_t end; /* of its path in `way` */
	bool dressed;
	mode_t mode;
	struct timespec modified;
} places[FILES_MAX_DEPTH + 1];
static int depth;
static char way[PATH_BYTES];

/* Takes off what does nothing ('/' in front and behind, "//", "."); false when it leads up, or is nothing. */
static bool clean(char *path) {
	char *to = path;
	for (const char *p = path; *p;) {
		while (*p == '/') p++;
		const char *end = strchrnul(p, '/');
		size_t n = (size_t)(end - p);
		if (n == 2 && p[0] == '.' && p[1] == '.') return false;
		if (n > 0 && !(n == 1 && p[0] == '.')) {
			if (to != path) *to++ = '/';
			memmove(to, p, n);
			to += n;
		}
		p = end;
	}
	*to = 0;
	return true;
}

static bool leave_place(void) {
	struct place *p = &places[depth];
	way[p->end] = 0;
	bool ok = pending_leave(p->fd, way, p->dressed, p->mode, p->modified);
	depth--;
	if (depth >= 0) way[places[depth].end] = 0;
	return ok;
}

/* Makes a directory unless it is there, and opens it; what stands in the way is remembered. As open_unlinked, in one go. */
static int make_and_open(int at, const char *name) {
	static struct batch b;
	struct stat st;
	uint64_t flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	b.count = 0;
	batch_add(&b, SYS_mkdirat, CALL((uint64_t)at, ADDRESS(name), 0755), 0);
	unsigned opened = batch_add(&b, SYS_openat, CALL((uint64_t)at, ADDRESS(name), flags), 0);
	batch_add(&b, SYS_fstat, CALL(0, ADDRESS(&st)), opened);
	batch_make(&b);
	int fd = (int)b.calls[1].result;
	if (fd >= 0 && b.calls[2].result == 0 && S_ISDIR(st.st_mode)) return fd;
	if (fd >= 0) close(fd);
	bool missing = fd == -ENOENT && b.calls[0].result < 0;
	errno = missing ? (int)-b.calls[0].result : fd >= 0 || fd == -ELOOP || fd == -ENXIO || fd == -ENODEV ? ENOTDIR : -fd;
	fail(missing ? STEP_MAKE : STEP_OPEN, way);
	return -1;
}

static bool enter_place(const char *name, size_t n) {
	if (depth == FILES_MAX_DEPTH) return fail_with(REASON_TOO_DEEP, STEP_MAKE, member.name, 0);
	size_t at = places[depth].end;
	if (at > 0) way[at++] = '/';
	memcpy(way + at, name, n);
	way[at + n] = 0;
	int fd = make_and_open(places[depth].fd, way + at);
	if (fd < 0) {
		way[places[depth].end] = 0;
		return false;
	}
	places[++depth] = (struct place){.fd = fd, .end = at + n};
	return true;
}

/* Stands in the directory of `path`, whose last `keep` bytes' name is left to the caller: *name. */
static bool stand_at(const char *path, const char **name, bool whole) {
	const char *slash = strrchr(path, '/');
	size_t n = whole ? strlen(path) : slash ? (size_t)(slash - path) : 0;
	*name = slash ? slash + 1 : path;
	while (depth > 0 && !(places[depth].end <= n && memcmp(way, path, places[depth].end) == 0 &&
			      (places[depth].end == n || path[places[depth].end] == '/')))
		if (!leave_place()) return false;
	for (size_t at = places[depth].end; at < n;) {
		if (path[at] == '/') at++;
		size_t end = at;
		while (end < n && path[end] != '/') end++;
		if (!enter_place(path + at, end - at)) return false;
		at = end;
	}
	return true;
}

/* Opens a directory of the archive for a moment, to reach what a hard link names. */
static int reach(const char *path, const char **name) {
	int fd = fcntl(places[0].fd, F_DUPFD_CLOEXEC, 3);
	for (const char *slash; fd >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		char part[256];
		size_t n = (size_t)(slash - path);
		if (n >= sizeof part) {
			close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(part, path, n);
		part[n] = 0;
		int next = open_unlinked(fd, part);
		int error = errno;
		close(fd);
		errno = error;
		fd = next;
	}
	*name = path;
	return fd;
}

static bool write_content(int fd) {
	const uint8_t *bytes;
	for (uint64_t left = member.size; left > 0;) {
		ssize_t n = content_peek(&bytes);
		if (n <= 0) return untar_bad();
		if ((uint64_t)n > left) n = (ssize_t)left;
		if (!write_all(fd, bytes, (size_t)n, member.name)) return false;
		content_take((size_t)n);
		untar_offset += (uint64_t)n;
		left -= (uint64_t)n;
	}
	return true;
}

/* Its content is taken first: what is cut short comes to no file. */
static bool unpack_small(int at, const char *name) {
	size_t size = (size_t)member.size;
	uint8_t *to = pending_room(member.name, size);
	if (!to || !untar_take(to, size)) return false;
	pending_file(at, name, member.name, size, member.mode, member.modified);
	outcome.bytes += size;
	return untar_skip_padding(size);
}

static bool unpack_file(int at, const char *name) {
	if (member.size <= PENDING_SIZE) return unpack_small(at, name);
	if (!pending_make()) return false;
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(at, name, flags, member.mode & 0777);
	if (fd < 0 && errno == EEXIST) {
		if (unlinkat(at, name, 0) < 0) return fail(STEP_REMOVE, member.name);
		fd = openat(at, name, flags, member.mode & 0777);
	}
	if (fd < 0) return fail(STEP_MAKE, member.name);
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, member.modified};
	bool ok = write_content(fd);
	if (ok && (member.mode & 07000) && fchmod(fd, member.mode) < 0) ok = fail(STEP_ATTRIBUTES, member.name);
	if (ok && futimens(fd, times) < 0) ok = fail(STEP_ATTRIBUTES, member.name);
	if (close(fd) < 0 && ok) ok = fail(STEP_WRITE, member.name);
	outcome.bytes += member.size;
	return ok && untar_skip_padding(member.size);
}

static bool make_other(int at, const char *name) {
	const char *linked;
	int from;
	switch (member.type) {
	case '1':
		if (!clean(member.link) || !member.link[0]) return untar_bad();
		from = reach(member.link, &linked);
		if (from < 0) return fail(STEP_LINK, member.link);
		bool ok = linkat(from, linked, at, name, 0) == 0;
		int error = errno;
		close(from);
		errno = error;
		return ok;
	case '2': return symlinkat(member.link, at, name) == 0;
	default: return mkfifoat(at, name, member.mode) == 0;
	}
}

static bool unpack_other(int at, const char *name) {
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, member.modified};
	if (!make_other(at, name)) {
		/* A link to itself must not take away what it names. */
		bool again = errno == EEXIST && !(member.type == '1' && strcmp(member.link, member.name) == 0);
		if (again && unlinkat(at, name, 0) < 0) return fail(STEP_REMOVE, member.name);
		if (!again || !make_other(at, name)) return fail(STEP_MAKE, member.name);
	}
	if (member.type != '1') utimensat(at, name, times, AT_SYMLINK_NOFOLLOW);
	return true;
}

static bool unpack_member(void) {
	const char *name;
	bool content = member.type == '0' || member.type == 0 || member.type == '7';
	if (!clean(member.name)) return untar_bad();
	if (member.directory) {
		if (!stand_at(member.name, &name, true)) return false;
		outcome.count++;
		places[depth].dressed = depth > 0; /* the directory itself stays as it is */
		places[depth].mode = member.mode;
		places[depth].modified = member.modified;
		return untar_skip(member.size) && untar_skip_padding(member.size);
	}
	if (!member.name[0]) return untar_bad();
	if (content) {
		outcome.count++;
		return stand_at(member.name, &name, false) && unpack_file(places[depth].fd, name);
	}
	if (member.type != '1' && member.type != '2' && member.type != '6') {
		if (member.type == 'S') return untar_bad();
		return untar_skip(member.size) && untar_skip_padding(member.size); /* devices, and what we do not know */
	}
	outcome.count++;
	return stand_at(member.name, &name, false) && pending_make() && unpack_other(places[depth].fd, name) &&
	       untar_skip(member.size) && untar_skip_padding(member.size);
}

static bool unpack_all(void) {
	int more;
	while ((more = untar_next()) == 1)
		if (!unpack_member()) return false;
	return more == 0;
}

bool op_unpack(const struct request *r) {
	char inside[PATH_BYTES];
	if (!join(inside, r->s[0], ".") || !make_parents(inside)) return false;
	int fd = open(r->s[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return fail(STEP_OPEN, r->s[0]);
	untar_begin();
	pending_begin();
	depth = 0;
	way[0] = 0;
	places[0] = (struct place){.fd = fd};
	mode_t mask = umask(0);
	bool ok = unpack_all();
	while (depth >= 0)
		if (!leave_place()) ok = false;
	if (!pending_make()) ok = false;
	umask(mask);
	return ok;
}
