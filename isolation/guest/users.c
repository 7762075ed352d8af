/*
 * Users and groups by the sandbox's own files. Runs in a new process that shares our memory: raw system calls and the lane
 * only (see launch.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "atoll.h"
#include "raw.h"

#define MAX_NAME 128
#define MAX_FILE_BYTES (4u * 1024 * 1024) /* what lies beyond is not looked at */
#define PASSWD_FIELDS 7
#define GROUP_FIELDS 4

struct lines {
	int fd;
	char *buffer;
	size_t size, have, at, total;
	bool skipping;
};

/* The next line without its end, or NULL. Lines longer than the buffer are skipped. */
static char *next_line(struct lines *in) {
	for (;;) {
		char *from = in->buffer + in->at;
		char *end = memchr(from, '\n', in->have - in->at);
		if (end) {
			*end = 0;
			in->at = (size_t)(end - in->buffer) + 1;
			if (!in->skipping) return from;
			in->skipping = false;
			continue;
		}
		memmove(in->buffer, from, in->have - in->at);
		in->have -= in->at;
		in->at = 0;
		if (in->have == in->size - 1) {
			in->skipping = true;
			in->have = 0;
		}
		long n = in->total < MAX_FILE_BYTES ? raw3(SYS_read, in->fd, in->buffer + in->have, in->size - 1 - in->have) : 0;
		if (n <= 0) {
			if (in->have == 0 || in->skipping) return NULL;
			in->buffer[in->have] = 0;
			in->have = 0;
			return in->buffer;
		}
		in->have += (size_t)n;
		in->total += (size_t)n;
	}
}

/* Splits at colons; false unless there are exactly `count` fields. */
static bool split(char *line, char **fields, int count) {
	for (int i = 0; i < count; i++) {
		fields[i] = line;
		char *colon = strchr(line, ':');
		if (!colon) return i == count - 1;
		*colon = 0;
		line = colon + 1;
	}
	return false;
}

static bool number(const char *text, uint32_t *value) {
	uint64_t v = 0;
	if (!*text) return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9') return false;
		v = v * 10 + (uint64_t)(*text - '0');
		if (v > 4294967294u) return false;
	}
	*value = (uint32_t)v;
	return true;
}

static int open_file(const char *path) { return (int)raw4(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0); }

static struct lines lines_of(struct lane *l, const char *path) {
	return (struct lines){.fd = open_file(path), .buffer = l->scratch, .size = sizeof l->scratch};
}

static void set_home(struct lane *l, const char *home) {
	size_t n = strlen(home);
	if (n >= MAX_HOME - 6 || n == 0) home = "/", n = 1;
	memcpy(l->who.home, "HOME=", 5);
	memcpy(l->who.home + 5, home, n + 1);
}

/* Fills uid, gid, home and `name`; false if there is no such line. */
static bool find_user(struct lane *l, const char *wanted, char name[MAX_NAME]) {
	struct lines in = lines_of(l, "/etc/passwd");
	char *line, *f[PASSWD_FIELDS];
	uint32_t as_number = 0, uid, gid;
	bool numeric = number(wanted, &as_number), found = false;
	if (in.fd < 0) return false;
	while (!found && (line = next_line(&in))) {
		if (!split(line, f, PASSWD_FIELDS) || !number(f[2], &uid) || !number(f[3], &gid)) continue;
		if (strcmp(f[0], wanted) != 0 && !(numeric && uid == as_number)) continue;
		if (strlen(f[0]) >= MAX_NAME) continue;
		memcpy(name, f[0], strlen(f[0]) + 1);
		l->who.uid = uid;
		l->who.gid = gid;
		set_home(l, f[5]);
		found = true;
	}
	raw1(SYS_close, in.fd);
	return found;
}

static bool find_group(struct lane *l, const char *wanted, gid_t *gid) {
	struct lines in = lines_of(l, "/etc/group");
	char *line, *f[GROUP_FIELDS];
	uint32_t value;
	bool found = false;
	if (in.fd < 0) return false;
	while (!found && (line = next_line(&in)))
		if (split(line, f, GROUP_FIELDS) && number(f[2], &value) && strcmp(f[0], wanted) == 0) {
			*gid = value;
			found = true;
		}
	raw1(SYS_close, in.fd);
	return found;
}

static bool lists(const char *members, const char *name) {
	size_t n = strlen(name);
	while (*members) {
		const char *end = strchr(members, ',');
		size_t length = end ? (size_t)(end - members) : strlen(members);
		if (length == n && memcmp(members, name, n) == 0) return true;
		members += length + (end != NULL);
	}
	return false;
}

