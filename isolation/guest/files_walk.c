/*
 * Walks below a directory, the names of each in the order of their bytes, parents first. Links are not followed.
 *
 * However many names a directory has, a level keeps only as many as fit its part of the arena: the smallest ones behind the
 * last that was visited. When these are done the directory is read again for the next.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files.h"

#define ARENA_BYTES (8u * 1024 * 1024)
#define LEAST_BYTES (16u * 1024) /* of a level */
#define NAME_BYTES 256
#define LOOK_EVERY 256 /* names between two looks whether anybody still waits for an answer */
#define RECORD_HEADER 3u /* length of the name, kind */

struct level {
	int fd;
	size_t base, end;    /* records in the arena; then the index, sorted */
	uint32_t count, at;
	bool more;           /* there are names behind the last of these */
	size_t length;       /* of the path of the directory */
	char last[NAME_BYTES];
	const char *skip_to; /* what is left of `after` here */
};

static uint8_t arena[ARENA_BYTES + FILES_MAX_DEPTH * LEAST_BYTES] __attribute__((aligned(8)));
static struct level levels[FILES_MAX_DEPTH + 1];
static uint8_t listing[64 * 1024] __attribute__((aligned(8)));
static char shown[2 * PATH_BYTES];

static uint32_t record_length(uint32_t offset) { return (uint32_t)(arena[offset] | arena[offset + 1] << 8); }
static const char *record_name(uint32_t offset) { return (const char *)arena + offset + RECORD_HEADER; }

static int by_name(const void *a, const void *b) {
	return strcmp(record_name(*(const uint32_t *)a), record_name(*(const uint32_t *)b));
}

static uint32_t *index_of(const struct level *l, size_t limit) { return (uint32_t *)(void *)(arena + limit) - l->count; }

/* Keeps the smaller half of the names and moves their records together; the index grows down from `limit`. */
static void keep_half(struct level *l, size_t limit, char bound[NAME_BYTES]) {
	uint32_t *index = index_of(l, limit);
	qsort(index, l->count, sizeof *index, by_name);
	uint32_t kept = l->count / 2;
	strcpy(bound, record_name(index[kept - 1]));
	size_t to = l->base;
	uint32_t n = 0;
	l->more = true;
	for (size_t from = l->base; from < l->end;) {
		size_t size = RECORD_HEADER + record_length((uint32_t)from) + 1;
		if (strcmp(record_name((uint32_t)from), bound) <= 0) {
			memmove(arena + to, arena + from, size);
			((uint32_t *)(void *)(arena + limit))[-(int64_t)++n] = (uint32_t)to;
			to += size;
		}
		from += size;
	}
	l->end = to;
	l->count = n;
}

static void keep(struct level *l, size_t limit, const char *name, unsigned char kind, char bound[NAME_BYTES]) {
	size_t n = strlen(name);
	if (n >= NAME_BYTES || (l->last[0] && strcmp(name, l->last) <= 0)) return;
	if (bound[0] && strcmp(name, bound) >= 0) return;
	if (l->end + RECORD_HEADER + n + 1 + sizeof(uint32_t) * (l->count + 2) > limit) keep_half(l, limit, bound);
	if (bound[0] && strcmp(name, bound) >= 0) return;
	uint8_t *p = arena + l->end;
	p[0] = (uint8_t)n;
	p[1] = (uint8_t)(n >> 8);
	p[2] = kind;
	memcpy(p + RECORD_HEADER, name, n + 1);
	((uint32_t *)(void *)(arena + limit))[-(int64_t)++l->count] = (uint32_t)l->end;
	l->end += RECORD_HEADER + n + 1;
}

/* Reads the next names of a directory. */
static bool fill(struct level *l, const char *path) {
	size_t left = sizeof arena - l->base, share = left / 2;
	if (share < LEAST_BYTES) share = LEAST_BYTES;
	size_t limit = (l->base + share) & ~(size_t)7;
	char bound[NAME_BYTES] = "";
	l->end = l->base;
	l->count = l->at = 0;
	l->more = false;
	if (lseek(l->fd, 0, SEEK_SET) < 0) return fail(STEP_READ, path);
	for (;;) {
		long n = syscall(SYS_getdents64, l->fd, listing, sizeof listing);
		if (n < 0) return fail(STEP_READ, path);
		if (n == 0) break;
		for (long at = 0; at < n;) {
			const struct dirent64 *e = (const void *)(listing + at);
			at += e->d_reclen;
			if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) keep(l, limit, e->d_name, e->d_type, bound);
		}
		leave_if_alone();
	}
	uint32_t *index = index_of(l, limit);
	qsort(index, l->count, sizeof *index, by_name);
	size_t start = (l->end + 3) & ~(size_t)3;
	memmove(arena + start, index, l->count * sizeof *index);
	l->end = start;
	return true;
}

static size_t used_end(const struct level *l) { return l->end + l->count * sizeof(uint32_t); }

bool walk_stat(struct walk *w, struct stat *st) {
	if (fstatat(w->at, w->name, st, AT_SYMLINK_NOFOLLOW) < 0) return fail(STEP_LOOK, walk_shown(w));
	return true;
}

const char *walk_shown(const struct walk *w) {
	size_t n = strlen(w->root);
	memcpy(shown, w->root, n);
	if (n > 0 && shown[n - 1] != '/') shown[n++] = '/';
	memcpy(shown + n, w->path, w->length + 1);
	return shown;
}

const char *walk_file_behind(const struct walk *w, unsigned n) {
	const struct level *l = &levels[w->depth];
	uint32_t at = l->at - 1 + n; /* l->at is already the next one */
	if (at >= l->count) return NULL;
	uint32_t offset = ((const uint32_t *)(const void *)(arena + l->end))[at];
	return arena[offset + 2] == DT_REG ? record_name(offset) : NULL;
}

