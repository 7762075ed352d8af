package dev.atoll.bench;

/** What {@code ./atoll bench --help} says. */
final class HelpText {
    static final String TEXT = """
            Usage: atoll bench BENCHMARK [OPTIONS]

            Measures the platform over REST beside runsc and docker by their command lines: the same runsc, files, limits,
            platform and network setting, in turns. Starts a platform when none runs. Needs root, and /bin/busybox linked
            statically; `base` also needs fsck.erofs. What it makes, it removes; the image `bench-busybox` stays.

            Benchmarks:
              create    from nothing to a first `true` that has finished: warm, cold, runsc, docker
              exec      `true` and python in a sandbox that runs
              runs      python3 in a sandbox of its own in one call, beside docker run --rm
              echo      from a key to its echo, over a WebSocket to a terminal
              output    a flood of output to a reader, and into the log without one
              files     a large file and many small ones into a sandbox and out, beside docker cp
              density   what idle sandboxes hold, and how many fit in 16 GiB
              storm     many creates at once; then creates per second with teardown
              soak      many sandboxes and execs through one platform, and what grows
              neighbors execs of a modest sandbox beside greedy ones
              chaos     a platform of its own, killed with SIGKILL under load again and again, and what it lost

            Options of all:
              --json FILE      write every figure and the conditions to FILE as well
              --help           this text
            create, exec, runs:
              --n ROUNDS       counted rounds of each side (50, 100, 50); under 50, percentiles say little
            create, exec:
              --image NAME     busybox: one static program, the floor; base: Debian, what users feel; both (default)
            echo:
              --n KEYS         counted keys of each side (500)
            output:
              --n ROUNDS       counted rounds of each way (3)
              --mib SIZE       how much is written in each (1024)
            files:
              --n ROUNDS       counted rounds of each way with the small files (20)
              --files COUNT    how many of 1 KiB there are (10000), 100 to a directory; what came out stays to the end
              --rounds ROUNDS  counted rounds of each way with the large file (5)
              --mib SIZE       of the large file (1024)
            density:
              --n COUNT        sandboxes at once (50)
            storm:
              --n COUNT        creates at once (100)
              --sustained N    creates of each side in the sustained part (200), --parallel P of them at a time (4)
            soak:
              --execs N        execs in all (20000), in --sandboxes N (2000), --parallel P of these at a time (4)
            neighbors:
              --n EXECS        counted execs beside each (400)
            chaos:
              --rounds N       kills (10)
              --seed S         the same operations and moments again; without it one is chosen and told
              --workers N      clients at a time (4)
            create, exec, runs, output, files:
              --docker         fail when docker cannot be had; without it, docker is a peer where it is installed
              --no-docker      leave docker out

            The docker daemon is one of our own that lives as long as the benchmark; a daemon of the machine is left alone.

            Exit codes: 0 done, 1 done but some operations failed or chaos found something lost, 64 wrong arguments,
            69 something is missing, 70 a mistake of ours, 73 FILE cannot be written.
            """;

    private HelpText() {}
}
