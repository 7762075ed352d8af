/* Watches a directory, or all that is below it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "files.h"
#include "wire.h"

#define NAME_BYTES 256
#define WANTED (IN_CREATE | IN_MODIFY | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF)
#define NOWHERE (-1)

/* A directory that is watched: its path is that of its parent and its name. */
static struct node {
	int wd; /* 0: free */
	int parent;
	char name[NAME_BYTES];
} nodes[FILES_MAX_WATCHES];
static int node_count; /* of slots ever used */
static int notify;
static bool recursive;
static struct {
	int node;
	uint32_t cookie;
} moving = {NOWHERE, 0};
static uint8_t events[64 * 1024] __attribute__((aligned(8)));
static struct walk w;

static bool path_of(int node, const char *name, char path[PATH_BYTES], const char *root) {
	int chain[FILES_MAX_DEPTH + 2], n = 0;
	for (int i = node; i > 0; i = nodes[i].parent) {
		if (n > FILES_MAX_DEPTH) return false;
		chain[n++] = i;
	}
	strcpy(path, root);
	while (n > 0)
		if (!join(path, path, nodes[chain[--n]].name)) return false;
	return !name[0] || join(path, path, name);
}

static int node_of(int wd) {
	for (int i = 0; i < node_count; i++)
		if (nodes[i].wd == wd) return i;
	return NOWHERE;
}

static int add(int parent, const char *name, const char *path) {
	int wd = inotify_add_watch(notify, path, WANTED | IN_ONLYDIR | (parent == NOWHERE ? 0 : IN_DONT_FOLLOW | IN_EXCL_UNLINK));
	if (wd < 0) return NOWHERE;
	int at = node_of(wd);
	if (at == NOWHERE) {
		for (at = 0; at < node_count && nodes[at].wd; at++) {}
		if (at == FILES_MAX_WATCHES) {
			inotify_rm_watch(notify, wd);
			errno = ENOSPC;
			return NOWHERE;
		}
		if (at == node_count) node_count++;
	}
	nodes[at].wd = wd;
	nodes[at].parent = parent;
	strcpy(nodes[at].name, name);
	return at;
}

static void drop(int node) {
	inotify_rm_watch(notify, nodes[node].wd);
	nodes[node].wd = 0;
	for (int i = 1; i < node_count; i++)
		if (nodes[i].wd && nodes[i].parent == node) drop(i);
}

static void tell(enum files_seen seen, enum files_type type, const char *path) {
	uint8_t *from = frame_begin(8 + workspace_bytes() + strlen(path)), *p = from;
	*p++ = (uint8_t)seen;
	*p++ = (uint8_t)type;
	*p++ = 0;
	*p++ = 0;
	p = put_path(p, path);
	frame_end(FILES_FRAME_CHANGED, (size_t)(p - from));
}

static int levels[FILES_MAX_DEPTH + 2]; /* the node of each directory that the walk is in */
static bool tells_found;
static bool overflowed;

static enum answer found(struct walk *at) {
	struct stat st;
	if (fstatat(at->at, at->name, &st, AT_SYMLINK_NOFOLLOW) < 0) return ANSWER_SKIP;
	at->kind = IFTODT(st.st_mode);
	if (tells_found) tell(SEEN_CREATED, type_of(st.st_mode), walk_shown(at));
	if (!S_ISDIR(st.st_mode)) return ANSWER_ON;
	if (strlen(at->name) >= NAME_BYTES) return ANSWER_SKIP;
	int node = add(levels[at->depth], at->name, walk_shown(at));
	if (node == NOWHERE) {
		if (errno == ENOSPC) overflowed = true;
		return ANSWER_SKIP;
	}
	levels[at->depth + 1] = node;
	return ANSWER_ON;
}

/* Watches all that is below a node; what is found in a directory that is new was created. */
static bool add_below(int node, const char *path, bool tells) {
	int fd = open_unlinked(AT_FDCWD, path);
	if (fd < 0) fd = node == 0 ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0) return false;
	tells_found = tells;
	levels[0] = node;
	w = (struct walk){.root = path, .visit = found};
	bool ok = walk(&w, fd);
	close(fd);
	return ok;
}

static enum files_type type_at(const char *path, uint32_t mask) {
	struct stat st;
	if (mask & IN_ISDIR) return TYPE_DIRECTORY;
	return fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == 0 ? type_of(st.st_mode) : TYPE_FILE;
}

static int child_of(int parent, const char *name) {
	for (int i = 1; i < node_count; i++)
		if (nodes[i].wd && nodes[i].parent == parent && strcmp(nodes[i].name, name) == 0) return i;
	return NOWHERE;
}

