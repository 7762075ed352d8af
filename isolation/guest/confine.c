/*
 * Limits that only the inside of a sandbox can set: before the first command, PID 1 puts everything it will start into a
 * control group of gVisor's own kernel, shows it as many CPUs as the sandbox has paid for, and replaces the memory file
 * systems by ones with a size and a number of files. Whatever cannot be set ends the sandbox before it serves anybody.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "atoll.h"

#define GROUPS_AT "/sys/fs/cgroup" /* there on every build, and empty while a sandbox runs */
#define SPAWN_RESERVE 32           /* commands that still start while others have taken every process */
#define DEV_BYTES "1048576"
#define DEV_FILES "1024"
#define HARMLESS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

int group_fd = -1;
bool groups_unified;

static bool write_file(const char *path, const char *text) {
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) return false;
	bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return written;
}

static bool write_number(const char *path, long number) {
	char text[24], *at = text + sizeof text - 1;
	*at = 0;
	do *--at = (char)('0' + number % 10);
	while (number /= 10);
	return write_file(path, at);
}

/* gVisor has as many CPUs as its quota, but never fewer than two; affinity is what programs count by. */
bool confine_cpus(long count) {
	cpu_set_t set;
	CPU_ZERO(&set);
	for (long c = 0; c < count && c < CPU_SETSIZE; c++) CPU_SET((size_t)c, &set);
	return count > 0 && sched_setaffinity(0, sizeof set, &set) == 0;
}

/*
 * Version 2. Each command gets a group (groups.c) and a namespace that is rooted there, whose limits gVisor then lets nobody in
 * it change (nsdelegate) and which nobody in it can leave, root or not. PID 1 stays beside them, below a limit for all, so
 * that a command still starts when the others have used up theirs. Commands for which there is no group share one.
 */
