/*
 * atoll-init --files: does things with files for the host, one request after another, as one user. No heap: every table has
 * a fixed size and the large ones are zero pages until used. See docs/files-protocol.md.
 */
#ifndef ATOLL_FILES_H
#define ATOLL_FILES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "batch.h"
#include "files_protocol.h"

#define PATH_BYTES (FILES_MAX_PATH + 1)
#define HASH_BYTES 32
#define CHUNK (256u * 1024)

struct request {
	uint16_t op, flags;
	uint32_t mode; /* FILES_NO_MODE: none */
	uint64_t a, b, c;
	uint32_t nanos;
	const uint8_t *hash;
	uint32_t count;
	const char *s[FILES_MAX_STRINGS];
};

/* What the end of an operation tells. */
struct outcome {
	bool truncated, has_entry;
	uint64_t count, bytes, lines;
	const char *entry_path;
	struct stat entry;
};

/* files.c */
extern struct outcome outcome;
/* Remembers why the operation fails (errno, unless given) and returns false. The first failure counts. */
bool fail(enum files_step step, const char *path);
bool fail_with(enum files_reason reason, enum files_step step, const char *path, uint64_t at);
int files_main(int argc, char **argv);
bool files_serve(void); /* one request; false when the host has gone */

/* files_wire.c */
bool next_request(struct request *r);
/* Content that comes with the operation: 0 at its end, -1 when the host has gone. Taken bytes are gone. */
ssize_t content_peek(const uint8_t **bytes);
void content_take(size_t n);
int next_change(struct request *r); /* 1, 0 at the end, -1 when the host has gone */
bool content_open(void);
bool content_drain(void);
uint8_t *frame_begin(size_t most); /* room for a payload; frame_end sends it with the next flush */
void frame_end(uint8_t type, size_t length);
uint8_t *stream_room(size_t *room); /* room in a frame of data, at least 1 byte */
void stream_add(size_t n);
void stream_end(void);
void flush(void);
void leave_if_alone(void); /* ends the process when nobody reads what it says */
uint8_t *put_text(uint8_t *p, const char *text, size_t length);
void tell_entry(const char *path, const char *target, const uint8_t *hash, const struct stat *st);
uint8_t *put_entry(uint8_t *p, const char *path, const char *target, const uint8_t *hash, const struct stat *st);
size_t entry_bytes(const char *path, const char *target);
enum files_type type_of(mode_t mode);

/* files_workspace.c */
bool in_workspace(void);
size_t workspace_bytes(void); /* by which paths that are told may be longer */
/* Makes it the root; the caller becomes the user then. Sets errno. */
bool workspace_enter(const char *path, uid_t uid, gid_t gid, size_t group_count, const gid_t *groups);
bool workspace_admit(struct request *r); /* its paths as they are within, or a failure */
bool workspace_admit_change(struct request *r);
uint8_t *put_path(uint8_t *p, const char *path);

/* files_stat.c */
bool look(const char *path, bool follow, struct stat *st);
bool tell_path(int at, const char *name, const char *path, const struct stat *st, bool hash);
int open_content(int at, const char *path, int flags, mode_t mode, struct stat *st, const char *shown); /* -1 has failed */
int open_unlinked(int at, const char *name); /* a directory; sets errno */
bool hash_content(int fd, const char *path, uint8_t hash[HASH_BYTES]);
bool require_content(const char *path, const uint8_t *hash);
bool resolve_links(const char *path, char resolved[PATH_BYTES]);
bool make_parents(const char *path);
bool join(char into[PATH_BYTES], const char *directory, const char *name);
bool write_all(int fd, const uint8_t *bytes, size_t n, const char *path);
const char *last_name(const char *path);
/* The directory of a path, as a path. */
void parent_of(const char *path, char parent[PATH_BYTES]);

/* files_sha256.c */
struct sha256 {
	uint32_t state[8];
	uint64_t total;
	uint8_t block[64];
};
void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const uint8_t *bytes, size_t n);
void sha256_end(struct sha256 *s, uint8_t hash[HASH_BYTES]);

