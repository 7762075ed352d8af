/* Makes, moves, removes and changes what is in directories. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "atoll.h"
#include "files.h"

static struct walk w;

bool op_make_directory(const struct request *r) {
	const char *path = r->s[0];
	struct stat st;
	bool parents = r->flags & FILES_FLAG_PARENTS;
	if (parents && !make_parents(path)) return false;
	if (mkdir(path, 0777) < 0) {
		int error = errno;
		if (!parents || fstatat(AT_FDCWD, path, &st, 0) < 0 || !S_ISDIR(st.st_mode)) {
			errno = error;
			return fail(STEP_MAKE, path);
		}
	} else if (r->mode != FILES_NO_MODE && chmod(path, r->mode) < 0) {
		return fail(STEP_ATTRIBUTES, path);
	}
	outcome.count = 1;
	if (!look(path, true, &outcome.entry)) return false;
	outcome.entry_path = path;
	return outcome.has_entry = true;
}

static enum answer remove_visit(struct walk *at) {
	if (at->kind == DT_DIR) return ANSWER_ON;
	if (at->kind == DT_UNKNOWN) {
		struct stat st;
		if (!walk_stat(at, &st)) return ANSWER_FAIL;
		at->kind = IFTODT(st.st_mode);
		if (at->kind == DT_DIR) return ANSWER_ON;
	}
	if (unlinkat(at->at, at->name, 0) < 0 && errno != ENOENT) {
		fail(STEP_REMOVE, walk_shown(at));
		return ANSWER_FAIL;
	}
	outcome.count++;
	return ANSWER_ON;
}

static enum answer remove_left(struct walk *at) {
	if (unlinkat(at->at, at->name, AT_REMOVEDIR) < 0 && errno != ENOENT) {
		fail(STEP_REMOVE, walk_shown(at));
		return ANSWER_FAIL;
	}
	outcome.count++;
	return ANSWER_ON;
}

/* All that is at a path. Links in it are removed, what they point to is not. */
bool remove_tree(const char *path) {
	int fd = open_unlinked(AT_FDCWD, path);
	if (fd >= 0) {
		w = (struct walk){.root = path, .visit = remove_visit, .left = remove_left, .strict = true};
		bool ok = walk(&w, fd);
		close(fd);
		if (!ok) return false;
		if (rmdir(path) < 0) return fail(STEP_REMOVE, path);
	} else if (unlink(path) < 0) {
		return fail(STEP_REMOVE, path);
	}
	outcome.count++;
	return true;
}

bool op_remove(const struct request *r) {
	const char *path = r->s[0];
	struct stat st;
	if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno == ENOENT && (r->flags & FILES_FLAG_MISSING_OK)) return true;
		return fail(STEP_LOOK, path);
	}
	if (r->flags & FILES_FLAG_RECURSIVE) return remove_tree(path);
	if ((S_ISDIR(st.st_mode) ? rmdir(path) : unlink(path)) < 0) return fail(STEP_REMOVE, path);
	outcome.count = 1;
	return true;
}

bool op_move(const struct request *r) {
	bool overwrite = r->flags & FILES_FLAG_OVERWRITE;
	outcome.count = 1;
	bool moved = overwrite ? rename(r->s[0], r->s[1]) == 0 : rename_new(r->s[0], r->s[1]);
	if (!moved) {
		if (errno != EXDEV) return fail(STEP_RENAME, errno == EEXIST || errno == ENOTEMPTY ? r->s[1] : r->s[0]);
		outcome.count = 0;
		if (!copy_tree(r->s[0], r->s[1], overwrite)) return false;
		uint64_t copied = outcome.count;
		if (!remove_tree(r->s[0])) return false;
		outcome.count = copied;
	}
	if (!look(r->s[1], false, &outcome.entry)) return false;
	outcome.entry_path = r->s[1];
	return outcome.has_entry = true;
}

bool op_symbolic_link(const struct request *r) {
	if (symlink(r->s[1], r->s[0]) < 0) return fail(STEP_LINK, r->s[0]);
	outcome.count = 1;
	return true;
}

struct attributes {
	const struct request *r;
	bool owner;
	uid_t uid;
	gid_t gid;
};

static bool set(const struct attributes *a, int at, const char *name, bool link, const char *shown) {
	const struct request *r = a->r;
	struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = (time_t)r->c, .tv_nsec = r->nanos}};
	if (a->owner && fchownat(at, name, a->uid, a->gid, AT_SYMLINK_NOFOLLOW) < 0) return fail(STEP_ATTRIBUTES, shown);
	if (link) return true;
	/* After the owner: changing that takes away setuid. */
	if (r->mode != FILES_NO_MODE && fchmodat(at, name, r->mode, 0) < 0) return fail(STEP_ATTRIBUTES, shown);
	if ((r->flags & FILES_FLAG_TIME) && utimensat(at, name, times, 0) < 0) return fail(STEP_ATTRIBUTES, shown);
	outcome.count++;
	return true;
}

static enum answer set_visit(struct walk *at) {
	struct stat st;
	if (at->kind == DT_DIR) return ANSWER_ON; /* when we come out: it may lose the right to be entered */
	if (!walk_stat(at, &st)) return ANSWER_FAIL;
	at->kind = IFTODT(st.st_mode);
	if (S_ISDIR(st.st_mode)) return ANSWER_ON;
	return set(at->context, at->at, at->name, S_ISLNK(st.st_mode), walk_shown(at)) ? ANSWER_ON : ANSWER_FAIL;
}

static enum answer set_left(struct walk *at) {
	return set(at->context, at->at, at->name, false, walk_shown(at)) ? ANSWER_ON : ANSWER_FAIL;
}

static bool find_owner(struct attributes *a, const char *owner) {
	int error;
	struct lane *l = &lanes[0]; /* nothing is spawned here */
	if (!owner[0]) return true;
	if (strlen(owner) >= MAX_USER) return fail_with(REASON_NO_USER, STEP_START, owner, 0);
	l->user = owner;
	l->who.wanted[0] = 0;
	enum spawn_stage failed = resolve_user(l, &error);
	if (failed != STAGE_NONE) return fail_with(failed == STAGE_USER_NOT_FOUND ? REASON_NO_USER : REASON_NO_GROUP, STEP_START, owner, 0);
	a->owner = true;
	a->uid = l->who.uid;
	a->gid = strchr(owner, ':') ? l->who.gid : (gid_t)-1;
	return true;
}

bool op_set_attributes(const struct request *r) {
	struct attributes a = {.r = r};
	struct stat st;
	const char *path = r->s[0];
	if (!find_owner(&a, r->s[1]) || !look(path, false, &st)) return false;
	bool link = S_ISLNK(st.st_mode);
	if ((r->flags & FILES_FLAG_RECURSIVE) && S_ISDIR(st.st_mode)) {
		int fd = open_unlinked(AT_FDCWD, path);
		if (fd < 0) return fail(STEP_OPEN, path);
		w = (struct walk){.root = path, .context = &a, .visit = set_visit, .left = set_left, .strict = true};
		bool ok = walk(&w, fd);
		close(fd);
		if (!ok) return false;
	}
	/* Named itself, a link stands for what it points to, but for its owner. */
	if (link && (r->mode != FILES_NO_MODE || (r->flags & FILES_FLAG_TIME))) link = false;
	if (!set(&a, AT_FDCWD, path, link, path) || !look(path, false, &outcome.entry)) return false;
	outcome.entry_path = path;
	return outcome.has_entry = true;
}
