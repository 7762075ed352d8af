/*
 * Patterns as gitignore has them, on bytes. One without '/' fits the last name of a path; others fit the path from its
 * beginning; one that ends in '/' fits directories only. No recursion, so no pattern makes it slow.
 */
#include <string.h>

#include "files.h"

bool glob_valid(const char *pattern) { return pattern[0] && strlen(pattern) <= FILES_MAX_PATTERN; }

/* A class from behind its '['; NULL when it is none, and the '[' means itself. */
static const char *class_end(const char *p, unsigned char c, bool *fits) {
	bool negated = *p == '!' || *p == '^', found = false;
	if (negated) p++;
	const char *first = p;
	for (; *p && *p != '/' && (*p != ']' || p == first); p++) {
		if (*p == '\\' && p[1]) p++;
		unsigned char low = (unsigned char)*p, high = low;
		if (p[1] == '-' && p[2] && p[2] != ']') {
			p += 2;
			if (*p == '\\' && p[1]) p++;
			high = (unsigned char)*p;
		}
		found |= low <= c && c <= high;
	}
	if (*p != ']') return NULL;
	*fits = found != negated;
	return p + 1;
}

/* One element of a pattern against one byte: what comes behind the element, or NULL. */
static const char *one(const char *p, unsigned char c) {
	bool fits = false;
	const char *end;
	if (*p == '?') return p + 1;
	if (*p == '[' && (end = class_end(p + 1, c, &fits))) return fits ? end : NULL;
	if (*p == '\\' && p[1]) p++;
	return (unsigned char)*p == c ? p + 1 : NULL;
}

/* One name against one segment of a pattern; both end at '/' or NUL. */
static bool segment(const char *p, const char *s, const char **p_end, const char **s_end) {
	const char *star = NULL, *star_at = NULL;
	for (;;) {
		if (*p == '*') {
			while (*p == '*') p++;
			star = p;
			star_at = s;
			continue;
		}
		bool pattern_over = !*p || *p == '/', name_over = !*s || *s == '/';
		if (pattern_over && name_over) {
			*p_end = *p ? p + 1 : p;
			*s_end = *s ? s + 1 : s;
			return true;
		}
		const char *next = pattern_over || name_over ? NULL : one(p, (unsigned char)*s);
		if (next) {
			p = next;
			s++;
		} else if (star && *star_at && *star_at != '/') {
			p = star;
			s = ++star_at;
		} else {
			return false;
		}
	}
}

static bool is_any_depth(const char *p) { return p[0] == '*' && p[1] == '*' && (!p[2] || p[2] == '/'); }

static bool path_match(const char *p, const char *s) {
	const char *deep = NULL, *deep_at = NULL, *p_end, *s_end;
	for (;;) {
		if (is_any_depth(p)) {
			p += p[2] ? 3 : 2;
			if (!*p) return *s != 0;
			deep = p;
			deep_at = s;
			continue;
		}
		if (!*p && !*s) return true;
		if (*p && *s && segment(p, s, &p_end, &s_end)) {
			p = p_end;
			s = s_end;
			continue;
		}
		const char *slash = deep ? strchr(deep_at, '/') : NULL;
		if (!slash) return false;
		deep_at = slash + 1;
		s = deep_at;
		p = deep;
	}
}

bool glob_match(const char *pattern, const char *path, bool directory) {
	static char trimmed[FILES_MAX_PATTERN + 1];
	size_t n = strlen(pattern);
	if (n == 0 || n > FILES_MAX_PATTERN) return false;
	memcpy(trimmed, pattern, n + 1);
	if (n > 1 && trimmed[n - 1] == '/') {
		if (!directory) return false;
		trimmed[n - 1] = 0;
	}
	if (!strchr(trimmed, '/')) return is_any_depth(trimmed) || path_match(trimmed, last_name(path));
	return path_match(trimmed[0] == '/' ? trimmed + 1 : trimmed, path);
}
