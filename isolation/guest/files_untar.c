/* Reads a tar stream: ustar, pax, and what GNU tar adds. Each member in turn; its content is left to the caller. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "files_tar.h"

#define MOST_EXTENSION (64u * 1024)

struct member member;
uint64_t untar_offset;
static bool has_name, has_link, has_size, has_time;
static uint8_t extension[MOST_EXTENSION + 1];
static struct tar_header head;
static bool any_member;

bool untar_bad(void) { return fail_with(REASON_ARCHIVE, STEP_READ, member.name, untar_offset); }

/* Exactly n bytes; false when the stream is shorter. */
static bool take(void *to, size_t n, bool *ended) {
	const uint8_t *bytes;
	for (size_t have = 0; have < n;) {
		ssize_t more = content_peek(&bytes);
		if (more <= 0) {
			if (ended && more == 0 && have == 0) *ended = true;
			return false;
		}
		size_t part = (size_t)more < n - have ? (size_t)more : n - have;
		memcpy((uint8_t *)to + have, bytes, part);
		content_take(part);
		have += part;
		untar_offset += part;
	}
	return true;
}

bool untar_take(void *to, size_t n) { return take(to, n, NULL) || untar_bad(); }

bool untar_skip(uint64_t n) {
	const uint8_t *bytes;
	while (n > 0) {
		ssize_t more = content_peek(&bytes);
		if (more <= 0) return untar_bad();
		size_t part = (uint64_t)more < n ? (size_t)more : (size_t)n;
		content_take(part);
		untar_offset += part;
		n -= part;
	}
	return true;
}

