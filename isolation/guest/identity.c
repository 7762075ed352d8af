/* Who this sandbox is: applied when a waiting sandbox is claimed, and again after a restore. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "atoll.h"
#include "wire.h"

#ifndef MACHINE_ID_FILE
#define MACHINE_ID_FILE "/etc/machine-id"
#endif

char *base_environment[MAX_IDENTITY_VARIABLES + 1];
static char variables[MAX_IDENTITY_BYTES];

static struct {
	bool open;
	uint32_t token, total, have;
	uint8_t bytes[MAX_IDENTITY_BYTES];
} message;

void identity_drop_parts(void) { message.open = false; }

static int write_file(const char *path, const uint8_t *bytes, uint32_t length) {
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0444);
	if (fd < 0) return errno;
	int error = write(fd, bytes, length) == (ssize_t)length ? write(fd, "\n", 1) == 1 ? 0 : EIO : EIO;
	close(fd);
	return error;
}

static int add_variable(const uint8_t *bytes, uint32_t length, uint32_t *count, uint32_t *used) {
	if (length == 0) {
		*count = *used = 0;
		base_environment[0] = NULL;
		return 0;
	}
	if (*count == MAX_IDENTITY_VARIABLES || length + 1 > sizeof variables - *used) return E2BIG;
	if (bytes[0] == '=' || !memchr(bytes, '=', length) || memchr(bytes, 0, length)) return EINVAL;
	memcpy(variables + *used, bytes, length);
	variables[*used + length] = 0;
	base_environment[(*count)++] = variables + *used;
	base_environment[*count] = NULL;
	*used += length + 1;
	return 0;
}

/* Applies the parts in their order; the first that fails ends it. */
static int apply(uint32_t *part) {
	uint32_t at = 0, count = 0, used = 0;
	int error = 0;
	while (error == 0 && at < message.total) {
		if (message.total - at < 8) return EINVAL;
		*part = get32(message.bytes + at);
		uint32_t length = get32(message.bytes + at + 4);
		const uint8_t *value = message.bytes + at + 8;
		if (length > message.total - at - 8) return EINVAL;
		switch (*part) {
		case PART_HOSTNAME: error = sethostname((const char *)value, length) < 0 ? errno : 0; break;
		case PART_MACHINE_ID: error = write_file(MACHINE_ID_FILE, value, length); break;
		case PART_ENVIRONMENT: error = add_variable(value, length, &count, &used); break;
		default: error = EINVAL;
		}
		at += 8 + length;
	}
	return error;
}

static bool refuse(uint32_t token) {
	tell_complaint(COMPLAINT_PARTS, token, FRAME_IDENTITY_PART);
	message.open = false;
	return true;
}

bool identity_part(uint32_t token, const uint8_t *payload, uint32_t length) {
	if (length < 9) return refuse(token);
	uint32_t total = get32(payload), at = get32(payload + 4), part = 0;
	payload += 8;
	length -= 8;
	if (at == 0) {
		message.open = total > 0 && total <= MAX_IDENTITY_BYTES;
		message.token = token;
		message.total = total;
		message.have = 0;
	}
	if (!message.open || message.token != token || message.total != total || message.have != at ||
	    length > total - at)
		return refuse(token);
	/* A process on its way to execve may be using the environment that we would overwrite. */
	if (at + length == total && lanes_busy()) return false;
	memcpy(message.bytes + at, payload, length);
	message.have += length;
	if (message.have < total) return true;
	message.open = false;
	int error = apply(&part);
	/* A part that cannot be read at all belongs to none: call it the last one. */
	if (error && (part < PART_HOSTNAME || part > PART_ENVIRONMENT)) part = PART_ENVIRONMENT;
	tell_reply(token, (uint32_t)error, error ? part : 0);
	return true;
}
