/*
 * What the parts of atoll-init share. There is no heap: every table has a fixed size, and the large ones are zero pages
 * until they are used. One thread runs everything but the few instructions a new process executes between clone and execve
 * (launch.c).
 */
#ifndef ATOLL_H
#define ATOLL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "batch.h"
#include "protocol.h"

#define OUTPUT_WINDOW (512u * 1024) /* unacknowledged bytes per stream; a power of two */
#define INPUT_WINDOW (64u * 1024)   /* stdin bytes held per exec; a power of two */
#define OUR_MASK 022               /* of files we make; a process that wants the same need not set it */
#define LANES 8                     /* spawns between clone and execve at once */
#define MAX_GROUPS 64
#define MAX_HOME 256
#define MAX_USER 256

/*
 * A ring whose byte at offset o lies at (o - origin) modulo its size; origin moves up whenever it is empty, so that little
 * data touches little memory.
 */
struct ring {
	uint8_t *bytes;
	uint64_t origin;
	uint32_t touched; /* bytes of memory ever written since the last madvise */
};

struct output {
	int fd;        /* -1 once closed */
	bool closed;   /* every writer is gone */
	bool flooded;  /* its pipe has been full, and was made larger for it */
	uint64_t base; /* oldest byte not acknowledged */
	uint64_t sent; /* next byte to send */
	uint64_t end;  /* next byte to read from the process */
	struct ring ring;
};

struct input {
	int fd;            /* -1 once closed or when stdin is /dev/null */
	bool piped;        /* whether stdin ever was a pipe */
	bool closing;      /* close once everything below close_at is written */
	bool tail;         /* all is written but a terminal's end of input */
	bool unfinished;   /* the last byte was in the midst of a line */
	uint64_t written;  /* next byte to write to the process */
	uint64_t accepted; /* next byte to take from the host */
	uint64_t close_at;
	struct ring ring;
};

/* What still has to be told the host about an exec, apart from output. */
#define TELL_STARTED 1u
#define TELL_FAILED 2u
#define TELL_EXIT 4u
#define TELL_CREDIT 8u
#define TELL_INPUT_CLOSED 16u
#define TELL_CLOSED(s) (32u << (s))

struct exec {
	uint32_t number;
	enum exec_state state;
	bool resumed; /* the host has said where output goes on; nothing is told before */
	bool queued;  /* in the ready queue */
	bool terminal;
	bool settling; /* ended, and its terminal may still hold what it wrote */
	uint64_t settle_by;
	struct tree *tree; /* NULL: its session stands for it */
	unsigned tell;
	pid_t pid;     /* 0 once reaped */
	pid_t session; /* pid of the leader, kept after its end for signals to the group */
	struct lane *lane;
	enum spawn_stage failed_stage;
	int failed_errno;
	int wait_status;
	uint64_t asked_at; /* ns: when its spawn had arrived */
	uint32_t lasted_us; /* from then until it was reaped; the longest told is about 35 minutes */
	struct rusage usage;
	uint64_t settled[2];
	uint64_t released_at; /* age among draining ones */
	struct output out[2];
	struct input in;
	int16_t next_in_bucket;
	int16_t live_at;
};

/* When a file was last changed, and which it is. */
struct file_state {
	uint64_t device, inode, size;
	int64_t changed_s, changed_ns, modified_s, modified_ns;
};

/* Who a user is by the sandbox's files, for as long as these stay as they were when it was looked up. */
struct identity_of_user {
	struct file_state passwd, group;
	uid_t uid;
	gid_t gid;
	gid_t groups[MAX_GROUPS];
	uint32_t group_count;
	char home[MAX_HOME]; /* HOME=… */
	char wanted[MAX_USER]; /* as the spawn names it; empty while nobody has been looked up */
};

/* Everything one new process needs; it lives until the process has called execve, and is shared with it. */
struct lane {
	bool busy;
	struct exec *exec; /* NULL while the parts are still coming */
	uint32_t number, total, have;
	int notify;                /* end of file when execve has succeeded or the process is gone */
	uint64_t left_until;       /* ns: until then nobody looks at notify, as the end is expected first; 0 looks at once */
	int child_fds[3];          /* stdin, stdout, stderr of the process; -1 is /dev/null */
	int notify_child;          /* the process's own end */
	volatile int failed_stage; /* written by the process before it gives up */
	volatile int failed_errno;
	uint32_t mask, limits, argc, envc;
	bool inherit, piped, awaited, terminal;
	uint16_t rows, columns, nice, groups;
	uint32_t processes; /* 0 is as many as the sandbox may have */
	int tree_door;
	char *group_names[MAX_SPAWN_GROUPS];
	const uint8_t *limit_at;
	const char *user, *directory;
	struct identity_of_user who;
	bool looked_up; /* who was read from the files for this process */
	struct batch calls;
	unsigned states_at; /* where in calls the states of the files of users are asked for */
	struct stat states[2];
	gid_t groups_taken[MAX_GROUPS + MAX_SPAWN_GROUPS];
	unsigned rights, moved;   /* where in calls those end by which it becomes its user, and the change of directory */
	bool early;               /* the last calls were made with the first, for one that most likely stays who we are */
	unsigned looks_at, looks; /* where in calls the first directories of PATH are looked at, and how many */
	char path[4096 + 256 + 2];
	char scratch[4096];
	char *argv[MAX_SPAWN_STRINGS + 1];
	char *envp[MAX_SPAWN_STRINGS + MAX_IDENTITY_VARIABLES + 2];
	uint8_t spec[MAX_SPAWN_BYTES];
	uint8_t stack[65536] __attribute__((aligned(64)));
};

