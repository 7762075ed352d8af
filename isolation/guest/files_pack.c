/* Packs into a tar stream. Sockets and devices stay out. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "files_tar.h"

#define OCTAL_SIZE_MOST 077777777777ull
#define OCTAL_ID_MOST 07777777u
#define RECORD_BYTES 10240u /* what tar programs read at once */

static struct walk w;
static uint64_t streamed;

static void put_bytes(const void *bytes, size_t n) {
	const uint8_t *from = bytes;
	streamed += n;
	while (n > 0) {
		size_t room;
		uint8_t *to = stream_room(&room);
		if (room > n) room = n;
		memcpy(to, from, room);
		stream_add(room);
		from += room;
		n -= room;
	}
}

static void put_zeros(uint64_t n) {
	streamed += n;
	while (n > 0) {
		size_t room;
		uint8_t *to = stream_room(&room);
		if (room > n) room = (size_t)n;
		memset(to, 0, room);
		stream_add(room);
		n -= room;
	}
}

static void octal(char *field, size_t size, uint64_t value) {
	for (size_t i = size - 1; i-- > 0; value >>= 3) field[i] = (char)('0' + (value & 7));
	field[size - 1] = 0;
}

static void put_header(struct tar_header *h) {
	unsigned sum = 0;
	memcpy(h->magic, "ustar", 6);
	memcpy(h->version, "00", 2);
	memset(h->sum, ' ', sizeof h->sum);
	for (size_t i = 0; i < TAR_BLOCK; i++) sum += ((const uint8_t *)h)[i];
	octal(h->sum, 7, sum);
	put_bytes(h, TAR_BLOCK);
}

static uint8_t extension[4 * PATH_BYTES];
static size_t extension_end;

static void extend(const char *key, const char *value, size_t n) {
	size_t rest = strlen(key) + n + 3, length = rest + 1; /* " key=value\n" and the digits of the length itself */
	for (size_t digits = 1, ten = 10; length >= ten; ten *= 10) length = rest + ++digits;
	extension_end += (size_t)sprintf((char *)extension + extension_end, "%zu %s=", length, key);
	memcpy(extension + extension_end, value, n);
	extension_end += n;
	extension[extension_end++] = '\n';
}

static void extend_number(const char *key, uint64_t value) {
	char text[32];
	extend(key, text, (size_t)sprintf(text, "%" PRIu64, value));
}

static void put_extension(void) {
	struct tar_header h = {.name = "atoll.pax", .type = 'x'};
	octal(h.mode, sizeof h.mode, 0644);
	octal(h.uid, sizeof h.uid, 0);
	octal(h.gid, sizeof h.gid, 0);
	octal(h.size, sizeof h.size, extension_end);
	octal(h.mtime, sizeof h.mtime, 0);
	put_header(&h);
	put_bytes(extension, extension_end);
	put_zeros((TAR_BLOCK - extension_end % TAR_BLOCK) % TAR_BLOCK);
}

/* The header of a member, and what does not fit into it before it. */
static void put_member(const char *name, const struct stat *st, char type, const char *link, uint64_t size) {
	struct tar_header h = {.type = type};
	size_t n = strlen(name), l = link ? strlen(link) : 0;
	extension_end = 0;
	if (n > sizeof h.name) extend("path", name, n);
	if (l > sizeof h.link) extend("linkpath", link, l);
	if (size > OCTAL_SIZE_MOST) extend_number("size", size);
	if (st->st_uid > OCTAL_ID_MOST) extend_number("uid", st->st_uid);
	if (st->st_gid > OCTAL_ID_MOST) extend_number("gid", st->st_gid);
	if (st->st_mtim.tv_nsec || st->st_mtim.tv_sec < 0) {
		char text[64];
		int64_t s = st->st_mtim.tv_sec;
		long ns = st->st_mtim.tv_nsec;
		bool negative = s < 0;
		if (negative && ns > 0) s++, ns = 1000000000 - ns;
		extend("mtime", text, (size_t)sprintf(text, "%s%" PRId64 ".%09ld", negative ? "-" : "", negative ? -s : s, ns));
	}
	if (extension_end > 0) put_extension();
	memcpy(h.name, name, n > sizeof h.name ? sizeof h.name : n);
	if (l > 0) memcpy(h.link, link, l > sizeof h.link ? sizeof h.link : l);
	octal(h.mode, sizeof h.mode, st->st_mode & 07777);
	octal(h.uid, sizeof h.uid, st->st_uid > OCTAL_ID_MOST ? 0 : st->st_uid);
	octal(h.gid, sizeof h.gid, st->st_gid > OCTAL_ID_MOST ? 0 : st->st_gid);
	octal(h.size, sizeof h.size, size > OCTAL_SIZE_MOST ? 0 : size);
	octal(h.mtime, sizeof h.mtime, st->st_mtim.tv_sec < 0 ? 0 : (uint64_t)st->st_mtim.tv_sec);
	put_header(&h);
	outcome.count++;
}

