/* Pseudo-terminals: a command's stdin, stdout and stderr as one, with the kernel's line discipline between it and us. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "atoll.h"

#define CTRL_D 4

/* Held since before the first command, which might put anything in its place. */
static int terminals_at = -1;

void terminals_begin(void) { terminals_at = open("/dev/pts", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

static int open_numbered(int number) {
	char name[12], *at = name + sizeof name - 1;
	*at = 0;
	do *--at = (char)('0' + number % 10);
	while (number /= 10);
	return openat(terminals_at, at, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/*
 * Our end is the exec's output and, by a descriptor of its own, its input; theirs is the lane's. What was opened when it fails
 * is closed with them.
 */
bool terminal_open(struct lane *l, struct exec *e) {
	struct winsize size = {.ws_row = l->rows, .ws_col = l->columns};
	int unlocked = 0, number = 0;
	int ours = openat(terminals_at, "ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (ours < 0) return false;
	e->out[0].fd = ours;
	e->in.fd = fcntl(ours, F_DUPFD_CLOEXEC, 3);
	if (e->in.fd < 0 || ioctl(ours, TIOCSPTLCK, &unlocked) < 0 || ioctl(ours, TIOCGPTN, &number) < 0) return false;
	if (ioctl(ours, TIOCSWINSZ, &size) < 0) return false;
	l->child_fds[0] = open_numbered(number);
	return l->child_fds[0] >= 0;
}

/*
 * The kernel tells the programs in the foreground when the size has changed. gVisor's does so only since it has control groups
 * of version 2; before that we do, and tell the whole session, as it does not say who is in the foreground either.
 */
int terminal_resize(struct exec *e, uint16_t rows, uint16_t columns) {
	struct winsize size = {.ws_row = rows, .ws_col = columns};
	if (!e->terminal) return ENOTTY;
	if (e->out[0].fd < 0) return ESRCH;
	if (ioctl(e->out[0].fd, TIOCSWINSZ, &size) < 0) return errno;
	if (getpid() == 1 && !groups_unified) signal_exec(e, SIGWINCH, SCOPE_SESSION);
	return 0;
}

/*
 * A terminal has no end of input but the one that is typed: what Ctrl-D does. In the midst of a line the first hands the
 * line over and the second is the end. False when there is no room for it now.
 */
bool terminal_end_input(struct exec *e) {
	struct termios now;
	char typed[2] = {CTRL_D, CTRL_D};
	size_t length = 1;
	if (tcgetattr(e->in.fd, &now) == 0) {
		if (now.c_cc[VEOF]) typed[0] = typed[1] = (char)now.c_cc[VEOF];
		if ((now.c_lflag & ICANON) && e->in.unfinished) length = 2;
	}
	ssize_t n = write(e->in.fd, typed, length);
	if (n == 1 && length == 2) e->in.unfinished = false;
	return n == (ssize_t)length || (n < 0 && errno != EAGAIN && errno != EINTR);
}
