package dev.atoll.isolation.guest;

/** Where the host's own record of an exec's output ends, so where the guest goes on: no byte is lost or doubled. */
public record ResumePoint(long stdout, long stderr) {}