static void find_memberships(struct lane *l, const char *name) {
	struct lines in = lines_of(l, "/etc/group");
	char *line, *f[GROUP_FIELDS];
	uint32_t gid;
	if (in.fd < 0) return;
	while (l->who.group_count < MAX_GROUPS && (line = next_line(&in)))
		if (split(line, f, GROUP_FIELDS) && number(f[2], &gid) && lists(f[3], name)) l->who.groups[l->who.group_count++] = gid;
	raw1(SYS_close, in.fd);
}

static struct file_state state_of(const struct lane *l, int file) {
	const struct stat *s = &l->states[file];
	if (l->calls.calls[l->states_at + (unsigned)file].result < 0) return (struct file_state){0};
	return (struct file_state){s->st_dev,	       s->st_ino,	 (uint64_t)s->st_size, s->st_ctim.tv_sec,
				   s->st_ctim.tv_nsec, s->st_mtim.tv_sec, s->st_mtim.tv_nsec};
}

static bool same_state(const struct file_state *a, const struct file_state *b) { return memcmp(a, b, sizeof *a) == 0; }

/* The answer to the last question that was not about root. Only the loop touches it. */
static struct identity_of_user remembered;

/* Lets a new process begin with what is known of its user; called before it runs. */
void user_recall(struct lane *l) {
	l->looked_up = false;
	if (strcmp(l->user, remembered.wanted) == 0) l->who = remembered;
	else l->who.wanted[0] = 0;
}

/* Keeps what a process has found out; called when it shares our memory no more. */
void user_remember(const struct lane *l) {
	if (l->looked_up) remembered = l->who;
}

bool resolve_group(struct lane *l, const char *wanted, gid_t *gid) { return find_group(l, wanted, gid) || number(wanted, gid); }

/* `user`, `uid`, `user:group`. A group that is named replaces all others, as containers have it. */
static enum spawn_stage look_up(struct lane *l, int *error) {
	char user[MAX_NAME], name[MAX_NAME];
	const char *group = strchr(l->user, ':');
	size_t n = group ? (size_t)(group - l->user) : strlen(l->user);
	l->who.uid = 0;
	l->who.gid = 0;
	l->who.group_count = 0;
	name[0] = 0;
	*error = ENOENT;
	if (n == 0 || n >= MAX_NAME) return STAGE_USER_NOT_FOUND;
	memcpy(user, l->user, n);
	user[n] = 0;
	if (!find_user(l, user, name)) {
		if (!number(user, &l->who.uid)) return STAGE_USER_NOT_FOUND;
		set_home(l, "/");
	}
	if (group) {
		if (!resolve_group(l, group + 1, &l->who.gid)) return STAGE_GROUP_NOT_FOUND;
	} else if (name[0]) {
		find_memberships(l, name);
	}
	return STAGE_NONE;
}

/*
 * Reading the files again and again would be the most expensive part of starting a small process, so what the last one found
 * holds as long as the files have not changed. Their state is taken before they are read: a change meanwhile is seen next time.
 */
void user_ask(struct lane *l) {
	static const char *const files[2] = {"/etc/passwd", "/etc/group"};
	l->states_at = l->calls.count;
	for (int i = 0; l->user[0] && i < 2; i++)
		batch_add(&l->calls, SYS_newfstatat, CALL((uint64_t)AT_FDCWD, ADDRESS(files[i]), ADDRESS(&l->states[i]), 0), 0);
}

enum spawn_stage user_answered(struct lane *l, int *error) {
	if (!l->user[0]) {
		l->who.uid = 0;
		l->who.gid = 0;
		l->who.group_count = 0;
		set_home(l, "/root");
		return STAGE_NONE;
	}
	struct file_state passwd = state_of(l, 0), group = state_of(l, 1);
	if (l->who.wanted[0] && same_state(&passwd, &l->who.passwd) && same_state(&group, &l->who.group)) return STAGE_NONE;
	l->who.passwd = passwd;
	l->who.group = group;
	enum spawn_stage failed = look_up(l, error);
	size_t n = strlen(l->user);
	if (failed == STAGE_NONE && n < MAX_USER) {
		memcpy(l->who.wanted, l->user, n + 1);
		l->looked_up = true;
	}
	return failed;
}

enum spawn_stage resolve_user(struct lane *l, int *error) {
	l->calls.count = 0;
	user_ask(l);
	batch_make(&l->calls);
	return user_answered(l, error);
}