/* exec.c: the table */
extern struct exec *live[MAX_EXECS];
extern int live_count;
struct exec *exec_find(uint32_t number);
struct exec *exec_of_pid(pid_t pid);
struct exec *exec_at(int slot); /* NULL unless the host knows it */
struct exec *exec_new(uint32_t number);
bool number_was_used(uint32_t number);
void exec_release(struct exec *e);
void exec_closed_output(struct exec *e);
void exec_tell(struct exec *e, unsigned what);
void exec_retell_all(struct exec *e);

/* stream.c: pipes of processes */
uint32_t output_room(const struct output *o);
void output_read(struct exec *e, int s);
void output_close(struct exec *e, int s);
bool output_acknowledge(struct output *o, uint64_t offset);
void output_settle(struct exec *e);
void output_drain(struct exec *e);
void input_take(struct exec *e, uint64_t offset, const uint8_t *bytes, uint32_t length);
void input_close_at(struct exec *e, uint64_t offset);
void input_write(struct exec *e);
void input_shut(struct exec *e);
void rings_forget(struct exec *e);

/* spawn.c and launch.c: new processes */
extern struct lane lanes[LANES];
bool lanes_busy(void);
bool lanes_full(void);
bool spawn_part(uint32_t number, const uint8_t *payload, uint32_t length); /* false: no lane is free, try again later */
void spawn_drop_parts(void);
void lane_look(struct lane *l);
void lane_finished(struct lane *l);
void lane_free(struct lane *l);
void close_later(int fd); /* when what there is to tell has been told */
void close_now(void);
pid_t launch(struct lane *l);
enum spawn_stage resolve_user(struct lane *l, int *error);
void user_ask(struct lane *l); /* adds to its calls what user_answered needs */
enum spawn_stage user_answered(struct lane *l, int *error);
bool resolve_group(struct lane *l, const char *wanted, gid_t *gid);
void user_recall(struct lane *l);
void user_remember(const struct lane *l);

/* groups.c: everything that a command has led to */
struct tree;
void trees_begin(int directory, uint32_t most);
struct tree *tree_take(uint32_t most);
void tree_leave(struct tree *t);
int tree_door(const struct tree *t); /* where a process writes 0 to be of it; -1 for none */
int tree_signal(const struct tree *t, int signo);

/* terminal.c */
void terminals_begin(void);
bool terminal_open(struct lane *l, struct exec *e);
int terminal_resize(struct exec *e, uint16_t rows, uint16_t columns);
bool terminal_end_input(struct exec *e);

/* confine.c: before anything else; false leaves the reason in errno */
extern int group_fd; /* where a process without a group of its own writes 0 to be limited; -1 when processes are not */
extern bool groups_unified; /* version 2: a group of its own is limited with all others, and can be a namespace's root */
bool confine_cpus(long count);
bool confine_processes(long most);
bool confine_files(const char *bytes, const char *files);

/* identity.c */
extern char *base_environment[MAX_IDENTITY_VARIABLES + 1];
bool identity_part(uint32_t token, const uint8_t *payload, uint32_t length);
void identity_drop_parts(void);

/* signals.c: children and their ends */
int signals_init(void);
void children_ask(struct batch *b); /* to reap one in the same call as other things */
bool children_ended(void);          /* and whether there was one */
void children_reap(void);
bool children_left(void); /* it is to be called again soon */
void signals_read(void);
int signal_exec(struct exec *e, int signo, enum signal_scope scope);
void shutdown_begin(uint32_t grace_ms);
bool shutdown_underway(void);
int shutdown_step(void); /* ms until it wants to be called again, -1 for never */

/* input.c: frames from the host */
void frames_ask(struct batch *b); /* to read in the same call as other things */
bool frames_came(void);           /* and whether there was anything */
void frames_read(void);
void frames_feed(const uint8_t *bytes, size_t length);
bool frames_stalled(void);
void frames_unstall(void);
bool frames_ended(void);

/* output.c: frames to the host */
extern bool attached;
void frames_attach(const uint8_t *nonce, uint32_t version);
void frames_flush(void);
bool frames_blocked(void);
bool frames_waiting(void);
void frames_ready(struct exec *e);
void frames_unready(struct exec *e);
void tell_reply(uint32_t token, uint32_t error, uint32_t detail);
void tell_pong(uint32_t token);
void tell_refusal(uint32_t number, enum spawn_stage stage, int error);
void tell_complaint(enum complaint code, uint32_t number, uint32_t type);
void tell_goodbye(void);

/* main.c */
extern bool are_root;
extern uint8_t boot_id[16];
extern int null_fd;
extern bool descriptors_raised;
extern struct rlimit given_descriptors;
uint64_t now_ms(void);
uint64_t now_ns(void);

#endif
