/* The blocks of a tar stream: POSIX ustar with pax extensions, on reading also what GNU tar adds. */
#ifndef ATOLL_FILES_TAR_H
#define ATOLL_FILES_TAR_H
#include "files.h"

#define TAR_BLOCK 512u

struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100], magic[6], version[2];
	char user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};

struct member {
	char type;
	bool directory;
	mode_t mode;
	uint64_t size;
	struct timespec modified;
	char name[PATH_BYTES], link[PATH_BYTES];
};

/* files_untar.c */
extern struct member member;  /* what untar_next has found */
extern uint64_t untar_offset; /* in the stream; who takes content adds to it */
void untar_begin(void);
int untar_next(void); /* 1: a member, whose content comes next; 0: the end; -1 has failed */
bool untar_take(void *to, size_t n); /* exactly so many bytes of the content */
bool untar_skip(uint64_t n);
bool untar_skip_padding(uint64_t size);
bool untar_bad(void); /* false */

_Static_assert(sizeof(struct tar_header) == TAR_BLOCK, "a tar header has 512 bytes");

#endif
