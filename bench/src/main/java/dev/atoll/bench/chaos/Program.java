package dev.atoll.bench.chaos;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A command whose every start and every byte can be told. Each first adds its tag to a file of the sandbox, so that a second process
 * for the same exec would be seen there.
 *
 * @param script for sh; its {@code $0} is the tag
 * @param arguments of the script
 * @param stdout what it prints
 * @param stderr what it complains
 * @param input whether it reads stdin
 * @param timeout after which the platform has to end it, if any
 * @param ends how it may stand as long as nobody sends a signal
 */
record Program(
        String script,
        List<String> arguments,
        Pattern stdout,
        Pattern stderr,
        boolean input,
        Optional<String> timeout,
        Set<End> ends) {
    /** The file of starts. */
    static final String STARTED = "/started";

    private static final String SIGN = "echo $0 >>" + STARTED + "; ";
    private static final String PRINT = SIGN + "seq $1 $2; seq $3 $4 >&2; exit $5";
    private static final String PRINT_AND_STAY = SIGN + "seq $1 $2; exec sleep 1000000";
    /** Without a process per step, which would keep a small machine busy: the pipe that nobody writes to is only there to wait. */
    private static final String COUNT = SIGN
            + "mkfifo /wait$1; exec 3<>/wait$1; i=$1; while [ $i -lt $2 ]; do n=$((i+40)); "
            + "while [ $i -lt $n ]; do echo $i; i=$((i+1)); done; read -t 0.1 x <&3; done; exec sleep 1000000";

    private static final String ECHO = SIGN + "exec cat";

    /** Lines of a command that counts: below what is kept of the output of an exec, 64 MiB, and a multiple of its step. */
    static final long COUNT_LINES = 2_000_000;

    Program {
        arguments = List.copyOf(arguments);
        ends = Set.copyOf(ends);
    }

    /** Prints and exits. */
    static Program print(Pattern stdout, Pattern stderr, int code) {
        return new Program(
                PRINT,
                List.of(
                        text(stdout.first()),
                        text(stdout.last()),
                        text(stderr.first()),
                        text(stderr.last()),
                        text(code)),
                stdout,
                stderr,
                false,
                Optional.empty(),
                Set.of(new End.Exit(code)));
    }

    /** Prints and stays until it is ended from outside. */
    static Program stay(Pattern stdout, Optional<String> timeout) {
        return new Program(
                PRINT_AND_STAY,
                List.of(text(stdout.first()), text(stdout.last())),
                stdout,
                Pattern.none(),
                false,
                timeout,
                Set.of(timeout.isPresent() ? new End.Timeout() : new End.Running()));
    }

    /** Counts on and on, 40 lines ten times a second, until all {@link #COUNT_LINES} are printed. */
    static Program count(Pattern stdout) {
        return new Program(
                COUNT,
                List.of(text(stdout.first()), text(stdout.first() + stdout.lines())),
                stdout,
                Pattern.none(),
                false,
                Optional.empty(),
                Set.of(new End.Running()));
    }

    /** Prints what it reads. */
    static Program echo(Pattern input) {
        return new Program(ECHO, List.of(), input, Pattern.none(), true, Optional.empty(), Set.of(new End.Exit(0)));
    }

    private static String text(long number) {
        return String.valueOf(number);
    }

    /** The request that starts it. */
    byte[] request(String tag) {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, tag));
        argv.addAll(arguments);
        JsonObject body = new JsonObject();
        body.put("argv", new JsonArray(argv));
        if (input) {
            body.put("stdin", true);
        }
        timeout.ifPresent(span -> body.put("timeout", span));
        return JsonWriter.string(body).getBytes(StandardCharsets.UTF_8);
    }
}
