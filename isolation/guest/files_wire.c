/* Frames on stdin and stdout. Both are pipes that block; the host is believed nothing, as it may have died mid-way. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "wire.h"

#define IN_BYTES (2u * (FILES_MAX_PAYLOAD + FILES_HEADER_BYTES))
#define OUT_BYTES (FILES_MAX_PAYLOAD + FILES_HEADER_BYTES)
#define PROTOCOL_BROKEN 3

static uint8_t in[IN_BYTES];
static size_t in_at, in_end;
static uint8_t request_bytes[FILES_MAX_PAYLOAD];
static enum { CONTENT_NONE, CONTENT_OPEN, CONTENT_ENDED } content;
static size_t content_left; /* of the frame that is being read */

static uint8_t out[OUT_BYTES];
static size_t out_end;
static bool streaming;
static size_t stream_at; /* where the open frame of data begins */

static _Noreturn void broken(void) { _exit(PROTOCOL_BROKEN); }

/* Reads until `n` bytes lie there; false at the end. */
static bool need(size_t n) {
	if (in_at == in_end) in_at = in_end = 0;
	if (in_at + n > IN_BYTES) {
		memmove(in, in + in_at, in_end - in_at);
		in_end -= in_at;
		in_at = 0;
	}
	while (in_end - in_at < n) {
		ssize_t got = read(0, in + in_end, IN_BYTES - in_end);
		if (got < 0 && errno == EINTR) continue;
		if (got <= 0) return false;
		in_end += (size_t)got;
	}
	return true;
}

/* The next header; false at the end. */
static bool header(uint32_t *type, uint32_t *length) {
	if (!need(FILES_HEADER_BYTES)) return false;
	*type = get32(in + in_at);
	*length = get32(in + in_at + 4);
	if (*length > FILES_MAX_PAYLOAD) broken();
	in_at += FILES_HEADER_BYTES;
	return true;
}

static bool parse(struct request *r, size_t length) {
	const uint8_t *p = request_bytes;
	if (length < FILES_REQUEST_FIXED_BYTES) return false;
	r->op = get16(p);
	r->flags = get16(p + 2);
	r->mode = get32(p + 4);
	r->a = get64(p + 8);
	r->b = get64(p + 16);
	r->c = get64(p + 24);
	r->nanos = get32(p + 32);
	r->count = get32(p + 36);
	r->hash = p + 40;
	if (r->count > FILES_MAX_STRINGS || r->nanos > 999999999u) return false;
	if (r->mode != FILES_NO_MODE && r->mode > 07777) return false;
	size_t at = FILES_REQUEST_FIXED_BYTES;
	for (uint32_t i = 0; i < r->count; i++) {
		if (length - at < 4) return false;
		size_t n = get32(p + at);
		at += 4;
		/* A NUL behind each makes it a string in place. */
		if (n > FILES_MAX_PATH || length - at < n + 1 || p[at + n] != 0 || memchr(p + at, 0, n)) return false;
		r->s[i] = (const char *)p + at;
		at += n + 1;
	}
	for (uint32_t i = r->count; i < FILES_MAX_STRINGS; i++) r->s[i] = "";
	return at == length;
}

static bool take_request(struct request *r, size_t length) {
	if (!need(length)) return false;
	memcpy(request_bytes, in + in_at, length);
	in_at += length;
	if (!parse(r, length)) broken();
	return true;
}

static bool takes_content(const struct request *r) {
	return r->op == OPERATION_WRITE || r->op == OPERATION_UNPACK || r->op == OPERATION_APPLY;
}

bool next_request(struct request *r) {
	uint32_t type, length;
	if (!header(&type, &length)) return false;
	if (type != FILES_FRAME_REQUEST) broken();
	if (!take_request(r, length)) return false;
	content = takes_content(r) ? CONTENT_OPEN : CONTENT_NONE;
	content_left = 0;
	return true;
}

bool content_open(void) { return content == CONTENT_OPEN; }

ssize_t content_peek(const uint8_t **bytes) {
	while (content == CONTENT_OPEN && content_left == 0) {
		uint32_t type, length;
		if (!header(&type, &length)) return -1;
		if (type == FILES_FRAME_END && length == 0) content = CONTENT_ENDED;
		else if (type == FILES_FRAME_CONTENT) content_left = length;
		else broken();
	}
	if (content != CONTENT_OPEN) return 0;
	if (!need(1)) return -1;
	size_t have = in_end - in_at;
	*bytes = in + in_at;
	return (ssize_t)(have < content_left ? have : content_left);
}

void content_take(size_t n) {
	in_at += n;
	content_left -= n;
}

