/*
 * Unpacks a tar stream below a directory. Every name is walked to from there without following a link, so nothing comes to
 * lie outside. The directories on the way to the last member stay open: members mostly come in order, so most need no walk.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "files_tar.h"

#define MOST_EXTENSION (64u * 1024)

struct member {
	char type;
	mode_t mode;
	uint64_t size;
	struct timespec modified;
	char name[PATH_BYTES], link[PATH_BYTES];
};

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
static uint64_t offset; /* in the stream */
static struct member member, global;
static bool has_name, has_link, has_size, has_time;
static uint8_t extension[MOST_EXTENSION + 1];
static struct tar_header head;

static bool bad(void) { return fail_with(REASON_ARCHIVE, STEP_READ, member.name, offset); }

/* Exactly n bytes; false when the stream is shorter. */
static bool take(void *to, size_t n, bool *ended) {
	const uint8_t *bytes;
	for (size_t have = 0; have < n;) {
		ssize_t more = content_peek(&bytes);
		if (more <= 0) {
			if (ended && more == 0 && have == 0) *ended = true;
			return false;
		}
		size_t part = (size_t)more < n - have ? (size_t)more : n - have;
		memcpy((uint8_t *)to + have, bytes, part);
		content_take(part);
		have += part;
		offset += part;
	}
	return true;
}

static bool skip(uint64_t n) {
	const uint8_t *bytes;
	while (n > 0) {
		ssize_t more = content_peek(&bytes);
		if (more <= 0) return bad();
		size_t part = (uint64_t)more < n ? (size_t)more : (size_t)n;
		content_take(part);
		offset += part;
		n -= part;
	}
	return true;
}

