/*
 * A workspace: a directory that nothing leads out of. Before anything else the process makes it its root, which is the wall. What
 * is asked is looked at besides, so that whoever asks for what lies outside is told so, instead of finding nothing: absolute links,
 * "..", and links that climb above the workspace are refused. A link that is put there between the look and the deed leads into
 * the workspace, wherever it points.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "wire.h"

#define MOST_LINKS 40 /* as the kernel has it */

static const char *workspace = "";
static size_t workspace_length;

bool in_workspace(void) { return workspace_length > 0; }

size_t workspace_bytes(void) { return workspace_length; }

/* As the user, who must be able to enter it, and then once more as root, who alone may make it the root. */
bool workspace_enter(const char *path, uid_t uid, gid_t gid, size_t group_count, const gid_t *groups) {
	if (setgroups(group_count, groups) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(-1, uid, -1) < 0) return false;
	if (chdir(path) < 0) return false;
	if (setresuid(-1, 0, -1) < 0 || chroot(".") < 0 || chdir("/") < 0) return false;
	workspace = path;
	workspace_length = strlen(path);
	return true;
}

/* A path as the host knows it: those that begin at the root begin at the workspace. */
uint8_t *put_path(uint8_t *p, const char *path) {
	size_t n = strlen(path), before = path[0] == '/' ? workspace_length : 0;
	if (before && n == 1) n = 0; /* the workspace itself */
	p = put32(p, (uint32_t)(before + n));
	memcpy(p, workspace, before);
	memcpy(p + before, path, n);
	return p + before + n;
}

static bool outside(const char *path) { return fail_with(REASON_OUTSIDE, STEP_START, path, 0); }

/* Takes the workspace off the beginning of an absolute path; NULL when it lies elsewhere. */
static const char *below(const char *path) {
	if (path[0] != '/') return path;
	if (strncmp(path, workspace, workspace_length) != 0) return NULL;
	path += workspace_length;
	return path[0] == 0 ? "/" : path[0] == '/' ? path : NULL;
}

static bool has_dots(const char *path) {
	for (const char *at = path; *at; at += strcspn(at, "/")) {
		at += strspn(at, "/");
		if (at[0] == '.' && at[1] == '.' && (at[2] == '/' || at[2] == 0)) return true;
	}
	return false;
}

/* Whether a path stays within, through all links on its way; the last name is looked through only when it will be `followed`. */
static bool stays(const char *path, bool followed) {
	static char left[2 * PATH_BYTES], target[PATH_BYTES];
	char at[PATH_BYTES] = "";
	size_t n = 0;
	int links = 0;
	memcpy(left, path, strlen(path) + 1);
	for (char *next = left; *next;) {
		next += strspn(next, "/");
		size_t length = strcspn(next, "/");
		if (length == 0) break;
		bool last = next[length] == 0;
		if (length == 2 && memcmp(next, "..", 2) == 0) {
			if (n == 0) return false;
			while (at[--n] != '/') {}
			at[n] = 0;
		} else if (length != 1 || next[0] != '.') {
			if (n + 1 + length >= PATH_BYTES) return true; /* the kernel says that it is too long */
			at[n] = '/';
			memcpy(at + n + 1, next, length);
			at[n + 1 + length] = 0;
			if (last && !followed) return true;
			ssize_t got = readlinkat(AT_FDCWD, at, target, sizeof target - 1);
			if (got <= 0) {
				n += 1 + length;
			} else {
				if (target[0] == '/') return false;
				size_t rest = strlen(next + length);
				if (++links > MOST_LINKS || (size_t)got + rest >= PATH_BYTES) return true; /* so does it here */
				at[n] = 0;
				memmove(left + got, next + length, rest + 1);
				memcpy(left, target, (size_t)got);
				next = left;
				continue;
			}
		}
		next += length;
	}
	return true;
}

/* Where a new link would lead, by its text alone. */
static bool link_stays(const char *path, const char *target) {
	int depth = 0;
	if (target[0] == '/') return false;
	const char *parts[2] = {path, target};
	for (int i = 0; i < 2; i++) {
		for (const char *at = parts[i] + strspn(parts[i], "/"); *at;) {
			size_t length = strcspn(at, "/");
			const char *after = at + length + strspn(at + length, "/");
			bool own_name = i == 0 && *after == 0;
			if (length == 2 && memcmp(at, "..", 2) == 0) depth--;
			else if ((length != 1 || at[0] != '.') && !own_name) depth++;
			if (depth < 0) return false;
			at = after;
		}
	}
	return true;
}

static bool admit(const char **path, bool followed) {
	const char *asked = *path, *mine = below(asked);
	if (!mine || has_dots(mine) || !stays(mine, followed || (mine[0] && mine[strlen(mine) - 1] == '/'))) return outside(asked);
	*path = mine;
	return true;
}

bool workspace_admit_change(struct request *r) {
	if (!in_workspace()) return true;
	return admit(&r->s[0], r->op == CHANGE_PUT) && (r->op != CHANGE_RENAME || admit(&r->s[1], false));
}

bool workspace_admit(struct request *r) {
	if (!in_workspace() || r->op == OPERATION_APPLY) return true;
	const char *after = r->s[1];
	switch (r->op) {
	case OPERATION_MOVE:
	case OPERATION_COPY: return admit(&r->s[0], false) && admit(&r->s[1], false);
	case OPERATION_REMOVE: return admit(&r->s[0], false);
	case OPERATION_SYMBOLIC_LINK:
		if (!admit(&r->s[0], false)) return false;
		return link_stays(r->s[0], r->s[1]) || outside(r->s[1]);
	case OPERATION_STAT: return admit(&r->s[0], r->flags & FILES_FLAG_FOLLOW);
	case OPERATION_LIST_DIRECTORY:
		if (after[0] && !(r->s[1] = below(after))) return outside(after);
		return admit(&r->s[0], true);
	case OPERATION_SET_ATTRIBUTES:
		/* Names would be looked up in a file of the workspace's. */
		if (r->s[1][strspn(r->s[1], "0123456789:")]) return fail_with(REASON_NO_USER, STEP_START, r->s[1], 0);
		return admit(&r->s[0], true);
	default: return admit(&r->s[0], true);
	}
}
