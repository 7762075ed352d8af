/*
 * Feeds the file service hostile bytes, from noise to requests and archives that are nearly right, in a root directory that
 * holds nothing else. Built with ASan and UBSan. Each batch is a process of its own: the service ends when its host breaks the
 * protocol, and must end in no other way.
 *
 * usage: files_fuzz SEED FRAMES DIRECTORY
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../atoll.h"
#include "../files.h"
#include "../files_tar.h"
#include "../wire.h"

#define BATCH 500u /* frames, about */
#define MOST_BYTES (8u << 20)
#define PATIENCE_SECONDS 60
#define MOST_RESIDENT_KIB (400 * 1024)

struct lane lanes[LANES];
static uint64_t seed;
static uint8_t *input;
static size_t input_end;
static unsigned long frames;

/* Looking for leaks takes /proc, which is not there; there is no heap to leak but for one buffer. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }

static uint32_t any(uint32_t below) {
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 16) % below);
}

static const char *const words[] = {"a", "b", "a/b", "a/b/c", ".", "..", "/", "/a", "../a", "", "d", "d/e", "l", "l/x", "*", "**", "**/a",
				    "[a-", "[!a]*", "a*b*c*d", "x{2}", "(a|b)+", "a(", "0", "root", "root:root", "0:0", "nobody-here",
				    "\n", "\xff\xfe", "a//b/", "./a/.", "\\", "?"};

static uint8_t *word(uint8_t *p) {
	if (any(40) == 0) { /* long */
		uint32_t n = any(any(100) ? 4096 : 4200);
		p = put32(p, n);
		memset(p, any(3) ? 'a' : '/', n);
		p += n;
	} else {
		const char *w = words[any(sizeof words / sizeof *words)];
		p = put_text(p, w, strlen(w));
	}
	*p++ = any(20000) ? 0 : 'x';
	return p;
}

static uint64_t number(void) {
	switch (any(6)) {
	case 0: return 0;
	case 1: return any(5);
	case 2: return any(1u << 20);
	case 3: return UINT64_MAX;
	case 4: return INT64_MAX;
	default: return 1 + any(100);
	}
}

static void frame(uint32_t type, const uint8_t *from, size_t n) {
	uint8_t *p = put32(put32(input + input_end, type), (uint32_t)n);
	memmove(p, from, n);
	input_end += FILES_HEADER_BYTES + n;
	frames++;
}

static void request(uint32_t type, uint32_t op, uint64_t first) {
	static uint8_t bytes[FILES_MAX_PAYLOAD];
	uint32_t strings = any(30) ? 1 + any(3) : any(any(100) ? 66 : 70);
	uint8_t *p = bytes;
	*p++ = (uint8_t)op;
	*p++ = 0;
	*p++ = (uint8_t)any(256);
	*p++ = (uint8_t)any(16);
	p = put32(p, any(3) ? FILES_NO_MODE : any(010000));
	p = put64(put64(put64(p, first), number()), number());
	p = put32(p, any(1000000000));
	p = put32(p, strings);
	for (int i = 0; i < HASH_BYTES; i++) *p++ = (uint8_t)any(256);
	for (uint32_t i = 0; i < strings && p + 5000 < bytes + sizeof bytes; i++) p = word(p);
	if (any(10000) == 0) bytes[any((uint32_t)(p - bytes))] ^= (uint8_t)(1 + any(255));
	frame(type, bytes, (size_t)(p - bytes));
}

static void text(char *field, size_t size, uint64_t value) {
	field[size - 1] = 0;
	for (size_t i = size - 1; i-- > 0; value >>= 3) field[i] = (char)('0' + (value & 7));
}

