package dev.atoll.bench;

import dev.atoll.bench.figure.Report;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.host.ChildReaper;
import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.host.CpuMeters;
import dev.atoll.bench.host.HostConditions;
import dev.atoll.bench.host.PlatformProcesses;
import dev.atoll.bench.host.WorkDirectory;
import dev.atoll.bench.load.Benchmark;
import dev.atoll.bench.load.CreateBenchmark;
import dev.atoll.bench.load.Crowd;
import dev.atoll.bench.load.DensityBenchmark;
import dev.atoll.bench.load.ExecBenchmark;
import dev.atoll.bench.load.Images;
import dev.atoll.bench.load.OutputBenchmark;
import dev.atoll.bench.load.Scene;
import dev.atoll.bench.load.SoakBenchmark;
import dev.atoll.bench.load.StormBenchmark;
import dev.atoll.bench.load.Vitals;
import dev.atoll.bench.peer.DockerDaemon;
import dev.atoll.bench.peer.DockerPeer;
import dev.atoll.bench.peer.PeerLimits;
import dev.atoll.bench.peer.RunscCommands;
import dev.atoll.bench.peer.RunscPeer;
import dev.atoll.bench.problem.BenchException;
import dev.atoll.bench.rest.Capabilities;
import dev.atoll.bench.rest.OurSide;
import dev.atoll.bench.rest.PlatformState;
import dev.atoll.bench.rest.RestApi;
import dev.atoll.bench.rest.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Puts one benchmark together, runs it, and removes what it made. */
final class BenchWiring {
    private static final long PEER_MEMORY_BYTES = 1L << 30;

    private final Arguments arguments;
    private final Surroundings surroundings;
    private final Consumer<String> progress;
    private final Supplier<String> names;
    private final String run;
    private final int cores = Runtime.getRuntime().availableProcessors();
    private final PeerLimits limits = new PeerLimits(cores, PEER_MEMORY_BYTES, PeerLimits.DEFAULT_PIDS);