/* Exactly as many bytes as announced: what has grown meanwhile is cut, what has shrunk is filled up. */
static bool put_content(int fd, uint64_t size, const char *shown) {
	uint64_t left = size;
	while (left > 0) {
		size_t room;
		uint8_t *to = stream_room(&room);
		if (room > left) room = (size_t)left;
		ssize_t n = read(fd, to, room);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return fail(STEP_READ, shown);
		if (n == 0) break;
		stream_add((size_t)n);
		streamed += (uint64_t)n;
		left -= (uint64_t)n;
	}
	outcome.bytes += size - left;
	put_zeros(left + (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
	return true;
}

static bool pack_file(int at, const char *name, const char *inside, const struct stat *looked, const char *shown) {
	struct stat st;
	const char *first = links_seen(looked, inside);
	if (first) {
		put_member(inside, looked, '1', first, 0);
		return true;
	}
	int fd = open_content(at, name, O_RDONLY | O_NOFOLLOW, 0, &st, shown);
	if (fd < 0) return false;
	put_member(inside, &st, '0', NULL, (uint64_t)st.st_size);
	bool ok = put_content(fd, (uint64_t)st.st_size, shown);
	close(fd);
	return ok;
}

/* One that was read ahead. */
static void pack_small(const struct ahead *f, const char *inside) {
	const char *first = links_seen(&f->st, inside);
	size_t size = (size_t)f->st.st_size;
	put_member(inside, &f->st, first ? '1' : '0', first, first ? 0 : size);
	if (first) return;
	put_bytes(f->bytes, size);
	put_zeros((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
	outcome.bytes += size;
}

static bool pack_one(int at, const char *name, const char *inside, const struct stat *st, const char *shown) {
	char target[PATH_BYTES];
	if (S_ISREG(st->st_mode)) return pack_file(at, name, inside, st, shown);
	if (S_ISLNK(st->st_mode)) {
		ssize_t n = readlinkat(at, name, target, sizeof target - 1);
		if (n < 0) return fail(STEP_READ, shown);
		target[n] = 0;
		put_member(inside, st, '2', target, 0);
	} else if (S_ISFIFO(st->st_mode)) {
		put_member(inside, st, '6', NULL, 0);
	}
	return true;
}

static bool excluded(const struct request *r, const char *path, bool directory) {
	for (uint32_t i = 1; i < r->count; i++)
		if (glob_match(r->s[i], path, directory)) return true;
	return false;
}

static enum answer pack_visit(struct walk *at) {
	struct stat st;
	const struct ahead *ready = ahead_of(at);
	if (ready) {
		if (!excluded(at->context, at->path, false)) pack_small(ready, at->path);
		return ANSWER_SKIP; /* nothing is below it */
	}
	if (fstatat(at->at, at->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT) return ANSWER_SKIP;
		fail(STEP_LOOK, walk_shown(at));
		return ANSWER_FAIL;
	}
	at->kind = IFTODT(st.st_mode);
	if (excluded(at->context, at->path, S_ISDIR(st.st_mode))) return ANSWER_SKIP;
	if (!S_ISDIR(st.st_mode)) return pack_one(at->at, at->name, at->path, &st, walk_shown(at)) ? ANSWER_ON : ANSWER_FAIL;
	char name[PATH_BYTES + 1];
	memcpy(name, at->path, at->length);
	memcpy(name + at->length, "/", 2);
	put_member(name, &st, '5', NULL, 0);
	return ANSWER_ON;
}

bool op_pack(const struct request *r) {
	struct stat st;
	for (uint32_t i = 1; i < r->count; i++)
		if (!glob_valid(r->s[i])) return fail_with(REASON_PATTERN, STEP_START, r->s[i], 0);
	if (!look(r->s[0], true, &st)) return false;
	links_forget();
	ahead_forget();
	streamed = 0;
	bool ok;
	if (S_ISDIR(st.st_mode)) {
		int fd = open(r->s[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0) return fail(STEP_OPEN, r->s[0]);
		w = (struct walk){.root = r->s[0], .context = (void *)r, .visit = pack_visit, .strict = true};
		ok = walk(&w, fd);
		close(fd);
	} else {
		char path[PATH_BYTES];
		if (!resolve_links(r->s[0], path)) return false;
		if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)) return fail_with(REASON_NOT_REGULAR, STEP_READ, r->s[0], 0);
		ok = pack_one(AT_FDCWD, path, last_name(r->s[0]), &st, r->s[0]);
	}
	if (!ok) return false;
	put_zeros(2 * TAR_BLOCK);
	put_zeros((RECORD_BYTES - streamed % RECORD_BYTES) % RECORD_BYTES);
	stream_end();
	return true;
}