/* A member of an archive that is nearly right. */
static size_t nearly_member(uint8_t *to) {
	static const char types[] = "00000551126xxLKgS37\0";
	struct tar_header h = {.type = types[any(sizeof types - 1)]};
	uint32_t size = any(4) ? 0 : any(3000), sum = 0;
	if (h.type == 'x' || h.type == 'L' || h.type == 'K') size = 20 + any(60);
	const char *name = words[any(16)], *link = words[any(16)];
	memcpy(h.name, name, strlen(name));
	memcpy(h.link, link, strlen(link));
	if (any(20) == 0) memset(h.name, 'n', sizeof h.name);
	if (any(10) == 0) memcpy(h.prefix, "p/q", 3);
	text(h.mode, sizeof h.mode, any(010000));
	text(h.size, sizeof h.size, size);
	text(h.mtime, sizeof h.mtime, any(1u << 30));
	if (any(50) == 0) memset(h.size, any(2) ? 0xff : 0x80, sizeof h.size);
	memcpy(h.magic, "ustar", 6);
	memset(h.sum, ' ', sizeof h.sum);
	for (size_t i = 0; i < TAR_BLOCK; i++) sum += ((uint8_t *)&h)[i];
	text(h.sum, 7, sum);
	if (any(200) == 0) ((uint8_t *)&h)[any(TAR_BLOCK)] ^= 1;
	memcpy(to, &h, TAR_BLOCK);
	uint8_t *content = to + TAR_BLOCK;
	memset(content, 0, 4096);
	const char *key = any(2) ? "path" : "mtime", *value = any(2) ? "a/b" : "-1.5";
	if (h.type == 'x') snprintf((char *)content, 200, "%u %s=%s\n%u size=9%u\n", any(40), key, value, any(12), any(99));
	else if (size > 0) memset(content, 'a' + (int)any(20), size);
	size_t padded = any(100) ? (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK : size;
	return TAR_BLOCK + padded;
}

static void content(bool archive, size_t exactly) {
	static uint8_t bytes[FILES_MAX_PAYLOAD];
	size_t n = 0;
	if (archive) {
		for (uint32_t i = any(20); i > 0; i--) n += nearly_member(bytes + n);
		if (any(2)) memset(bytes + n, 0, 1024), n += 1024;
	} else {
		n = exactly;
		for (size_t i = 0; i < n; i++) bytes[i] = (uint8_t)any(256);
	}
	for (size_t at = 0; at < n;) {
		size_t part = any(3) ? n - at : 1 + any((uint32_t)(n - at));
		frame(FILES_FRAME_CONTENT, bytes + at, part);
		at += part;
	}
}

static void operation(void) {
	uint32_t op = any(200) ? 1 + any(OPERATION_APPLY) : any(256);
	request(FILES_FRAME_REQUEST, op, number());
	if (op == OPERATION_APPLY) {
		for (uint32_t i = any(6); i > 0; i--) {
			uint32_t change = 1 + any(3), size = any(300);
			request(FILES_FRAME_CHANGE, change, size);
			if (change == CHANGE_PUT) content(false, any(200) ? size : any(300));
		}
	} else if (op == OPERATION_WRITE || op == OPERATION_UNPACK) {
		for (uint32_t i = any(3); i > 0; i--) content(op == OPERATION_UNPACK, any(20) ? any(300) : any(FILES_MAX_PAYLOAD));
	} else {
		return;
	}
	if (any(2000)) frame(FILES_FRAME_END, input, 0);
}

static void noise(void) {
	for (uint32_t i = any(200); i > 0; i--) input[input_end++] = (uint8_t)any(any(2) ? 256 : 24);
	frames++;
}

static void fill(void) {
	unsigned long until = frames + BATCH;
	input_end = 0;
	while (frames < until && input_end < MOST_BYTES - (4u << 20)) {
		if (any(4000) == 0) noise();
		else operation();
	}
}

static void serve(void) {
	int file = memfd_create("input", 0), null = open("/null", O_WRONLY | O_CREAT, 0600);
	if (file < 0 || null < 0 || write(file, input, input_end) != (ssize_t)input_end || lseek(file, 0, SEEK_SET) < 0) _exit(77);
	if (dup2(file, 0) < 0 || dup2(null, 1) < 0 || ftruncate(1, 0) < 0 || unlink("/null") < 0) _exit(77);
	alarm(PATIENCE_SECONDS);
	if (chdir("/") < 0) _exit(77);
	while (files_serve()) {}
	_exit(0);
}

/* A process that sees nothing but the directory; without being root by a user namespace of its own. */
static bool enter(const char *directory) {
	if (chroot(directory) < 0 && (unshare(CLONE_NEWUSER) < 0 || chroot(directory) < 0)) return false;
	return chdir("/") == 0;
}

int main(int argc, char **argv) {
	if (argc != 4 || !enter(argv[3])) {
		fprintf(stderr, "usage: files_fuzz SEED FRAMES DIRECTORY, as root or where user namespaces are allowed\n");
		return 2;
	}
	seed = strtoull(argv[1], NULL, 10) * 2654435761u + 88172645463325252u;
	input = malloc(MOST_BYTES);
	unsigned long wanted = strtoul(argv[2], NULL, 10), broken = 0, whole = 0;
	while (frames < wanted) {
		uint64_t before = seed;
		fill();
		pid_t child = fork();
		if (child == 0) serve();
		int status;
		if (child < 0 || waitpid(child, &status, 0) != child) return 2;
		if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 3)) {
			printf("state %llu: status %x\n", (unsigned long long)before, (unsigned)status);
			return 1;
		}
		if (WEXITSTATUS(status)) broken++;
		else whole++;
	}
	struct rusage used;
	getrusage(RUSAGE_CHILDREN, &used);
	printf("%lu frames, %lu batches whole, %lu broken off, %ld KiB at most\n", frames, whole, broken, used.ru_maxrss);
	return used.ru_maxrss < MOST_RESIDENT_KIB ? 0 : 1;
}