static bool skip_padding(uint64_t size) { return skip((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK); }

/* Octal, or base 256 as GNU tar writes what is too large for it. */
static bool number(const char *field, size_t n, uint64_t *value) {
	uint64_t v = 0;
	if ((uint8_t)field[0] == 0x80 || (uint8_t)field[0] == 0xff) {
		for (size_t i = 1; i < n; i++) v = v << 8 | (uint8_t)field[i];
		*value = v;
		return field[0] == (char)0x80 || n < 12; /* a negative size is none */
	}
	size_t i = 0;
	while (i < n && field[i] == ' ') i++;
	for (; i < n && field[i] >= '0' && field[i] <= '7'; i++) v = v << 3 | (uint64_t)(field[i] - '0');
	if (i < n && field[i] != 0 && field[i] != ' ') return false;
	*value = v;
	return true;
}

static bool sum_is_right(void) {
	uint64_t wanted, sum = 8 * ' ';
	const uint8_t *p = (const uint8_t *)&head;
	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (i < offsetof(struct tar_header, sum) || i >= offsetof(struct tar_header, type)) sum += p[i];
	return number(head.sum, sizeof head.sum, &wanted) && wanted == sum;
}

static bool keep_text(char to[PATH_BYTES], const char *from, size_t n) {
	if (n > FILES_MAX_PATH || memchr(from, 0, n)) return false;
	memcpy(to, from, n);
	to[n] = 0;
	return true;
}

static bool parse_time(const char *p, struct timespec *t) {
	bool negative = *p == '-';
	char *end;
	if (negative) p++;
	long long s = strtoll(p, &end, 10);
	long ns = 0;
	if (end == p) return false;
	if (*end == '.') {
		int digits = 0;
		for (end++; *end >= '0' && *end <= '9'; end++)
			if (digits < 9) ns = ns * 10 + (*end - '0'), digits++;
		for (; digits < 9; digits++) ns *= 10;
	}
	if (negative) {
		s = -s;
		if (ns > 0) s--, ns = 1000000000 - ns;
	}
	*t = (struct timespec){s, ns};
	return *end == 0;
}

/* Records "length key=value\n". What we do not know is passed over. */
static bool parse_extension(size_t n, struct member *to) {
	for (uint8_t *p = extension, *over = extension + n; p < over;) {
		char *end;
		unsigned long length = strtoul((char *)p, &end, 10);
		if (length < 5 || length > (size_t)(over - p) || *end != ' ' || p[length - 1] != '\n') return false;
		char *key = end + 1, *stop = (char *)p + length - 1;
		char *equals = memchr(key, '=', key < stop ? (size_t)(stop - key) : 0);
		if (!equals) return false;
		*equals = 0;
		*stop = 0;
		char *value = equals + 1;
		size_t m = (size_t)(stop - value);
		if (strcmp(key, "path") == 0) {
			if (!keep_text(to->name, value, m)) return false;
			has_name = true;
		} else if (strcmp(key, "linkpath") == 0) {
			if (!keep_text(to->link, value, m)) return false;
			has_link = true;
		} else if (strcmp(key, "size") == 0) {
			to->size = strtoull(value, &end, 10);
			if (*end || end == value || value[0] == '-' || to->size > INT64_MAX) return false;
			has_size = true;
		} else if (strcmp(key, "mtime") == 0) {
			if (!parse_time(value, &to->modified)) return false;
			has_time = true;
		} else if (strncmp(key, "GNU.sparse.", 11) == 0) {
			return false;
		}
		p += length;
	}
	return true;
}

static size_t field_length(const char *field, size_t n) { return strnlen(field, n); }

/* What the header itself says, where no extension has said it before. */
static bool parse_header(void) {
	uint64_t mode, seconds;
	if (!number(head.mode, sizeof head.mode, &mode)) return false;
	if (!has_size && !number(head.size, sizeof head.size, &member.size)) return false;
	if (member.size > INT64_MAX) return false;
	if (!has_time) {
		if (!number(head.mtime, sizeof head.mtime, &seconds)) return false;
		member.modified = (struct timespec){(time_t)seconds, 0};
	}
	member.mode = (mode_t)(mode & 07777);
	member.type = head.type;
	if (!has_name) {
		size_t n = field_length(head.name, sizeof head.name), at = 0;
		if (memcmp(head.magic, "ustar", 6) == 0 && head.prefix[0]) {
			at = field_length(head.prefix, sizeof head.prefix);
			memcpy(member.name, head.prefix, at);
			member.name[at++] = '/';
		}
		memcpy(member.name + at, head.name, n);
		member.name[at + n] = 0;
	}
	if (!has_link) {
		size_t n = field_length(head.link, sizeof head.link);
		memcpy(member.link, head.link, n);
		member.link[n] = 0;
	}
	return true;
}

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
	bool ok = true;
	way[p->end] = 0;
	if (p->dressed) {
		struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, p->modified};
		if (fchmod(p->fd, p->mode) < 0 || futimens(p->fd, times) < 0) ok = fail(STEP_ATTRIBUTES, way);
	}
	close(p->fd);
	depth--;
	if (depth >= 0) way[places[depth].end] = 0;
	return ok;
}

static bool enter_place(const char *name, size_t n, bool make) {
	if (depth == FILES_MAX_DEPTH) return fail_with(REASON_TOO_DEEP, STEP_MAKE, member.name, 0);
	size_t at = places[depth].end;
	if (at > 0) way[at++] = '/';
	memcpy(way + at, name, n);
	way[at + n] = 0;
	int fd = open_unlinked(places[depth].fd, way + at);
	if (fd < 0 && errno == ENOENT && make) {
		if (mkdirat(places[depth].fd, way + at, 0755) < 0 && errno != EEXIST) return fail(STEP_MAKE, way);
		fd = open_unlinked(places[depth].fd, way + at);
	}
	if (fd < 0) {
		if (errno == ELOOP) errno = ENOTDIR;
		fail(STEP_OPEN, way);
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
		if (!enter_place(path + at, end - at, true)) return false;
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
		if (n <= 0) return bad();
		if ((uint64_t)n > left) n = (ssize_t)left;
		if (!write_all(fd, bytes, (size_t)n, member.name)) return false;
		content_take((size_t)n);
		offset += (uint64_t)n;
		left -= (uint64_t)n;
	}
	return true;
}