    BenchWiring(Arguments arguments, Surroundings surroundings, Consumer<String> progress) {
        this.arguments = arguments;
        this.surroundings = surroundings;
        this.progress = progress;
        this.run = ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36);
        AtomicLong next = new AtomicLong();
        // All of the same length: runsc takes the beginning of a name for the name.
        this.names = () -> String.format("bench-%s-%06d", run, next.incrementAndGet());
    }

    Report run() throws IOException {
        Path work = Files.createTempDirectory(Path.of("/tmp"), "atollbench");
        Commands commands = new Commands(ChildReaper.start(BenchWiring::daemon), work);
        try {
            return switch (arguments.plan()) {
                case Plan.Chaos chaos -> throw new UnsupportedOperationException(chaos.toString());
                case Plan.Create _, Plan.Exec _, Plan.Output _, Plan.Density _, Plan.Storm _, Plan.Soak _ ->
                    beside(commands, work);
            };
        } finally {
            WorkDirectory.remove(work);
        }
    }

    /** A benchmark of the platform that runs, beside its peers. */
    private Report beside(Commands commands, Path work) throws IOException {
        RestApi api = new RestApi(surroundings.url(), surroundings.keyOfPlatform(), names);
        PlatformState state = new PlatformState(api, System::nanoTime, BenchWiring::pause);
        Capabilities platform = state.now();
        requireSameRunsc(platform, commands);
        Map<String, String> conditions = HostConditions.of(cores);
        conditions.put("runsc", surroundings.runsc() + " " + platform.version() + ", all sides");
        conditions.put("platform", platform.platform() + ", all sides");
        conditions.put("network", "none, all sides");
        try (RunscCommands runsc = new RunscCommands(
                        commands,
                        surroundings.runsc(),
                        platform.platform(),
                        work.resolve("runsc"),
                        "bench-" + run,
                        limits);
                Peer docker = docker(commands, platform.platform(), work, conditions)) {
            Benchmark benchmark = benchmark(scene(api, state, commands, work, runsc, docker.peer()), api, commands);
            conditions.putAll(new LinkedHashMap<>(benchmark.conditions()));
            conditions.put("load before", HostConditions.load());
            List<Section> sections = benchmark.run();
            conditions.put("load after", HostConditions.load());
            return new Report(arguments.plan().word(), conditions, sections);
        }
    }

    private Scene scene(
            RestApi api,
            PlatformState state,
            Commands commands,
            Path work,
            RunscCommands runsc,
            Optional<DockerPeer> docker) {
        PlatformProcesses platform = new PlatformProcesses(surroundings.home());
        CpuMeter cpu = CpuMeters.ofTrees(platform.all());
        Sandboxes sandboxes = new Sandboxes(api);
        return new Scene(
                api,
                sandboxes,
                state,
                new OurSide(sandboxes, state, cpu, System::nanoTime),
                new RunscPeer(runsc, names, System::nanoTime),
                docker,
                platform,
                cpu,
                new Images(api, surroundings.home(), work, commands, progress),
                new Crowd(Executors::newVirtualThreadPerTaskExecutor, System::nanoTime),
                cores,
                System::nanoTime,
                BenchWiring::pause,
                progress);
    }

    private Benchmark benchmark(Scene scene, RestApi api, Commands commands) {
        return switch (arguments.plan()) {
            case Plan.Create create -> new CreateBenchmark(scene, create.rounds(), create.images());
            case Plan.Exec exec -> new ExecBenchmark(scene, exec.rounds(), exec.images());
            case Plan.Output output -> new OutputBenchmark(scene, output.rounds(), output.mebibytes());
            case Plan.Density density -> new DensityBenchmark(scene, density.sandboxes());
            case Plan.Storm storm -> new StormBenchmark(scene, storm.atOnce(), storm.sustained(), storm.parallel());
            case Plan.Soak soak -> {
                Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
                Vitals vitals = new Vitals(api, surroundings.home(), scene.platform(), commands, jcmd);
                yield new SoakBenchmark(scene, vitals, soak.execs(), soak.sandboxes(), soak.parallel());
            }
            case Plan.Chaos chaos -> throw new IllegalStateException("chaos has a platform of its own: " + chaos);
        };
    }

    /** Docker as a peer, if it is one, with its daemon. */
    private record Peer(Optional<DockerPeer> peer, Optional<DockerDaemon> daemon) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (daemon.isPresent()) {
                daemon.get().close();
            }
        }
    }

    private Peer docker(Commands commands, String platform, Path work, Map<String, String> conditions)
            throws IOException {
        boolean takes = switch (arguments.plan()) {
            case Plan.Create _, Plan.Exec _, Plan.Output _ -> true;
            case Plan.Density _, Plan.Storm _, Plan.Soak _, Plan.Chaos _ -> false;
        };
        if (!takes || arguments.docker() == Arguments.Docker.LEFT_OUT) {
            return new Peer(Optional.empty(), Optional.empty());
        }
        try {
            if (!DockerDaemon.isInstalled()) {
                throw BenchException.unavailable(
                        "docker_missing", "docker is not installed.", "sudo apt-get install docker.io");
            }
            progress.accept("starting a docker daemon of our own");
            DockerDaemon daemon = DockerDaemon.start(
                    commands,
                    surroundings.runsc(),
                    platform,
                    work.resolve("docker"),
                    "benchd-" + run,
                    BenchWiring::daemon);
            conditions.put("docker", daemon.version() + ", a daemon of our own, the same runsc as its runtime");
            return new Peer(Optional.of(new DockerPeer(daemon, limits, names, System::nanoTime)), Optional.of(daemon));
        } catch (BenchException cannot) {
            if (arguments.docker() == Arguments.Docker.REQUIRED) {
                throw cannot;
            }
            conditions.put("docker", "not measured: " + cannot.getMessage());
            return new Peer(Optional.empty(), Optional.empty());
        }
    }

    /** Refuses a platform whose runsc is not the one we compare with. */
    private void requireSameRunsc(Capabilities platform, Commands commands) throws IOException {
        String printed = commands.output(List.of(surroundings.runsc().toString(), "--version"));
        if (!printed.contains(platform.version())) {
            throw BenchException.unavailable(
                    "runsc_differs",
                    "The platform runs runsc " + platform.version() + ", but " + surroundings.runsc()
                            + " is another one.",
                    "Set ATOLL_RUNSC to the one that the platform uses.");
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "bench-daemon");
        thread.setDaemon(true);
        return thread;
    }
}
