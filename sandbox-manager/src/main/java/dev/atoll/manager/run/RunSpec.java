package dev.atoll.manager.run;

import dev.atoll.manager.view.ViewRequest;
import dev.atoll.model.exec.ExecSpec;
import dev.atoll.model.file.FilePath;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.sandbox.SandboxSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to run and in what.
 *
 * @param sandbox its ttl is set by the run
 * @param exec its timeout is there; it has stdin exactly when {@code stdin} is not empty
 * @param stdin all of the command's input; not to be changed
 * @param collect paths of files to bring back; those with {@code *}, {@code ?} or {@code [} are patterns
 * @param view how the output is to be shown; its beginning when empty
 */
@SuppressWarnings("ArrayRecordComponent") // read once, stored once, never shared
public record RunSpec(
        SandboxSpec sandbox,
        List<RunFile> files,
        ExecSpec exec,
        byte[] stdin,
        List<String> collect,
        Optional<ViewRequest> view) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
    public static final Duration MAX_TIMEOUT = Duration.ofHours(24);
    public static final int MAX_FILES = 100;
    public static final int MAX_COLLECT = 100;

    /** How long a sandbox may live beyond its command's timeout: it has to be made, filled and read. */
    static final Duration AROUND_EXEC = Duration.ofMinutes(15);

    /** Throws {@code invalid_request} or {@code invalid_path}. */
    public RunSpec {
        files = List.copyOf(files);
        collect = List.copyOf(collect);
        if (files.size() > MAX_FILES || collect.size() > MAX_COLLECT) {
            throw invalid("There are more than " + MAX_FILES + " files.", "Send fewer, or an archive as one of them.");
        }
        files.forEach(file -> FilePath.of(file.path()));
        collect.forEach(FilePath::of);
        Duration timeout = exec.timeout().orElse(DEFAULT_TIMEOUT);
        if (timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw invalid(
                    "The timeout of a run is at most 24h.",
                    "For longer work make a sandbox and run the command in it.");
        }
        if (exec.terminal().isPresent() || exec.detached()) {
            throw invalid(
                    "A run's command has no terminal and is not detached.",
                    "Make a sandbox and run the command in it.");
        }
        exec = (stdin.length > 0 ? exec.withStdin() : exec).withTimeout(timeout);
        sandbox = new SandboxSpec(
                sandbox.name(),
                sandbox.image(),
                sandbox.size(),
                timeout.plus(AROUND_EXEC),
                sandbox.env(),
                sandbox.labels(),
                sandbox.warm());
    }

    /** Bytes that come with the request. */
    long size() {
        return stdin.length
                + files.stream().mapToLong(file -> file.content().length).sum();
    }

    private static RuntimeException invalid(String detail, String hint) {
        return Problem.of(ProblemCode.INVALID_REQUEST, detail, hint).asException();
    }
}
