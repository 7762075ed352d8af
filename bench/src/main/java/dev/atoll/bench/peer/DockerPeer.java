package dev.atoll.bench.peer;

import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.host.Commands;
import dev.atoll.bench.turn.Contender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The same operations by docker's command line, with runsc as its runtime. */
public final class DockerPeer {
    private final DockerDaemon daemon;
    private final PeerLimits limits;
    private final Supplier<String> names;
    private final LongSupplier clock;

    /**
     * @param names for containers
     * @param clock nanoseconds
     */
    public DockerPeer(DockerDaemon daemon, PeerLimits limits, Supplier<String> names, LongSupplier clock) {
        this.daemon = daemon;
        this.limits = limits;
        this.names = names;
        this.clock = clock;
    }

    public void importTree(PeerFiles files) throws IOException {
        daemon.importTree(files);
    }

    /** {@code docker run --rm} of a command. */
    public Contender running(PeerFiles files, List<String> argv) {
        return PeerSide.single(
                "docker run --rm", Kind.PEER, clock, () -> daemon.docker(run(List.of("--rm"), files, argv)));
    }

    /** A command in the container {@code name}. */
    public Contender executing(String name, List<String> argv) {
        return PeerSide.single("docker exec", Kind.PEER, clock, () -> daemon.docker(exec(name, argv)));
    }

    /** Runs a command in the container {@code name} and gives its output to {@code reader}. */
    public void read(String name, List<String> argv, Commands.OutputReader reader) throws IOException {
        daemon.docker(reader, exec(name, argv));
    }

    /** A container that runs and sleeps. */
    public String create(PeerFiles files) throws IOException {
        String name = names.get();
        daemon.docker(run(List.of("--detach", "--name=" + name), files, List.of("/bin/sleep", "1000000")));
        return name;
    }

    /** Copies between the host and a container; one of the two is {@code NAME:PATH}. */
    public void copy(String from, String to) throws IOException {
        daemon.docker("cp", from, to);
    }

    public void delete(String name) throws IOException {
        daemon.docker("rm", "--force", name);
    }

    private String[] run(List<String> options, PeerFiles files, List<String> argv) {
        List<String> words = new ArrayList<>(List.of(
                "run",
                "--runtime=" + DockerDaemon.RUNTIME,
                "--network=none",
                "--cpus=" + limits.cores(),
                "--memory=" + limits.memoryBytes(),
                "--pids-limit=" + limits.pids()));
        words.addAll(options);
        words.add(files.image());
        words.addAll(argv);
        return words.toArray(String[]::new);
    }

    private static String[] exec(String name, List<String> argv) {
        List<String> words = new ArrayList<>(List.of("exec", name));
        words.addAll(argv);
        return words.toArray(String[]::new);
    }
}
