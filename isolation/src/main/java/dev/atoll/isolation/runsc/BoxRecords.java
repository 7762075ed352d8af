package dev.atoll.isolation.runsc;

import dev.atoll.isolation.runtime.BoxExit;
import dev.atoll.isolation.runtime.BoxFacts;
import dev.atoll.isolation.runtime.BoxId;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the runtime remembers about a box on disk, beside its bundle, so that a box can be taken over after a restart.
 * Files appear whole or not at all.
 */
final class BoxRecords {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final int MAX_LAST_WORDS_BYTES = 4 * 1024;
    private static final String GO_TRACE = "\ngoroutine ";

    private final RunscDirectories directories;

    BoxRecords(RunscDirectories directories) {
        this.directories = directories;
    }

    /**
     * The processes of a booted box.
     *
     * @param sentry the box itself
     * @param others what dies with it: the gofer, if there is one
     * @param bootId the boot of the host in which the pids mean something
     * @param ownPidNamespace whether the kernel ends everything that the sentry has started when the sentry ends
     */
    record Booted(
            BoxProcess sentry, List<BoxProcess> others, String bootId, boolean ownPidNamespace, String controlSocket) {

        List<BoxProcess> processes() {
            return Stream.concat(Stream.of(sentry), others.stream()).toList();
        }
    }

    /** An exit in a form that JSON has. */
    private record Ended(String kind, long number, long kills, String why) {}

    void saveLimits(BoxId id, BoxLimits limits) throws IOException {
        write(id, "limits.json", limits);
    }

    Optional<BoxLimits> limits(BoxId id) throws IOException {
        return read(id, "limits.json", BoxLimits.class);
    }

    void saveFacts(BoxId id, BoxFacts facts) throws IOException {
        write(id, "facts.json", facts);
    }

    /** Empty for a box that a version of Atoll without checkpoints has made. */
    Optional<BoxFacts> facts(BoxId id) throws IOException {
        return read(id, "facts.json", BoxFacts.class);
    }

    void saveBooted(BoxId id, Booted booted) throws IOException {
        write(id, "booted.json", booted);
    }

    Optional<Booted> booted(BoxId id) throws IOException {
        return read(id, "booted.json", Booted.class);
    }

    void saveExit(BoxId id, BoxExit exit) throws IOException {
        write(
                id,
                "exit.json",
                switch (exit) {
                    case BoxExit.Exited(int code) -> new Ended("exited", code, 0, "");
                    case BoxExit.Signaled(int signo) -> new Ended("signaled", signo, 0, "");
                    case BoxExit.OutOfMemory(long limit, long kills) -> new Ended("oom", limit, kills, "");
                    case BoxExit.TooManyProcesses(int limit) -> new Ended("pids", limit, 0, "");
                    case BoxExit.Lost(String why) -> new Ended("lost", 0, 0, why);
                });
    }

    Optional<BoxExit> exit(BoxId id) throws IOException {
        return read(id, "exit.json", Ended.class).map(ended -> switch (ended.kind()) {
            case "exited" -> new BoxExit.Exited((int) ended.number());
            case "signaled" -> new BoxExit.Signaled((int) ended.number());
            case "oom" -> new BoxExit.OutOfMemory(ended.number(), ended.kills());
            case "pids" -> new BoxExit.TooManyProcesses((int) ended.number());
            default -> new BoxExit.Lost(ended.why());
        });
    }

    /**
     * The beginning of what a broken sentry wrote before it died; empty when it did not break. Warnings of a sentry that
     * lives come to the same file, so it counts only when it has the trace that a Go program leaves when it breaks.
     */
    String lastWords(BoxId id) throws IOException {
        try (var in = Files.newInputStream(directories.panicLog(id))) {
            String written = new String(in.readNBytes(MAX_LAST_WORDS_BYTES), StandardCharsets.UTF_8);
            return written.contains(GO_TRACE) ? written.strip() : "";
        } catch (NoSuchFileException absent) {
            return "";
        }
    }

    /** A fact about a box that is there or not; it lasts until it is cleared. */
    enum Mark {
        STARTED,
        /** A restore has begun; a box that has this mark and is not {@link #STARTED} was spoilt by it. */
        RESTORING,
        PAUSED
    }

    void set(BoxId id, Mark mark) throws IOException {
        Path file = file(id, mark);
        if (!Files.exists(file)) {
            Files.createFile(file);
        }
    }

    void clear(BoxId id, Mark mark) throws IOException {
        Files.deleteIfExists(file(id, mark));
    }

    /** Whether a restore has failed. The sentry dies of that, sooner or later. */
    boolean isSpoilt(BoxId id) {
        return isSet(id, Mark.RESTORING) && !isSet(id, Mark.STARTED);
    }

    boolean isSet(BoxId id, Mark mark) {
        return Files.exists(file(id, mark));
    }

    /** The pids that runsc itself has written down; empty when it has not come so far. */
    Optional<RunscPids> runscPids(BoxId id) throws IOException {
        Optional<JsonNode> state = read(directories.stateFile(id), JsonNode.class);
        return state.map(node -> new RunscPids(
                node.path("sandbox").path("pid").asLong(0),
                node.path("goferPid").asLong(0),
                node.path("sandbox").path("controlSocketPath").asString("")));
    }

    /** From runsc's state file; 0 and the empty string for what is absent. */
    record RunscPids(long sandbox, long gofer, String controlSocket) {}

    private Path file(BoxId id, Mark mark) {
        return directories.box(id).resolve(mark.name().toLowerCase(Locale.ROOT));
    }

    private void write(BoxId id, String name, Object value) throws IOException {
        Path file = directories.box(id).resolve(name);
        Path fresh = directories.box(id).resolve(name + ".new");
        Files.write(fresh, MAPPER.writeValueAsBytes(value));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private <T> Optional<T> read(BoxId id, String name, Class<T> type) throws IOException {
        return read(directories.box(id).resolve(name), type);
    }

    private static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
        try {
            return Optional.of(MAPPER.readValue(Files.readAllBytes(file), type));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (JacksonException malformed) {
            throw new IOException("cannot read " + file, malformed);
        }
    }
}