/* What moved away and did not come back below the root is watched no more. */
static void settle_move(uint32_t cookie) {
	if (moving.node != NOWHERE && moving.cookie != cookie) {
		drop(moving.node);
		moving.node = NOWHERE;
	}
}

static void directory_moved(int node, const struct inotify_event *e, const char *path) {
	int child;
	if (e->mask & IN_MOVED_FROM) {
		child = child_of(node, e->name);
		if (child != NOWHERE) {
			moving.node = child;
			moving.cookie = e->cookie;
		}
	} else if (moving.node != NOWHERE && moving.cookie == e->cookie) {
		nodes[moving.node].parent = node;
		strcpy(nodes[moving.node].name, e->name);
		moving.node = NOWHERE;
	} else {
		child = add(node, e->name, path);
		if (child != NOWHERE) add_below(child, path, true);
		else if (errno == ENOSPC) overflowed = true;
	}
}

static enum files_seen seen_as(uint32_t mask) {
	if (mask & IN_CREATE) return SEEN_CREATED;
	if (mask & (IN_DELETE | IN_DELETE_SELF)) return SEEN_REMOVED;
	if (mask & (IN_MOVED_FROM | IN_MOVE_SELF)) return SEEN_MOVED_FROM;
	if (mask & IN_MOVED_TO) return SEEN_MOVED_TO;
	return mask & IN_ATTRIB ? SEEN_ATTRIBUTES : SEEN_MODIFIED;
}

static void take(const struct inotify_event *e, const char *root) {
	static char path[PATH_BYTES];
	if (e->mask & IN_Q_OVERFLOW) {
		overflowed = true;
		return;
	}
	int node = node_of(e->wd);
	if (node == NOWHERE) return;
	const char *name = e->len > 0 ? e->name : "";
	if (strlen(name) >= NAME_BYTES) return;
	if (!(e->mask & (IN_MOVED_FROM | IN_MOVED_TO))) settle_move(0);
	if (e->mask & IN_IGNORED) {
		if (node != 0) nodes[node].wd = 0;
		return;
	}
	/* Directories below the root are told of by their parent. */
	if (!name[0] && node != 0) return;
	if (!path_of(node, name, path, root)) return;
	tell(seen_as(e->mask), name[0] ? type_at(path, e->mask) : TYPE_DIRECTORY, path);
	if (!recursive || !(e->mask & IN_ISDIR)) return;
	if (e->mask & (IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO)) directory_moved(node, e, path);
}

/* Until the host closes. */
static bool follow(const char *root) {
	const struct inotify_event *last = NULL;
	struct pollfd p[2] = {{.fd = 0, .events = POLLIN}, {.fd = notify, .events = POLLIN}};
	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR) return fail(STEP_WATCH, root);
		if (p[0].revents) return true; /* it has gone, or ends us by saying anything */
		if (!p[1].revents) continue;
		ssize_t n = read(notify, events, sizeof events);
		if (n < 0 && errno != EINTR && errno != EAGAIN) return fail(STEP_WATCH, root);
		last = NULL;
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *e = (const void *)(events + at);
			at += (ssize_t)(sizeof *e + e->len);
			bool same = last && last->wd == e->wd && last->mask == e->mask && last->len == e->len &&
				    memcmp(last->name, e->name, e->len) == 0;
			last = e;
			if (!same || !(e->mask & (IN_MODIFY | IN_ATTRIB))) take(e, root);
		}
		settle_move(0);
		if (overflowed) tell(SEEN_OVERFLOW, TYPE_DIRECTORY, root);
		overflowed = false;
		flush();
	}
}

bool op_watch(const struct request *r) {
	const char *root = r->s[0];
	struct stat st;
	if (!look(root, true, &st)) return false;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return fail(STEP_WATCH, root);
	}
	notify = inotify_init1(IN_CLOEXEC);
	if (notify < 0) return fail(STEP_WATCH, root);
	node_count = 0;
	moving.node = NOWHERE;
	overflowed = false;
	recursive = r->flags & FILES_FLAG_RECURSIVE;
	bool ok = add(NOWHERE, "", root) == 0 || fail(STEP_WATCH, root);
	if (ok && recursive) ok = add_below(0, root, false);
	if (ok && overflowed) ok = fail_with(REASON_TOO_MANY, STEP_WATCH, root, FILES_MAX_WATCHES);
	if (ok) {
		frame_begin(0);
		frame_end(FILES_FRAME_WATCHING, 0);
		flush();
		ok = follow(root);
	}
	close(notify);
	return ok;
}
