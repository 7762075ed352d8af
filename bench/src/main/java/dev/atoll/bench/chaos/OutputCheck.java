package dev.atoll.bench.chaos;

import dev.atoll.bench.chaos.Violation.Promise;
import dev.atoll.bench.chaos.World.ExecSeen;
import dev.atoll.bench.chaos.World.Stream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares output with what the command writes, byte by byte, by offset. Goes on where it was the last time. */
final class OutputCheck {
    private final World world;
    private final Map<String, Long> compared = new HashMap<>();
    private long bytesCompared;

    OutputCheck(World world) {
        this.world = world;
    }

    long bytesCompared() {
        return bytesCompared;
    }

    void readAgain() {
        compared.clear();
    }

    void check(ExecFact fact, String about, String sandbox, ExecSeen seen, List<Violation> found) throws IOException {
        boolean isWhole = seen.reason().equals("exited");
        check(fact, about, sandbox, Stream.STDOUT, fact.program().stdout(), isWhole, found);
        check(fact, about, sandbox, Stream.STDERR, fact.program().stderr(), isWhole, found);
        if (seen.state().equals("running")) {
            checkProgress(fact, about, sandbox, found);
        }
    }

    private void check(
            ExecFact fact,
            String about,
            String sandbox,
            Stream stream,
            Pattern pattern,
            boolean isWhole,
            List<Violation> found)
            throws IOException {
        long at = compared.getOrDefault(fact.tag() + stream, 0L);
        byte[] more = world.output(sandbox, fact.id(), stream, at);
        while (more.length > 0) {
            if (pattern.compare(at, more).isPresent()) {
                // What comes behind the wrong byte tells whether some are missing or come again.
                byte[] behind = world.output(sandbox, fact.id(), stream, at + more.length);
                compare(about, stream, pattern, at, joined(more, behind)).ifPresent(found::add);
                return;
            }
            at += more.length;
            bytesCompared += more.length;
            more = world.output(sandbox, fact.id(), stream, at);
        }
        compared.put(fact.tag() + stream, at);
        if (isWhole && at < pattern.bytes()) {
            found.add(new Violation(
                    Promise.BYTES_LOST,
                    about,
                    stream + " ends at byte " + at + ", and it exited after writing " + pattern.bytes()));
        }
    }

    private static byte[] joined(byte[] bytes, byte[] more) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + more.length);
        System.arraycopy(more, 0, all, bytes.length, more.length);
        return all;
    }

    /** Nothing when the bytes at an offset are what they should be. */
    static Optional<Violation> compare(String about, Stream stream, Pattern pattern, long offset, byte[] bytes) {
        return pattern.compare(offset, bytes).map(difference -> switch (difference) {
            case Pattern.Difference.Lost lost ->
                new Violation(
                        Promise.BYTES_LOST,
                        about,
                        lost.bytes() + " bytes of " + stream + " are missing at byte " + lost.offset());
            case Pattern.Difference.Doubled doubled ->
                new Violation(
                        Promise.BYTES_DOUBLED,
                        about,
                        doubled.bytes() + " bytes of " + stream + " come again at byte " + doubled.offset());
            case Pattern.Difference.Foreign foreign ->
                new Violation(
                        Promise.BYTES_FOREIGN,
                        about,
                        "at byte " + foreign.offset() + " of " + stream + " is '" + foreign.found() + "'");
            case Pattern.Difference.TooLong more ->
                new Violation(
                        Promise.BYTES_DOUBLED,
                        about,
                        stream + " goes on after byte " + more.offset() + ", where it should end");
        });
    }

    /** What has not printed all it has to print prints more. */
    private void checkProgress(ExecFact fact, String about, String sandbox, List<Violation> found) throws IOException {
        long at = compared.getOrDefault(fact.tag() + Stream.STDOUT, 0L);
        if (at < fact.program().stdout().bytes()
                && !fact.program().input()
                && world.awaitOutput(sandbox, fact.id(), Stream.STDOUT, at).length == 0) {
            found.add(new Violation(Promise.EXEC_STALLED, about, "it prints no more after byte " + at));
        }
    }
}