bool untar_skip_padding(uint64_t size) { return untar_skip((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK); }

/* Octal, or base 256 as GNU tar writes what is too large for it. */
static bool number(const char *field, size_t n, uint64_t *value) {
	uint64_t v = 0;
	if ((uint8_t)field[0] == 0x80 || (uint8_t)field[0] == 0xff) {
		for (size_t i = 1; i < n; i++) v = v << 8 | (uint8_t)field[i];
		*value = v;
		return field[0] == (char)0x80 || n < 12; /* a negative size is none */
	}
	size_t i = 0;
	while (i < n && field[i] == ' ') i++;
	for (; i < n && field[i] >= '0' && field[i] <= '7'; i++) v = v << 3 | (uint64_t)(field[i] - '0');
	if (i < n && field[i] != 0 && field[i] != ' ') return false;
	*value = v;
	return true;
}

static bool sum_is_right(void) {
	uint64_t wanted, sum = 8 * ' ';
	const uint8_t *p = (const uint8_t *)&head;
	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (i < offsetof(struct tar_header, sum) || i >= offsetof(struct tar_header, type)) sum += p[i];
	return number(head.sum, sizeof head.sum, &wanted) && wanted == sum;
}

static bool keep_text(char to[PATH_BYTES], const char *from, size_t n) {
	if (n > FILES_MAX_PATH || memchr(from, 0, n)) return false;
	memcpy(to, from, n);
	to[n] = 0;
	return true;
}

static bool parse_time(const char *p, struct timespec *t) {
	bool negative = *p == '-';
	char *end;
	if (negative) p++;
	long long s = strtoll(p, &end, 10);
	long ns = 0;
	if (end == p) return false;
	if (*end == '.') {
		int digits = 0;
		for (end++; *end >= '0' && *end <= '9'; end++)
			if (digits < 9) ns = ns * 10 + (*end - '0'), digits++;
		for (; digits < 9; digits++) ns *= 10;
	}
	if (negative) {
		s = -s;
		if (ns > 0) s--, ns = 1000000000 - ns;
	}
	*t = (struct timespec){s, ns};
	return *end == 0;
}

/* Records "length key=value\n". What we do not know is passed over. */
static bool parse_extension(size_t n, struct member *to) {
	for (uint8_t *p = extension, *over = extension + n; p < over;) {
		char *end;
		unsigned long length = strtoul((char *)p, &end, 10);
		if (length < 5 || length > (size_t)(over - p) || *end != ' ' || p[length - 1] != '\n') return false;
		char *key = end + 1, *stop = (char *)p + length - 1;
		char *equals = memchr(key, '=', key < stop ? (size_t)(stop - key) : 0);
		if (!equals) return false;
		*equals = 0;
		*stop = 0;
		char *value = equals + 1;
		size_t m = (size_t)(stop - value);
		if (strcmp(key, "path") == 0) {
			if (!keep_text(to->name, value, m)) return false;
			has_name = true;
		} else if (strcmp(key, "linkpath") == 0) {
			if (!keep_text(to->link, value, m)) return false;
			has_link = true;
		} else if (strcmp(key, "size") == 0) {
			to->size = strtoull(value, &end, 10);
			if (*end || end == value || value[0] == '-' || to->size > INT64_MAX) return false;
			has_size = true;
		} else if (strcmp(key, "mtime") == 0) {
			if (!parse_time(value, &to->modified)) return false;
			has_time = true;
		} else if (strncmp(key, "GNU.sparse.", 11) == 0) {
			return false;
		}
		p += length;
	}
	return true;
}

static size_t field_length(const char *field, size_t n) { return strnlen(field, n); }

/* What the header itself says, where no extension has said it before. */
static bool parse_header(void) {
	uint64_t mode, seconds;
	if (!number(head.mode, sizeof head.mode, &mode)) return false;
	if (!has_size && !number(head.size, sizeof head.size, &member.size)) return false;
	if (member.size > INT64_MAX) return false;
	if (!has_time) {
		if (!number(head.mtime, sizeof head.mtime, &seconds)) return false;
		member.modified = (struct timespec){(time_t)seconds, 0};
	}
	member.mode = (mode_t)(mode & 07777);
	member.type = head.type;
	if (!has_name) {
		size_t n = field_length(head.name, sizeof head.name), at = 0;
		if (memcmp(head.magic, "ustar", 6) == 0 && head.prefix[0]) {
			at = field_length(head.prefix, sizeof head.prefix);
			memcpy(member.name, head.prefix, at);
			member.name[at++] = '/';
		}
		memcpy(member.name + at, head.name, n);
		member.name[at + n] = 0;
	}
	if (!has_link) {
		size_t n = field_length(head.link, sizeof head.link);
		memcpy(member.link, head.link, n);
		member.link[n] = 0;
	}
	return true;
}

static bool take_extension(uint64_t size) {
	if (size > MOST_EXTENSION) return untar_bad();
	if (!take(extension, (size_t)size, NULL)) return untar_bad();
	extension[size] = 0;
	return untar_skip_padding(size);
}

/* What stands before a member and says more about it. */
static bool take_special(char type, uint64_t size) {
	if (!take_extension(size)) return false;
	size_t n = strnlen((char *)extension, (size_t)size);
	switch (type) {
	case 'L': has_name = true; return keep_text(member.name, (char *)extension, n) || untar_bad();
	case 'K': has_link = true; return keep_text(member.link, (char *)extension, n) || untar_bad();
	case 'x': return parse_extension((size_t)size, &member) || untar_bad();
	default: return true; /* what is said of all members: comments, mostly */
	}
}

static bool all_zero(void) {
	const uint8_t *p = (const uint8_t *)&head;
	return p[0] == 0 && memcmp(p, p + 1, TAR_BLOCK - 1) == 0;
}

void untar_begin(void) {
	memset(&member, 0, sizeof member);
	any_member = false;
	untar_offset = 0;
}

/* A regular member of an old tar whose name ends in '/' is a directory. */
static bool is_directory(void) {
	size_t n = field_length(head.name, sizeof head.name);
	if (member.type == '5') return true;
	return (member.type == '0' || member.type == 0) && member.size == 0 && !has_name && n > 0 && head.name[n - 1] == '/';
}

static int none(void) {
	untar_bad();
	return -1;
}

int untar_next(void) {
	bool ended = false;
	const uint8_t *rest;
	has_name = has_link = has_size = has_time = false;
	for (;;) {
		uint64_t size;
		if (!take(&head, TAR_BLOCK, &ended)) return ended && any_member ? 0 : none();
		if (all_zero()) break;
		if (!sum_is_right()) return none();
		any_member = true;
		if (head.type == 'L' || head.type == 'K' || head.type == 'x' || head.type == 'g') {
			if (!number(head.size, sizeof head.size, &size) || !take_special(head.type, size)) return none();
			continue;
		}
		if (!parse_header()) return none();
		member.directory = is_directory();
		return 1;
	}
	ssize_t n;
	while ((n = content_peek(&rest)) > 0) content_take((size_t)n); /* whatever fills up the last record */
	return n < 0 ? none() : 0;
}
