/* Copies with all that is in it; modes, times, links and hard links are kept, owners when we may. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

static struct walk w;
static uint8_t chunk[CHUNK];
static struct {
	const char *to;
	bool overwrite;
	int at[FILES_MAX_DEPTH + 1]; /* the copies of the directories that the walk is in */
	int deepest;
	struct stat top;             /* the copy itself, which is not copied */
} copy;

static void keep_times(int at, const char *name, const struct stat *st) {
	struct timespec times[2] = {st->st_atim, st->st_mtim};
	utimensat(at, name, times, AT_SYMLINK_NOFOLLOW);
}

static bool make_room(int at, const char *name, const char *shown) {
	if (!copy.overwrite) return true; /* then making it fails with EEXIST */
	if (unlinkat(at, name, 0) < 0 && errno != ENOENT) return fail(STEP_REMOVE, shown);
	return true;
}

static bool copy_bytes(int from, int to, const char *shown) {
	for (;;) {
		ssize_t n = read(from, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return fail(STEP_READ, shown);
		if (n == 0) return true;
		if (!write_all(to, chunk, (size_t)n, shown)) return false;
		outcome.bytes += (uint64_t)n;
		leave_if_alone();
	}
}

static bool copy_file(int from_at, const char *from_name, int to_at, const char *to_name, const char *shown) {
	struct stat st;
	int from = open_content(from_at, from_name, O_RDONLY | O_NOFOLLOW, 0, &st, shown);
	if (from < 0) return false;
	bool ok = make_room(to_at, to_name, shown);
	int to = ok ? openat(to_at, to_name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600) : -1;
	if (ok && to < 0) ok = fail(STEP_MAKE, shown);
	if (ok) {
		ok = copy_bytes(from, to, shown);
		if (ok && fchown(to, st.st_uid, st.st_gid) < 0 && errno != EPERM) ok = fail(STEP_ATTRIBUTES, shown);
		if (ok && fchmod(to, st.st_mode & 07777) < 0) ok = fail(STEP_ATTRIBUTES, shown);
		struct timespec times[2] = {st.st_atim, st.st_mtim};
		futimens(to, times);
		if (close(to) < 0 && ok) ok = fail(STEP_WRITE, shown);
		if (!ok) unlinkat(to_at, to_name, 0);
	}
	close(from);
	return ok;
}

static bool copy_link(int from_at, const char *from_name, int to_at, const char *to_name, const char *shown) {
	char target[PATH_BYTES];
	ssize_t n = readlinkat(from_at, from_name, target, sizeof target - 1);
	if (n < 0) return fail(STEP_READ, shown);
	target[n] = 0;
	if (!make_room(to_at, to_name, shown)) return false;
	return symlinkat(target, to_at, to_name) == 0 || fail(STEP_MAKE, shown);
}

/* Anything but a directory. */
static bool copy_one(int from_at, const char *from_name, const struct stat *st, int to_at, const char *to_name, const char *shown) {
	bool ok;
	if (S_ISREG(st->st_mode)) {
		ok = copy_file(from_at, from_name, to_at, to_name, shown);
	} else if (S_ISLNK(st->st_mode)) {
		ok = copy_link(from_at, from_name, to_at, to_name, shown);
	} else if (S_ISFIFO(st->st_mode)) {
		ok = make_room(to_at, to_name, shown) && (mkfifoat(to_at, to_name, st->st_mode & 07777) == 0 || fail(STEP_MAKE, shown));
	} else {
		return true; /* sockets and devices stay behind */
	}
	if (!ok) return false;
	if (!S_ISREG(st->st_mode)) {
		if (fchownat(to_at, to_name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0 && errno != EPERM)
			return fail(STEP_ATTRIBUTES, shown);
		keep_times(to_at, to_name, st);
	}
	outcome.count++;
	return true;
}

static int open_copy(int at, const char *name, bool exists_ok, const char *shown) {
	if (mkdirat(at, name, 0700) < 0 && (errno != EEXIST || !exists_ok)) {
		fail(STEP_MAKE, shown);
		return -1;
	}
	int fd = open_unlinked(at, name);
	if (fd < 0) fail(STEP_OPEN, shown);
	return fd;
}

static enum answer copy_visit(struct walk *at) {
	struct stat st;
	if (!walk_stat(at, &st)) return ANSWER_FAIL;
	at->kind = IFTODT(st.st_mode);
	int to = copy.at[at->depth];
	if (S_ISDIR(st.st_mode)) {
		if (st.st_dev == copy.top.st_dev && st.st_ino == copy.top.st_ino) {
			fail_with(REASON_INTO_ITSELF, STEP_MAKE, copy.to, 0);
			return ANSWER_FAIL;
		}
		int fd = at->depth < FILES_MAX_DEPTH ? open_copy(to, at->name, copy.overwrite, walk_shown(at)) : -1;
		if (fd < 0) return ANSWER_FAIL;
		copy.at[copy.deepest = at->depth + 1] = fd;
		outcome.count++;
		return ANSWER_ON;
	}
	const char *first = links_seen(&st, at->path);
	if (first && linkat(copy.at[0], first, to, at->name, 0) == 0) {
		outcome.count++;
		return ANSWER_ON;
	}
	return copy_one(at->at, at->name, &st, to, at->name, walk_shown(at)) ? ANSWER_ON : ANSWER_FAIL;
}

/* A directory gets its mode and times last: making what is in it would change them, or be refused. */
static bool finish(int fd, const struct stat *st, const char *shown) {
	struct timespec times[2] = {st->st_atim, st->st_mtim};
	if (fchown(fd, st->st_uid, st->st_gid) < 0 && errno != EPERM) return fail(STEP_ATTRIBUTES, shown);
	if (fchmod(fd, st->st_mode & 07777) < 0) return fail(STEP_ATTRIBUTES, shown);
	futimens(fd, times);
	return true;
}

static enum answer copy_left(struct walk *at) {
	struct stat st;
	bool ok = walk_stat(at, &st) && finish(copy.at[at->depth + 1], &st, walk_shown(at));
	close(copy.at[at->depth + 1]);
	copy.deepest = at->depth;
	return ok ? ANSWER_ON : ANSWER_FAIL;
}

/* Whether a path that may not exist yet lies in a directory, by looking upwards from where it would be. */
static bool lies_in(const char *path, const struct stat *directory) {
	char parent[PATH_BYTES];
	struct stat here, last = {0};
	parent_of(path, parent);
	int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool found = false;
	while (fd >= 0 && !found && fstat(fd, &here) == 0 && !(here.st_dev == last.st_dev && here.st_ino == last.st_ino)) {
		found = here.st_dev == directory->st_dev && here.st_ino == directory->st_ino;
		last = here;
		int up = openat(fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(fd);
		fd = up;
	}
	if (fd >= 0) close(fd);
	return found;
}

static bool copy_directory(const char *from, const char *to, const struct stat *st) {
	if (lies_in(to, st)) return fail_with(REASON_INTO_ITSELF, STEP_MAKE, to, 0);
	int fd = open_unlinked(AT_FDCWD, from);
	if (fd < 0) return fail(STEP_OPEN, from);
	copy.deepest = 0;
	copy.at[0] = open_copy(AT_FDCWD, to, copy.overwrite, to);
	bool ok = copy.at[0] >= 0;
	if (ok) {
		ok = fstat(copy.at[0], &copy.top) == 0 || fail(STEP_LOOK, to);
		if (ok && copy.top.st_dev == st->st_dev && copy.top.st_ino == st->st_ino) ok = fail_with(REASON_INTO_ITSELF, STEP_MAKE, to, 0);
		outcome.count++;
		w = (struct walk){.root = from, .visit = copy_visit, .left = copy_left, .strict = true};
		ok = ok && walk(&w, fd) && finish(copy.at[0], st, to);
		for (; copy.deepest >= 0; copy.deepest--) close(copy.at[copy.deepest]);
	}
	close(fd);
	return ok;
}

bool copy_tree(const char *from, const char *to, bool overwrite) {
	struct stat st, there;
	if (!look(from, false, &st)) return false;
	bool exists = fstatat(AT_FDCWD, to, &there, AT_SYMLINK_NOFOLLOW) == 0;
	if (exists && !overwrite) {
		errno = EEXIST;
		return fail(STEP_MAKE, to);
	}
	if (exists && there.st_dev == st.st_dev && there.st_ino == st.st_ino) return fail_with(REASON_INTO_ITSELF, STEP_MAKE, to, 0);
	links_forget();
	copy.to = to;
	copy.overwrite = overwrite;
	if (S_ISDIR(st.st_mode)) return copy_directory(from, to, &st);
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode) && !S_ISFIFO(st.st_mode)) return fail_with(REASON_NOT_REGULAR, STEP_READ, from, 0);
	return copy_one(AT_FDCWD, from, &st, AT_FDCWD, to, to);
}

bool op_copy(const struct request *r) {
	if (!copy_tree(r->s[0], r->s[1], r->flags & FILES_FLAG_OVERWRITE)) return false;
	if (!look(r->s[1], false, &outcome.entry)) return false;
	outcome.entry_path = r->s[1];
	return outcome.has_entry = true;
}
