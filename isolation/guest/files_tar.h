/* The blocks of a tar stream: POSIX ustar with pax extensions, on reading also what GNU tar adds. */
#ifndef ATOLL_FILES_TAR_H
#define ATOLL_FILES_TAR_H

#define TAR_BLOCK 512u

struct tar_header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, link[100], magic[6], version[2];
	char user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};

_Static_assert(sizeof(struct tar_header) == TAR_BLOCK, "a tar header has 512 bytes");

#endif
