/* Which names of a file with several were seen. When the table is full, what comes later counts as files of their own. */
#include <string.h>

#include "files.h"

#define MOST_LINKS 4096
#define NAME_BYTES (512u * 1024)
#define BUCKETS 4096

static struct link {
	uint64_t device, inode;
	uint32_t name;
	int16_t next;
} links[MOST_LINKS];
static int16_t first_in[BUCKETS]; /* one above the index; 0 is none */
static char names[NAME_BYTES];
static uint32_t names_end;
static int link_count;

void links_forget(void) {
	if (link_count > 0) memset(first_in, 0, sizeof first_in);
	link_count = 0;
	names_end = 0;
}

const char *links_seen(const struct stat *st, const char *path) {
	if (st->st_nlink < 2) return NULL;
	unsigned bucket = (unsigned)(st->st_ino * 2654435761u >> 8) % BUCKETS;
	for (int i = first_in[bucket]; i > 0; i = links[i - 1].next)
		if (links[i - 1].device == st->st_dev && links[i - 1].inode == st->st_ino) return names + links[i - 1].name;
	size_t n = strlen(path) + 1;
	if (link_count == MOST_LINKS || n > NAME_BYTES - names_end) return NULL;
	links[link_count] = (struct link){st->st_dev, st->st_ino, names_end, first_in[bucket]};
	memcpy(names + names_end, path, n);
	names_end += (uint32_t)n;
	first_in[bucket] = (int16_t)++link_count;
	return NULL;
}
