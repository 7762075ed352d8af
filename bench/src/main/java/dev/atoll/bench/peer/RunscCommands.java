package dev.atoll.bench.peer;

import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.ControlGroups;
import dev.atoll.bench.host.Mounts;
import dev.atoll.bench.host.OwnDescendants;
import dev.atoll.bench.host.Pause;
import dev.atoll.bench.host.WorkDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** runsc by its command line. Each sandbox has its bundle, which is written before anything is timed. Safe for threads. */
public final class RunscCommands {
    private static final List<String> SLEEP = List.of("/bin/sleep", "1000000");

    private final Commands commands;
    private final Pause pause;
    private final List<String> global;
    private final Path work;
    private final String group;
    private final PeerLimits limits;

    /**
     * @param platform how system calls are caught, as runsc names it
     * @param work a new directory, which goes with {@link #close}
     * @param group the name of a control group below which every sandbox has its own
     */
    public RunscCommands(
            Commands commands, Pause pause, Path runsc, String platform, Path work, String group, PeerLimits limits)
            throws IOException {
        this.commands = commands;
        this.pause = pause;
        this.work = work;
        this.group = group;
        this.limits = limits;
        Files.createDirectories(work.resolve("bundles"));
        this.global = List.of(
                runsc.toString(),
                "--root=" + Files.createDirectory(work.resolve("state")),
                "--platform=" + platform,
                "--network=none",
                "--file-access=exclusive",
                "--host-uds=none");
    }

    /** Where everything of these sandboxes lies, which their processes have in their command lines. */
    Path work() {
        return work;
    }

    /** Prepares a sandbox whose first process sleeps. */
    void prepareSleeping(String id, PeerFiles files) throws IOException {
        prepare(id, files, SLEEP);
    }

    /** Prepares a sandbox whose only process is a command. */
    void prepare(String id, PeerFiles files, List<String> argv) throws IOException {
        RunscBundle.write(bundle(id), files, argv, "/" + group + "/" + id, limits);
    }

    void create(String id) throws IOException {
        command("create", "--bundle=" + bundle(id), id);
    }

    void start(String id) throws IOException {
        command("start", id);
    }

    void exec(String id, List<String> argv) throws IOException {
        commands.run(line(exec(argv, id)));
    }

    /** Runs a command and gives its output to {@code reader}. */
    void exec(String id, List<String> argv, Commands.OutputReader reader) throws IOException {
        commands.read(line(exec(argv, id)), Map.of(), reader);
    }

    /** Runs a command that is talked to. */
    Conversation talkTo(String id, List<String> argv) throws IOException {
        return new Conversation(commands.start(new ProcessBuilder(line(exec(argv, id)))));
    }

    /** The same on the host. */
    Conversation talkToHost() throws IOException {
        return new Conversation(commands.start(new ProcessBuilder("/bin/busybox", "cat")));
    }

    private static String[] exec(List<String> argv, String id) {
        List<String> words = new ArrayList<>(List.of("exec", id));
        words.addAll(argv);
        return words.toArray(String[]::new);
    }

    /** Creates a prepared sandbox, runs its command, and deletes it. */
    void run(String id) throws IOException {
        command("run", "--bundle=" + bundle(id), id);
    }

    void delete(String id) throws IOException {
        command("delete", "--force", id);
    }

    /** Removes what was prepared, after the delete. */
    void forget(String id) throws IOException {
        WorkDirectory.remove(bundle(id));
    }

    /** A process of the host's, started as runsc is: the part of each command that is not runsc's. */
    void hostTrue() throws IOException {
        commands.run(List.of("/bin/true"));
    }

    private Path bundle(String id) {
        return work.resolve("bundles").resolve(id);
    }

    private void command(String... words) throws IOException {
        commands.run(line(words));
    }

    private List<String> line(String... words) {
        List<String> line = new ArrayList<>(global);
        line.addAll(List.of(words));
        return line;
    }

    /**
     * Removes what is left: sandboxes of a run that was cut short, a mount that all sandboxes without a network share, and the parent of
     * their control groups.
     */
    public void close() throws IOException {
        OwnDescendants.end(work, pause);
        Mounts.removeBelow(work, commands);
        ControlGroups.remove(group);
        WorkDirectory.remove(work);
    }
}