static bool unpack_file(int at, const char *name) {
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
	return ok && skip_padding(member.size);
}

static bool make_other(int at, const char *name) {
	const char *linked;
	int from;
	switch (member.type) {
	case '1':
		if (!clean(member.link) || !member.link[0]) return bad();
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
	if (!clean(member.name)) return bad();
	bool directory = member.type == '5' || (content && member.size == 0 && head.name[0] && !has_name &&
						head.name[field_length(head.name, sizeof head.name) - 1] == '/');
	if (directory) {
		if (!stand_at(member.name, &name, true)) return false;
		outcome.count++;
		places[depth].dressed = depth > 0; /* the directory itself stays as it is */
		places[depth].mode = member.mode;
		places[depth].modified = member.modified;
		return skip(member.size) && skip_padding(member.size);
	}
	if (!member.name[0]) return bad();
	if (content) {
		outcome.count++;
		return stand_at(member.name, &name, false) && unpack_file(places[depth].fd, name);
	}
	if (member.type != '1' && member.type != '2' && member.type != '6') {
		if (member.type == 'S') return bad();
		return skip(member.size) && skip_padding(member.size); /* devices, and what we do not know */
	}
	outcome.count++;
	return stand_at(member.name, &name, false) && unpack_other(places[depth].fd, name) && skip(member.size) &&
	       skip_padding(member.size);
}

static bool take_extension(uint64_t size) {
	if (size > MOST_EXTENSION) return bad();
	if (!take(extension, (size_t)size, NULL)) return bad();
	extension[size] = 0;
	return skip_padding(size);
}

/* What stands before a member and says more about it. */
static bool take_special(char type, uint64_t size) {
	if (!take_extension(size)) return false;
	size_t n = strnlen((char *)extension, (size_t)size);
	switch (type) {
	case 'L': has_name = true; return keep_text(member.name, (char *)extension, n) || bad();
	case 'K': has_link = true; return keep_text(member.link, (char *)extension, n) || bad();
	case 'x': return parse_extension((size_t)size, &member) || bad();
	default: return true; /* what is said of all members: comments, mostly */
	}
}

static bool all_zero(void) {
	const uint8_t *p = (const uint8_t *)&head;
	return p[0] == 0 && memcmp(p, p + 1, TAR_BLOCK - 1) == 0;
}

static bool unpack_all(void) {
	bool ended = false, any = false;
	const uint8_t *rest;
	for (;;) {
		if (!take(&head, TAR_BLOCK, &ended)) return ended && any ? true : bad();
		if (all_zero()) break;
		uint64_t size;
		if (!sum_is_right()) return bad();
		any = true;
		if (head.type == 'L' || head.type == 'K' || head.type == 'x' || head.type == 'g') {
			if (!number(head.size, sizeof head.size, &size) || !take_special(head.type, size)) return bad();
			continue;
		}
		if (!parse_header()) return bad();
		bool ok = unpack_member();
		has_name = has_link = has_size = has_time = false;
		if (!ok) return false;
	}
	ssize_t n;
	while ((n = content_peek(&rest)) > 0) content_take((size_t)n); /* whatever fills up the last record */
	return n == 0 || bad();
}

bool op_unpack(const struct request *r) {
	char inside[PATH_BYTES];
	if (!join(inside, r->s[0], ".") || !make_parents(inside)) return false;
	int fd = open(r->s[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return fail(STEP_OPEN, r->s[0]);
	member = global;
	has_name = has_link = has_size = has_time = false;
	offset = 0;
	depth = 0;
	way[0] = 0;
	places[0] = (struct place){.fd = fd};
	mode_t mask = umask(0);
	bool ok = unpack_all();
	while (depth >= 0)
		if (!leave_place()) ok = false;
	umask(mask);
	return ok;
}