int next_change(struct request *r) {
	uint32_t type, length;
	if (content != CONTENT_OPEN) return 0;
	if (content_left > 0) broken();
	if (!header(&type, &length)) return -1;
	if (type == FILES_FRAME_END && length == 0) {
		content = CONTENT_ENDED;
		return 0;
	}
	if (type != FILES_FRAME_CHANGE) broken();
	return take_request(r, length) ? 1 : -1;
}

/* Throws away what still comes of the operation; false when the host has gone. */
bool content_drain(void) {
	while (content == CONTENT_OPEN) {
		while (content_left > 0) {
			if (!need(1)) return false;
			size_t have = in_end - in_at;
			content_take(have < content_left ? have : content_left);
		}
		uint32_t type, length;
		if (!header(&type, &length)) return false;
		if (type == FILES_FRAME_END && length == 0) content = CONTENT_ENDED;
		else if (type == FILES_FRAME_CONTENT || type == FILES_FRAME_CHANGE) content_left = length;
		else broken();
	}
	return true;
}

void flush(void) {
	size_t at = 0;
	while (at < out_end) {
		ssize_t n = write(1, out + at, out_end - at);
		if (n < 0 && errno == EINTR) continue;
		if (n <= 0) _exit(0); /* nobody reads: whoever began this has gone */
		at += (size_t)n;
	}
	out_end = 0;
}

void leave_if_alone(void) {
	struct pollfd p = {.fd = 1, .events = 0};
	if (poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLNVAL))) _exit(0);
}

uint8_t *frame_begin(size_t most) {
	if (streaming) stream_end();
	if (out_end + FILES_HEADER_BYTES + most > OUT_BYTES) flush();
	return out + out_end + FILES_HEADER_BYTES;
}

void frame_end(uint8_t type, size_t length) {
	put32(out + out_end, type);
	put32(out + out_end + 4, (uint32_t)length);
	out_end += FILES_HEADER_BYTES + length;
}

uint8_t *stream_room(size_t *room) {
	if (streaming && out_end == OUT_BYTES) stream_end();
	if (!streaming) {
		if (out_end + FILES_HEADER_BYTES >= OUT_BYTES) flush();
		streaming = true;
		stream_at = out_end;
		out_end += FILES_HEADER_BYTES;
	}
	*room = OUT_BYTES - out_end;
	return out + out_end;
}

void stream_add(size_t n) { out_end += n; }

void stream_end(void) {
	if (!streaming) return;
	streaming = false;
	size_t length = out_end - stream_at - FILES_HEADER_BYTES;
	if (length == 0) {
		out_end = stream_at;
		return;
	}
	put32(out + stream_at, FILES_FRAME_DATA);
	put32(out + stream_at + 4, (uint32_t)length);
	flush();
}

uint8_t *put_text(uint8_t *p, const char *text, size_t length) {
	p = put32(p, (uint32_t)length);
	memcpy(p, text, length);
	return p + length;
}

enum files_type type_of(mode_t mode) {
	switch (mode & S_IFMT) {
	case S_IFDIR: return TYPE_DIRECTORY;
	case S_IFLNK: return TYPE_SYMLINK;
	case S_IFIFO: return TYPE_FIFO;
	case S_IFSOCK: return TYPE_SOCKET;
	case S_IFCHR: return TYPE_CHARACTER_DEVICE;
	case S_IFBLK: return TYPE_BLOCK_DEVICE;
	default: return TYPE_FILE;
	}
}

size_t entry_bytes(const char *path, const char *target) {
	return 36 + 4 + workspace_bytes() + strlen(path) + (target ? 4 + strlen(target) : 0) + HASH_BYTES;
}

uint8_t *put_entry(uint8_t *p, const char *path, const char *target, const uint8_t *hash, const struct stat *st) {
	*p++ = (uint8_t)type_of(st->st_mode);
	*p++ = (uint8_t)((target ? 1 : 0) | (hash ? 2 : 0));
	*p++ = (uint8_t)(st->st_mode & 0xff);
	*p++ = (uint8_t)(st->st_mode >> 8 & 0x0f);
	p = put64(p, (uint64_t)st->st_size);
	p = put32(p, st->st_uid);
	p = put32(p, st->st_gid);
	p = put64(p, (uint64_t)st->st_mtim.tv_sec);
	p = put32(p, (uint32_t)st->st_mtim.tv_nsec);
	p = put32(p, (uint32_t)st->st_nlink);
	p = put_path(p, path);
	if (target) p = put_text(p, target, strlen(target));
	if (hash) {
		memcpy(p, hash, HASH_BYTES);
		p += HASH_BYTES;
	}
	return p;
}

void tell_entry(const char *path, const char *target, const uint8_t *hash, const struct stat *st) {
	uint8_t *from = frame_begin(entry_bytes(path, target));
	frame_end(FILES_FRAME_ENTRY, (size_t)(put_entry(from, path, target, hash, st) - from));
}
