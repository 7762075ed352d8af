/* Content of files, by bytes and by lines. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "files.h"

static uint8_t chunk[CHUNK];

/* Sends the bytes from one offset to another, or to the end of the file; false is a failure. */
static bool send_range(int fd, const char *path, uint64_t from, uint64_t length) {
	while (length > 0) {
		size_t room;
		uint8_t *to = stream_room(&room);
		if (room > length) room = (size_t)length;
		ssize_t n = pread(fd, to, room, (off_t)from);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return fail(STEP_READ, path);
		if (n == 0) break;
		stream_add((size_t)n);
		from += (uint64_t)n;
		length -= (uint64_t)n;
		outcome.bytes += (uint64_t)n;
	}
	stream_end();
	return true;
}

bool op_read(const struct request *r) {
	struct stat st;
	if (r->a > INT64_MAX) return fail_with(REASON_BAD_REQUEST, STEP_START, r->s[0], 0);
	int fd = open_content(AT_FDCWD, r->s[0], O_RDONLY, 0, &st, r->s[0]);
	if (fd < 0) return false;
	tell_entry(r->s[0], NULL, NULL, &st);
	bool ok = send_range(fd, r->s[0], r->a, r->b);
	close(fd);
	return ok;
}

/* Where lines lie that were asked for. */
struct range {
	uint64_t first, count, most; /* wanted */
	uint64_t line;               /* that is being looked at, from 1 */
	uint64_t line_at, start, end; /* bytes */
	bool begun, cut;
};

static void line_ends(struct range *g, uint64_t end) {
	if (g->line >= g->first && g->line - g->first < g->count) {
		if (!g->begun) {
			g->begun = true;
			g->start = g->end = g->line_at;
		}
		if (!g->cut && end - g->start <= g->most) {
			g->end = end;
			outcome.count++;
		} else if (!g->cut) {
			g->cut = true;
			/* Not even the first line fits: a part of it is better than nothing. */
			if (g->end == g->start) g->end = g->start + g->most;
		}
	}
	g->line++;
	g->line_at = end;
}

bool op_read_lines(const struct request *r) {
	struct stat st;
	struct range g = {.first = r->a, .count = r->b, .most = r->c, .line = 1};
	if (r->a < 1) return fail_with(REASON_BAD_REQUEST, STEP_START, r->s[0], 0);
	int fd = open_content(AT_FDCWD, r->s[0], O_RDONLY, 0, &st, r->s[0]);
	if (fd < 0) return false;
	tell_entry(r->s[0], NULL, NULL, &st);
	uint64_t at = 0;
	for (;;) {
		ssize_t n = pread(fd, chunk, sizeof chunk, (off_t)at);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) {
			fail(STEP_READ, r->s[0]);
			close(fd);
			return false;
		}
		if (n == 0) break;
		for (const uint8_t *p = chunk, *end = chunk + n, *newline; p < end; p = newline + 1) {
			newline = memchr(p, '\n', (size_t)(end - p));
			if (!newline) break;
			line_ends(&g, at + (uint64_t)(newline - chunk) + 1);
		}
		at += (uint64_t)n;
		leave_if_alone();
	}
	if (at > g.line_at) line_ends(&g, at); /* a last line without an end */
	outcome.lines = g.line - 1;
	outcome.truncated = g.cut;
	bool ok = !g.begun || send_range(fd, r->s[0], g.start, g.end - g.start);
	close(fd);
	return ok;
}
