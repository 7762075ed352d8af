/* Searches in contents. Files that look binary are passed over. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "wire.h"

#define BINARY_LOOK 8192
#define MOST_NESTED 64
#define MOST_ATOMS 20000 /* of an expression, its repetitions written out */

static struct walk w;
static uint8_t text[CHUNK + 1];
static struct kept {
	uint64_t line;
	uint32_t length;
	uint8_t bytes[FILES_LINE_CUT];
} before[FILES_MAX_CONTEXT];
static uint64_t kept_count; /* of the file; the newest is at (kept_count - 1) % context */
static uint64_t last_told;
static uint32_t after_left;
static regex_t expression;
static bool compiled;
static char folded[FILES_MAX_PATTERN + 1];

static bool contains_folded(const uint8_t *line, size_t n, const char *wanted, size_t length) {
	for (size_t i = 0; i + length <= n; i++) {
		size_t j = 0;
		while (j < length && tolower(line[i + j]) == (uint8_t)wanted[j]) j++;
		if (j == length) return true;
	}
	return false;
}

/* `line` is followed by a byte that may be overwritten. */
static bool fits(const struct request *r, uint8_t *line, size_t n) {
	if (r->flags & FILES_FLAG_LITERAL) {
		size_t length = strlen(r->s[1]);
		return r->flags & FILES_FLAG_IGNORE_CASE ? contains_folded(line, n, folded, length)
							 : memmem(line, n, r->s[1], length) != NULL;
	}
	line[n] = 0;
	return regexec(&expression, (const char *)line, 0, NULL, 0) == 0;
}

static void tell_line(const char *path, uint64_t number, const uint8_t *line, size_t n, bool context) {
	if (n > FILES_LINE_CUT) n = FILES_LINE_CUT;
	uint8_t *from = frame_begin(12 + 4 + workspace_bytes() + strlen(path) + 4 + n), *p = put64(from, number);
	p = put32(p, context);
	p = put_path(p, path);
	p = put_text(p, (const char *)line, n);
	frame_end(FILES_FRAME_MATCH, (size_t)(p - from));
	last_told = number;
}

static void tell_before(const char *path, uint64_t context) {
	uint64_t from = kept_count > context ? kept_count - context : 0;
	for (uint64_t i = from; i < kept_count; i++) {
		const struct kept *k = &before[i % context];
		if (k->line > last_told) tell_line(path, k->line, k->bytes, k->length, true);
	}
}

/* False: enough was found. */
static bool take_line(const struct request *r, const char *path, uint64_t number, uint8_t *line, size_t n) {
	uint8_t behind = line[n];
	bool found = fits(r, line, n);
	line[n] = behind;
	if (found) {
		if (outcome.count == r->b) {
			outcome.truncated = true;
			return false;
		}
		if (r->a > 0) tell_before(path, r->a);
		tell_line(path, number, line, n, false);
		outcome.count++;
		after_left = (uint32_t)r->a;
	} else if (after_left > 0) {
		tell_line(path, number, line, n, true);
		after_left--;
	}
	if (r->a > 0) {
		struct kept *k = &before[kept_count++ % r->a];
		k->line = number;
		k->length = (uint32_t)(n > FILES_LINE_CUT ? FILES_LINE_CUT : n);
		memcpy(k->bytes, line, k->length);
	}
	return true;
}

/* False: enough was found. A line that is longer than the buffer counts by its beginning. */
static bool search(const struct request *r, int fd, const char *path) {
	size_t have = 0;
	uint64_t number = 1;
	bool skipping = false, first = true;
	kept_count = last_told = after_left = 0;
	for (;;) {
		ssize_t n = read(fd, text + have, CHUNK - have);
		if (n < 0 && errno == EINTR) continue;
		if (n < 0) return true;
		if (first && n > 0 && memchr(text, 0, (size_t)n < BINARY_LOOK ? (size_t)n : BINARY_LOOK)) return true;
		first = false;
		have += (size_t)n;
		uint8_t *p = text, *end = text + have, *newline;
		while (p < end && (newline = memchr(p, '\n', (size_t)(end - p)))) {
			if (!skipping && !take_line(r, path, number, p, (size_t)(newline - p))) return false;
			skipping = false;
			number++;
			p = newline + 1;
		}
		have = (size_t)(end - p);
		if (n == 0 || have == CHUNK) {
			if (have > 0 && !skipping && !take_line(r, path, number, p, have)) return false;
			if (n == 0) return true;
			skipping = true;
			have = 0;
		}
		memmove(text, p, have);
		if (number % 4096 == 0) leave_if_alone();
	}
}

