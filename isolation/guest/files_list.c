/* Lists, and searches for names. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

static struct walk w; /* large */

static int open_directory(const char *path) {
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) fail(STEP_OPEN, path);
	return fd;
}

static bool walk_below(const char *root) {
	int fd = open_directory(root);
	if (fd < 0) return false;
	w.root = root;
	bool ok = walk(&w, fd);
	close(fd);
	return ok;
}

/* Tells what is visited; what vanishes meanwhile was not there. */
static enum answer tell(struct walk *at, uint64_t limit) {
	struct stat st;
	if (outcome.count == limit) {
		outcome.truncated = true;
		return ANSWER_STOP;
	}
	if (fstatat(at->at, at->name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT) return ANSWER_SKIP;
		fail(STEP_LOOK, walk_shown(at));
		return ANSWER_FAIL;
	}
	outcome.count++;
	return tell_path(at->at, at->name, walk_shown(at), &st, false) ? ANSWER_ON : ANSWER_FAIL;
}

static enum answer list_visit(struct walk *at) { return tell(at, ((const struct request *)at->context)->b); }

/* What is left of a path when that of the directory is taken off; NULL when it lies elsewhere. */
static const char *below(const char *path, const char *root) {
	size_t n = strlen(root);
	if (strncmp(path, root, n) != 0) return NULL;
	if (n > 0 && root[n - 1] == '/') return path + n;
	return path[n] == '/' ? path + n + 1 : NULL;
}

bool op_list(const struct request *r) {
	const char *after = r->s[1][0] ? below(r->s[1], r->s[0]) : NULL;
	if (r->a < 1 || r->b < 1 || (r->s[1][0] && !after)) return fail_with(REASON_BAD_REQUEST, STEP_START, r->s[1], 0);
	w = (struct walk){.context = (void *)r, .visit = list_visit, .after = after};
	w.most_levels = r->a > FILES_MAX_DEPTH ? FILES_MAX_DEPTH : (int)r->a;
	return walk_below(r->s[0]);
}

static enum answer glob_visit(struct walk *at) {
	const struct request *r = at->context;
	bool directory = at->kind == DT_DIR;
	if (at->kind == DT_UNKNOWN) {
		struct stat st;
		if (fstatat(at->at, at->name, &st, AT_SYMLINK_NOFOLLOW) < 0) return ANSWER_SKIP;
		at->kind = IFTODT(st.st_mode);
		directory = S_ISDIR(st.st_mode);
	}
	return glob_match(r->s[1], at->path, directory) ? tell(at, r->b) : ANSWER_ON;
}

bool op_glob(const struct request *r) {
	if (!glob_valid(r->s[1])) return fail_with(REASON_PATTERN, STEP_START, r->s[1], 0);
	if (r->b < 1) return fail_with(REASON_BAD_REQUEST, STEP_START, r->s[0], 0);
	w = (struct walk){.context = (void *)r, .visit = glob_visit};
	return walk_below(r->s[0]);
}