static bool in_unified_group(long most) {
	const char *all = GROUPS_AT "/all", *ours = GROUPS_AT "/all/init", *theirs = GROUPS_AT "/all/commands";
	if (mkdir(all, 0755) < 0 || !write_number(GROUPS_AT "/all/pids.max", most + 1 + SPAWN_RESERVE)) return false;
	/* Root inside may enter our namespace; rooted here, it shows a limit for all that nobody in it can change. */
	if (!write_file(GROUPS_AT "/all/cgroup.procs", "0") || unshare(CLONE_NEWCGROUP) < 0) return false;
	if (mkdir(ours, 0755) < 0 || !write_file(GROUPS_AT "/all/init/cgroup.procs", "0")) return false;
	if (!write_file(GROUPS_AT "/all/cgroup.subtree_control", "+pids")) return false;
	if (mkdir(theirs, 0755) < 0 || mkdir(GROUPS_AT "/all/commands/shared", 0755) < 0) return false;
	if (!write_number(GROUPS_AT "/all/commands/pids.max", most)) return false;
	if (!write_file(GROUPS_AT "/all/commands/cgroup.subtree_control", "+pids")) return false;
	if (!write_number(GROUPS_AT "/all/commands/shared/pids.max", most)) return false;
	group_fd = open(GROUPS_AT "/all/commands/shared/cgroup.procs", O_WRONLY | O_CLOEXEC);
	int directory = open(GROUPS_AT "/all/commands", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (group_fd < 0 || directory < 0) return false;
	trees_begin(directory, (uint32_t)most);
	groups_unified = true;
	return true;
}

/* Version 1, of builds before 2026: root in the sandbox can mount it again and leave its group. */
static bool in_legacy_group(long most) {
	if (mkdir(GROUPS_AT "/commands", 0755) < 0 || !write_number(GROUPS_AT "/commands/pids.max", most)) return false;
	group_fd = open(GROUPS_AT "/commands/cgroup.procs", O_WRONLY | O_CLOEXEC);
	return group_fd >= 0;
}

/*
 * There a limit does not hold for the groups below, so the commands' own groups lie in a hierarchy of their own, without a
 * limit. If it cannot be had, a command's session stands for its tree.
 */
static void legacy_trees(void) {
	if (mount("none", GROUPS_AT, "cgroup", HARMLESS, "cpuacct") < 0) return;
	int directory = mkdir(GROUPS_AT "/trees", 0755) < 0 ? -1 : open(GROUPS_AT "/trees", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory >= 0) trees_begin(directory, 0);
	umount2(GROUPS_AT, MNT_DETACH);
}

bool confine_processes(long most) {
	if (most <= 0) return false;
	bool unified = mount("none", GROUPS_AT, "cgroup2", HARMLESS, "nsdelegate") == 0;
	if (!unified && mount("none", GROUPS_AT, "cgroup", HARMLESS, "pids") < 0) return false;
	bool confined = unified ? in_unified_group(most) : in_legacy_group(most);
	if (umount2(GROUPS_AT, MNT_DETACH) < 0) return false;
	if (confined && !unified) legacy_trees();
	return confined;
}

/* Older builds do not know nr_inodes; there the box's memory alone bounds the number of files. */
static bool mount_files(const char *at, unsigned long flags, const char *mode, const char *bytes, const char *files) {
	char options[128];
	if (strlen(mode) + strlen(bytes) + strlen(files) > 64) return false;
	char *end = stpcpy(stpcpy(stpcpy(stpcpy(options, "mode="), mode), ",size="), bytes);
	stpcpy(stpcpy(end, ",nr_inodes="), files);
	if (mount("tmpfs", at, "tmpfs", MS_NOSUID | flags, options) == 0) return true;
	*end = 0;
	return errno == EINVAL && mount("tmpfs", at, "tmpfs", MS_NOSUID | flags, options) == 0;
}

/* As the kernel gives them; the C library's are for a heap, which we do not have. */
struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static bool copy_node(int from, int to, const char *name, const struct stat *st) {
	char target[256];
	if (!S_ISLNK(st->st_mode)) return mknodat(to, name, st->st_mode, st->st_rdev) == 0;
	ssize_t length = readlinkat(from, name, target, sizeof target - 1);
	if (length < 0) return false;
	target[length] = 0;
	return symlinkat(target, to, name) == 0;
}

static bool copy_nodes(int from, int to, int depth);

static bool copy_entry(int from, int to, const char *name, int depth) {
	struct stat st;
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return true;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0) return false;
	if (!S_ISDIR(st.st_mode)) return copy_node(from, to, name, &st);
	if (mkdirat(to, name, st.st_mode & 07777) < 0) return false;
	if (depth == 0) return true;
	int below = openat(from, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int copy = openat(to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return copy_nodes(below, copy, depth - 1);
}

/* Copies device nodes, links and directories, and what is in these; closes both descriptors. */
static bool copy_nodes(int from, int to, int depth) {
	char buffer[2048] __attribute__((aligned(8)));
	bool copied = from >= 0 && to >= 0;
	long n = 0;
	while (copied && (n = syscall(SYS_getdents64, from, buffer, sizeof buffer)) > 0)
		for (long at = 0; copied && at < n;) {
			const struct entry *e = (const struct entry *)(const void *)(buffer + at);
			at += e->length;
			copied = copy_entry(from, to, e->name, depth);
		}
	if (from >= 0) close(from);
	if (to >= 0) close(to);
	return copied && n == 0;
}

/* gVisor's own /dev takes any amount of files, up to half of the host's memory: a mistyped device name ends there. */
static bool sized_devices(void) {
	umount2("/dev/shm", MNT_DETACH);
	umount2("/dev/pts", MNT_DETACH);
	int from = open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	umount2("/dev", MNT_DETACH);
	if (from < 0 || !mount_files("/dev", 0, "755", DEV_BYTES, DEV_FILES)) return false;
	if (!copy_nodes(from, open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC), 1)) return false;
	return mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, NULL) == 0;
}

bool confine_files(const char *bytes, const char *files) {
	mode_t mask = umask(0);
	umount2("/tmp", MNT_DETACH);
	bool there = mkdir("/tmp", 01777) == 0 || errno == EEXIST;
	bool confined = there && mount_files("/tmp", MS_NODEV, "1777", bytes, files) && sized_devices() &&
	                mount_files("/dev/shm", MS_NODEV, "1777", bytes, files);
	umask(mask);
	return confined;
}