static enum answer visit(struct walk *at) {
	const struct request *r = at->context;
	struct stat st;
	if (at->kind != DT_REG && at->kind != DT_UNKNOWN) return ANSWER_ON;
	if (r->s[2][0] && !glob_match(r->s[2], at->path, false)) return ANSWER_ON;
	int fd = openat(at->at, at->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) return ANSWER_ON;
	bool more = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || search(r, fd, walk_shown(at));
	close(fd);
	return more ? ANSWER_ON : ANSWER_STOP;
}

/*
 * How large an expression gets when its repetitions are written out, as regcomp does it: nested ones multiply. It tells before
 * anything is built; what regcomp itself finds wrong is its own to say.
 */
static bool is_small(const char *p) {
	uint64_t sums[MOST_NESTED + 1] = {0}, atom = 0;
	int depth = 0;
	for (; *p; p++) {
		if (*p == '(') {
			if (depth == MOST_NESTED) return false;
			sums[++depth] = 0;
			atom = 0;
		} else if (*p == ')' && depth > 0) {
			atom = sums[depth--] + 1;
			sums[depth] += atom;
		} else if (*p == '{') {
			uint64_t low = strtoul(p + 1, NULL, 10), high = low;
			const char *end = strchr(p, '}'), *comma = strchr(p, ',');
			if (comma && end && comma < end) high = strtoul(comma + 1, NULL, 10);
			sums[depth] += atom * (high > low ? high : low);
			atom *= high > low ? high : low;
			if (end) p = end;
		} else {
			if (*p == '\\' && p[1]) p++;
			atom = 1;
			sums[depth]++;
		}
		if (sums[depth] > MOST_ATOMS) return false;
	}
	return true;
}

static bool prepare(const struct request *r) {
	size_t n = strlen(r->s[1]);
	if (n > FILES_MAX_PATTERN || (r->s[2][0] && !glob_valid(r->s[2]))) return fail_with(REASON_PATTERN, STEP_START, r->s[1], 0);
	if (r->a > FILES_MAX_CONTEXT || r->b < 1) return fail_with(REASON_BAD_REQUEST, STEP_START, r->s[0], 0);
	if (compiled) regfree(&expression);
	compiled = false;
	if (r->flags & FILES_FLAG_LITERAL) {
		for (size_t i = 0; i <= n; i++) folded[i] = (char)tolower((uint8_t)r->s[1][i]);
		return true;
	}
	if (!is_small(r->s[1])) return fail_with(REASON_PATTERN, STEP_START, r->s[1], 0);
	int flags = REG_EXTENDED | REG_NOSUB | (r->flags & FILES_FLAG_IGNORE_CASE ? REG_ICASE : 0);
	compiled = regcomp(&expression, r->s[1], flags) == 0;
	return compiled || fail_with(REASON_PATTERN, STEP_START, r->s[1], 0);
}

bool op_grep(const struct request *r) {
	struct stat st;
	if (!prepare(r) || !look(r->s[0], true, &st)) return false;
	if (!S_ISDIR(st.st_mode)) {
		int fd = open_content(AT_FDCWD, r->s[0], O_RDONLY, 0, &st, r->s[0]);
		if (fd < 0) return false;
		(void)search(r, fd, r->s[0]);
		close(fd);
		return true;
	}
	int fd = open(r->s[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return fail(STEP_OPEN, r->s[0]);
	w = (struct walk){.root = r->s[0], .context = (void *)r, .visit = visit};
	bool ok = walk(&w, fd);
	close(fd);
	return ok;
}