/* What processes and devices show as files is no content, and endless; unless the walk began there. */
static bool is_synthetic(int fd, int root_fd) {
	struct statfs s, root;
	if (fstatfs(fd, &s) < 0 || (s.f_type != 0x9fa0 && s.f_type != 0x62656572)) return false;
	return fstatfs(root_fd, &root) == 0 && root.f_type != s.f_type;
}

static bool is_directory(struct walk *w) {
	struct stat st;
	if (w->kind == DT_UNKNOWN) {
		if (fstatat(w->at, w->name, &st, AT_SYMLINK_NOFOLLOW) < 0) return false;
		w->kind = IFTODT(st.st_mode);
	}
	return w->kind == DT_DIR;
}

static bool enter(struct walk *w, int depth, size_t base, const char *skip_to) {
	struct level *l = &levels[depth];
	l->base = (base + 7) & ~(size_t)7;
	l->last[0] = 0;
	l->length = w->length;
	l->skip_to = NULL;
	if (skip_to && *skip_to) {
		/* The next name is the one named here, or behind it: the walk begins just before it. */
		l->skip_to = skip_to;
	}
	return fill(l, depth == 0 ? w->root : walk_shown(w));
}

/* Whether this name was told on an earlier page; *rest is where to go on below it. */
static bool told_before(struct level *l, const char *name, const char **rest) {
	*rest = NULL;
	if (!l->skip_to) return false;
	const char *slash = strchr(l->skip_to, '/');
	size_t n = slash ? (size_t)(slash - l->skip_to) : strlen(l->skip_to);
	int order = strncmp(name, l->skip_to, n);
	if (order == 0 && name[n] == 0) {
		*rest = slash ? slash + 1 : "";
		l->skip_to = NULL;
		return true;
	}
	if (order < 0) {
		*rest = NULL;
		return true;
	}
	l->skip_to = NULL;
	return false;
}

static bool next_name(struct walk *w, struct level *l, int depth) {
	uint32_t offset = ((uint32_t *)(void *)(arena + l->end))[l->at++];
	size_t n = record_length(offset), at = l->length;
	if (at + n + 2 > PATH_BYTES || workspace_bytes() + strlen(w->root) + at + n + 2 > PATH_BYTES)
		return fail_with(REASON_TOO_DEEP, STEP_READ, walk_shown(w), 0);
	if (at > 0) w->path[at++] = '/';
	memcpy(w->path + at, record_name(offset), n + 1);
	strcpy(l->last, record_name(offset));
	w->length = at + n;
	w->name = w->path + at;
	w->kind = arena[offset + 2];
	w->at = l->fd;
	w->depth = depth;
	return true;
}

/* Goes into what was just visited. False is a failure; *entered says whether it did. */
static bool descend(struct walk *w, int depth, const char *rest, int root_fd, bool *entered) {
	*entered = false;
	int fd = open_unlinked(w->at, w->name);
	if (fd < 0) return w->strict && errno != ENOENT ? fail(STEP_OPEN, walk_shown(w)) : true;
	if (is_synthetic(fd, root_fd)) {
		close(fd);
		return true;
	}
	if (depth + 1 > FILES_MAX_DEPTH) {
		close(fd);
		return w->strict ? fail_with(REASON_TOO_DEEP, STEP_OPEN, walk_shown(w), 0) : true;
	}
	levels[depth + 1].fd = fd;
	*entered = true;
	return enter(w, depth + 1, used_end(&levels[depth]), rest);
}

/* All names of a level are done: closes it and tells. */
static enum answer leave(struct walk *w, int depth) {
	close(levels[depth].fd);
	if (depth == 0 || !w->left) return ANSWER_ON;
	struct level *up = &levels[depth - 1];
	w->length = levels[depth].length;
	w->path[w->length] = 0;
	w->name = w->path + up->length + (up->length > 0);
	w->at = up->fd;
	w->depth = depth - 1;
	w->kind = DT_DIR;
	return w->left(w);
}

static bool run(struct walk *w, int root_fd, int *depth) {
	unsigned seen = 0;
	while (*depth >= 0) {
		struct level *l = &levels[*depth];
		const char *rest;
		bool entered;
		if (l->at == l->count) {
			w->length = l->length;
			w->path[w->length] = 0;
			if (l->more) {
				if (!fill(l, *depth == 0 ? w->root : walk_shown(w))) return false;
				continue;
			}
			enum answer a = leave(w, (*depth)--);
			if (a == ANSWER_STOP) return true;
			if (a == ANSWER_FAIL) return false;
			continue;
		}
		if (!next_name(w, l, *depth)) return false;
		if (++seen % LOOK_EVERY == 0) leave_if_alone();
		bool told = told_before(l, w->name, &rest);
		enum answer a = told ? (rest ? ANSWER_ON : ANSWER_SKIP) : w->visit(w);
		if (a == ANSWER_STOP) return true;
		if (a == ANSWER_FAIL) return false;
		if (a == ANSWER_SKIP || (w->most_levels > 0 && *depth + 1 >= w->most_levels) || !is_directory(w)) continue;
		if (!descend(w, *depth, rest, root_fd, &entered)) {
			if (entered) (*depth)++;
			return false;
		}
		if (entered) (*depth)++;
	}
	return true;
}

bool walk(struct walk *w, int root_fd) {
	int depth = 0;
	w->length = 0;
	w->path[0] = 0;
	levels[0].fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 3);
	if (levels[0].fd < 0) return fail(STEP_OPEN, w->root);
	bool ok = enter(w, 0, 0, w->after) && run(w, root_fd, &depth);
	for (; depth >= 0; depth--) close(levels[depth].fd);
	return ok;
}