/* files_walk.c: what is below a directory, names in the order of their bytes, parents first */
enum answer { ANSWER_ON, ANSWER_SKIP /* not into this directory */, ANSWER_STOP /* with success */, ANSWER_FAIL };
struct walk {
	const char *root;  /* as it was asked for */
	char path[PATH_BYTES]; /* below the root */
	size_t length;
	int depth;         /* of what is visited: 0 is in the root itself */
	int at;            /* the directory it is in */
	const char *name;
	unsigned char kind; /* DT_… */
	bool strict;       /* a directory that may not be entered is a failure */
	void *context;
	enum answer (*visit)(struct walk *w);
	enum answer (*left)(struct walk *w); /* after all that is in a directory; may be NULL */
	const char *after; /* go on behind this path, or NULL */
	int most_levels;   /* 0: all */
};
bool walk(struct walk *w, int root_fd);
bool walk_stat(struct walk *w, struct stat *st);
const char *walk_shown(const struct walk *w); /* the path as the host knows it */

/* The name of the n-th sibling behind the visited one (0: itself) that the walk has at hand, or NULL when that is no plain file. */
const char *walk_file_behind(const struct walk *w, unsigned n);

/* files_ahead.c: small files that a walk is about to visit, read together */
struct ahead {
	const char *name;
	struct stat st;
	const uint8_t *bytes; /* all st.st_size of them */
};
void ahead_forget(void);
const struct ahead *ahead_of(const struct walk *w); /* NULL: look and read it yourself */

/* files_make.c: small files that come out of an archive, made together */
void pending_begin(void);
/* Where the content of the next file goes, at most PENDING_SIZE; NULL when what was pending has failed. */
uint8_t *pending_room(const char *shown, size_t size);
/* The file of that content, in the directory `at`; `shown` ends in its name. */
void pending_file(int at, const char *name, const char *shown, size_t size, mode_t mode, struct timespec modified);
/* A directory gets its mode and time (unless it stays as it is) and is closed, after what was to be made in it. */
bool pending_leave(int directory, const char *shown, bool dressed, mode_t mode, struct timespec modified);
bool pending_make(void); /* all of it now */
#define PENDING_SIZE (64u * 1024)

/* files_match.c */
bool glob_match(const char *pattern, const char *path, bool directory);
bool glob_valid(const char *pattern);

/* files_links.c: files that have several names, by what was seen of them first */
void links_forget(void);
const char *links_seen(const struct stat *st, const char *path); /* the first name, or NULL and path is remembered */

/* operations */
bool op_stat(const struct request *r);
bool op_list(const struct request *r);
bool op_glob(const struct request *r);
bool op_grep(const struct request *r);
bool op_read(const struct request *r);
bool op_read_lines(const struct request *r);
bool op_write(const struct request *r);
bool op_make_directory(const struct request *r);
bool op_move(const struct request *r);
bool op_copy(const struct request *r);
bool op_remove(const struct request *r);
bool op_set_attributes(const struct request *r);
bool op_symbolic_link(const struct request *r);
bool op_watch(const struct request *r);
bool op_pack(const struct request *r);
bool op_unpack(const struct request *r);
bool op_apply(const struct request *r);

/* files_write.c: a file that takes the place of another one when all of it is there */
struct staged {
	char final[PATH_BYTES]; /* links resolved */
	char temporary[PATH_BYTES];
	bool was_there;
	struct stat before;
};
bool stage(struct staged *s, const char *path, uint32_t mode, uint64_t size, bool all);
bool stage_commit(struct staged *s, const char *shown, bool must_be_absent);
void stage_drop(struct staged *s);
bool copy_tree(const char *from, const char *to, bool overwrite);
bool remove_tree(const char *path);
bool rename_new(const char *from, const char *to); /* fails with EEXIST when there is something; sets errno */

#endif
