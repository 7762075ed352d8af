/* Several changes, all or none: everything is put beside its place and looked at first, then renamed, with the way back kept. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

struct change {
	enum files_change kind;
	bool absent, match;
	uint8_t hash[HASH_BYTES];
	const char *path, *to; /* of a rename */
	const char *staged;    /* where the new content lies */
	const char *saved;     /* where the old one lies while the way back is open */
	const char *final;     /* links resolved */
	bool done, was_there;
};

static struct change changes[FILES_MAX_CHANGES];
static uint32_t change_count;
static char texts[4 * FILES_MAX_CHANGE_BYTES];
static size_t texts_end;
static struct staged one;

static const char *keep_text(const char *text) {
	size_t n = strlen(text) + 1;
	if (n > sizeof texts - texts_end) return NULL;
	char *at = texts + texts_end;
	memcpy(at, text, n);
	texts_end += n;
	return at;
}

static bool too_many(const char *path) { return fail_with(REASON_TOO_MANY, STEP_START, path, 0); }

/* What a change wants is looked at before its content comes, and again before anything is done. */
static bool check(const struct change *c) {
	struct stat st;
	bool there = fstatat(AT_FDCWD, c->path, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (c->kind == CHANGE_RENAME) {
		if (!there) return fail(STEP_LOOK, c->path);
		if (fstatat(AT_FDCWD, c->to, &st, AT_SYMLINK_NOFOLLOW) == 0) {
			errno = EEXIST;
			return fail(STEP_LOOK, c->to);
		}
		return true;
	}
	if (c->absent && there) {
		errno = EEXIST;
		return fail(STEP_LOOK, c->path);
	}
	if (c->kind == CHANGE_DELETE && !there) return fail(STEP_LOOK, c->path);
	if (c->kind == CHANGE_DELETE && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return fail(STEP_LOOK, c->path);
	}
	return !c->match || require_content(c->path, c->hash);
}

static bool take_change(struct request *r) {
	if (change_count == FILES_MAX_CHANGES) return too_many(r->s[0]);
	if (!workspace_admit_change(r)) return false;
	struct change *c = &changes[change_count];
	*c = (struct change){.kind = (enum files_change)r->op};
	c->absent = r->flags & FILES_FLAG_IF_ABSENT;
	c->match = r->flags & FILES_FLAG_IF_MATCH;
	memcpy(c->hash, r->hash, HASH_BYTES);
	c->path = keep_text(r->s[0]);
	c->to = keep_text(r->s[1]);
	if (!c->path || !c->to) return too_many(r->s[0]);
	if (c->kind < CHANGE_PUT || c->kind > CHANGE_RENAME || !c->path[0] || (c->kind == CHANGE_RENAME) != (c->to[0] != 0))
		return fail_with(REASON_BAD_REQUEST, STEP_START, r->s[0], 0);
	change_count++;
	/* Earlier changes may make what a later one needs, so a rename or a removal is only looked at when its turn comes. */
	if (c->kind != CHANGE_PUT) return true;
	if (!check(c) || !make_parents(c->path) || !stage(&one, c->path, r->mode, r->a, false)) return false;
	c->staged = keep_text(one.temporary);
	c->final = keep_text(one.final);
	if (!c->staged || !c->final) {
		stage_drop(&one);
		return too_many(c->path);
	}
	return true;
}

/* A name beside another that nobody has. */
static const char *beside(const char *path) {
	char directory[PATH_BYTES], name[64], whole[PATH_BYTES];
	static uint32_t last;
	struct stat st;
	parent_of(path, directory);
	do {
		snprintf(name, sizeof name, ".atoll-%d-%u.old", getpid(), ++last);
		if (!join(whole, directory, name)) return NULL;
	} while (fstatat(AT_FDCWD, whole, &st, AT_SYMLINK_NOFOLLOW) == 0);
	const char *kept = keep_text(whole);
	if (!kept) too_many(path);
	return kept;
}

/* Keeps what is there by a second name: at no moment is there nothing. */
static bool save(struct change *c) {
	struct stat st;
	if (fstatat(AT_FDCWD, c->final, &st, AT_SYMLINK_NOFOLLOW) < 0) return true;
	c->was_there = true;
	const char *name = beside(c->final);
	if (!name) return false;
	if (linkat(AT_FDCWD, c->final, AT_FDCWD, name, 0) < 0) return fail(STEP_LINK, c->path);
	c->saved = name;
	return true;
}

static bool carry_out(struct change *c) {
	if (!check(c)) return false;
	switch (c->kind) {
	case CHANGE_PUT:
		if (c->absent) {
			if (!rename_new(c->staged, c->final)) return fail(STEP_RENAME, c->path);
		} else if (!save(c) || rename(c->staged, c->final) < 0) {
			return fail(STEP_RENAME, c->path);
		}
		c->staged = NULL;
		break;
	case CHANGE_DELETE: {
		const char *name = beside(c->path);
		if (!name) return false;
		if (rename(c->path, name) < 0) return fail(STEP_REMOVE, c->path);
		c->saved = name;
		break;
	}
	default:
		if (!make_parents(c->to)) return false;
		if (!rename_new(c->path, c->to)) return fail(STEP_RENAME, c->path);
	}
	return c->done = true;
}

/* Backwards, so that each finds what it left. */
static void undo(void) {
	for (uint32_t i = change_count; i-- > 0;) {
		struct change *c = &changes[i];
		if (c->done) {
			if (c->kind == CHANGE_RENAME) rename(c->to, c->path);
			else if (c->saved) rename(c->saved, c->kind == CHANGE_PUT ? c->final : c->path);
			else unlink(c->final);
		} else if (c->saved) {
			unlink(c->saved);
		}
		if (c->staged) unlink(c->staged);
	}
}

static bool run(void) {
	static struct request r;
	int more;
	while ((more = next_change(&r)) == 1)
		if (!take_change(&r)) return false;
	if (more < 0) return fail_with(REASON_CUT_SHORT, STEP_READ, "", 0);
	for (uint32_t i = 0; i < change_count; i++)
		if (!carry_out(&changes[i])) return false;
	return true;
}

bool op_apply(const struct request *r) {
	(void)r;
	change_count = 0;
	texts_end = 0;
	if (!run()) {
		undo();
		return false;
	}
	for (uint32_t i = 0; i < change_count; i++)
		if (changes[i].saved) unlink(changes[i].saved);
	outcome.count = change_count;
	return true;
}
