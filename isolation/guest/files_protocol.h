/* The numbers of docs/files-protocol.md; FilesProtocolNumbersTest compares them with the host's. */
#ifndef ATOLL_FILES_PROTOCOL_H
#define ATOLL_FILES_PROTOCOL_H

#define FILES_VERSION 1
#define FILES_HEADER_BYTES 8
#define FILES_MAX_PAYLOAD 262144
#define FILES_REQUEST_FIXED_BYTES 72
#define FILES_MAX_STRINGS 66
#define FILES_MAX_PATH 4095
#define FILES_MAX_PATTERN 1024
#define FILES_MAX_CHANGES 1000
#define FILES_MAX_CHANGE_BYTES 1048576
#define FILES_MAX_CONTEXT 50
#define FILES_LINE_CUT 4096
#define FILES_MAX_DEPTH 256
#define FILES_MAX_WATCHES 8192
#define FILES_NO_MODE 0xffffffff

/* from the host */
#define FILES_FRAME_REQUEST 1
#define FILES_FRAME_CONTENT 2
#define FILES_FRAME_END 3
#define FILES_FRAME_CHANGE 4

/* to the host */
#define FILES_FRAME_HELLO 16
#define FILES_FRAME_ENTRY 17
#define FILES_FRAME_DATA 18
#define FILES_FRAME_MATCH 19
#define FILES_FRAME_WATCHING 20
#define FILES_FRAME_CHANGED 21
#define FILES_FRAME_DONE 22
#define FILES_FRAME_FAILED 23

#define FILES_FLAG_FOLLOW 1
#define FILES_FLAG_HASH 2
#define FILES_FLAG_LITERAL 4
#define FILES_FLAG_IGNORE_CASE 8
#define FILES_FLAG_AT_OFFSET 16
#define FILES_FLAG_PARENTS 32
#define FILES_FLAG_IF_MATCH 64
#define FILES_FLAG_IF_ABSENT 128
#define FILES_FLAG_OVERWRITE 256
#define FILES_FLAG_RECURSIVE 512
#define FILES_FLAG_MISSING_OK 1024
#define FILES_FLAG_TIME 2048

enum files_operation {
	OPERATION_NONE,
	OPERATION_STAT,
	OPERATION_LIST_DIRECTORY,
	OPERATION_GLOB,
	OPERATION_GREP,
	OPERATION_READ,
	OPERATION_READ_LINES,
	OPERATION_WRITE,
	OPERATION_MAKE_DIRECTORY,
	OPERATION_MOVE,
	OPERATION_COPY,
	OPERATION_REMOVE,
	OPERATION_SET_ATTRIBUTES,
	OPERATION_SYMBOLIC_LINK,
	OPERATION_WATCH,
	OPERATION_PACK,
	OPERATION_UNPACK,
	OPERATION_APPLY
};

enum files_change { CHANGE_NONE, CHANGE_PUT, CHANGE_DELETE, CHANGE_RENAME };

enum files_type {
	TYPE_FILE,
	TYPE_DIRECTORY,
	TYPE_SYMLINK,
	TYPE_FIFO,
	TYPE_SOCKET,
	TYPE_CHARACTER_DEVICE,
	TYPE_BLOCK_DEVICE
};

enum files_seen {
	SEEN_CREATED,
	SEEN_MODIFIED,
	SEEN_ATTRIBUTES,
	SEEN_REMOVED,
	SEEN_MOVED_FROM,
	SEEN_MOVED_TO,
	SEEN_OVERFLOW
};

enum files_reason {
	REASON_SYSTEM,         /* the errno says why */
	REASON_BAD_REQUEST,    /* what an honest host never sends */
	REASON_NOT_REGULAR,    /* a FIFO, socket or device where content was wanted */
	REASON_CHANGED,        /* the content is not the expected one */
	REASON_ARCHIVE,        /* no tar stream, or one that may not be unpacked */
	REASON_PATTERN,        /* no pattern, or too large a one */
	REASON_TOO_DEEP,       /* more levels than FILES_MAX_DEPTH, or a path over FILES_MAX_PATH */
	REASON_TOO_MANY,       /* more than a table holds */
	REASON_NO_USER,
	REASON_NO_GROUP,
	REASON_NO_DIRECTORY,   /* the working directory that a relative path needs */
	REASON_CUT_SHORT,      /* the content ended before its announced size */
	REASON_INTO_ITSELF,    /* a directory into what is in it */
	REASON_OUTSIDE         /* it leads out of the workspace */
};

enum files_step {
	STEP_START,
	STEP_LOOK,
	STEP_OPEN,
	STEP_READ,
	STEP_WRITE,
	STEP_MAKE,
	STEP_LINK,
	STEP_RENAME,
	STEP_REMOVE,
	STEP_ATTRIBUTES,
	STEP_WATCH,
	STEP_UNDO
};

#endif
