package dev.atoll.bench;

import dev.atoll.bench.chaos.Chaos;
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
import dev.atoll.bench.load.Cargo;
import dev.atoll.bench.load.CreateBenchmark;
import dev.atoll.bench.load.Crowd;
import dev.atoll.bench.load.DensityBenchmark;
import dev.atoll.bench.load.EchoBenchmark;
import dev.atoll.bench.load.ExecBenchmark;
import dev.atoll.bench.load.FileWays;
import dev.atoll.bench.load.FilesBenchmark;
import dev.atoll.bench.load.Images;
import dev.atoll.bench.load.NeighborsBenchmark;
import dev.atoll.bench.load.OutputBenchmark;
import dev.atoll.bench.load.RunBenchmark;
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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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
        try (Opened opened = new Opened(progress)) {
            // When this process is told to end, nothing of it stays either.
            Runtime.getRuntime().addShutdownHook(new Thread(opened::close, "bench-end"));
            Path work = Files.createTempDirectory(Path.of("/tmp"), "atollbench");
            opened.add(() -> WorkDirectory.remove(work));
            Commands commands = new Commands(ChildReaper.start(BenchWiring::daemon), work);
            return switch (arguments.plan()) {
                case Plan.Chaos chaos -> chaos(chaos, commands, work, opened);
                case Plan.Create _,
                        Plan.Exec _,
                        Plan.Runs _,
                        Plan.Echo _,
                        Plan.Output _,
                        Plan.Files _,
                        Plan.Density _,
                        Plan.Storm _,
                        Plan.Soak _,
                        Plan.Neighbors _ -> beside(commands, work, opened);
            };
        }
    }

    /** A platform of its own that is killed again and again. */
    private Report chaos(Plan.Chaos plan, Commands commands, Path work, Opened opened) throws IOException {
        long seed = plan.seed().orElseGet(() -> System.nanoTime() & Integer.MAX_VALUE);
        Map<String, String> conditions = HostConditions.of(cores);
        conditions.put("seed", String.valueOf(seed));
        conditions.put("clients", String.valueOf(plan.workers()));
        conditions.put("load before", HostConditions.load());
        progress.accept("seed " + seed);
        Chaos chaos = new Chaos(new Chaos.Environment(
                surroundings.server(),
                work,
                freePort(),
                run,
                surroundings.runsc().toAbsolutePath(),
                commands,
                Random::new,
                Executors.newVirtualThreadPerTaskExecutor(),
                names,
                System::nanoTime,
                BenchWiring::pause,
                progress));
        opened.add(chaos::close);
        List<Section> sections = chaos.run(plan.rounds(), seed, plan.workers());
        conditions.put("load after", HostConditions.load());
        return new Report(plan.word(), conditions, sections);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A benchmark of the platform that runs, beside its peers. */
    private Report beside(Commands commands, Path work, Opened opened) throws IOException {
        RestApi api = new RestApi(surroundings.url(), surroundings.keyOfPlatform(), names);
        PlatformState state = new PlatformState(api, System::nanoTime, BenchWiring::pause);
        Capabilities platform = state.now();
        requireSameRunsc(platform, commands);
        Map<String, String> conditions = HostConditions.of(cores);
        conditions.put("runsc", surroundings.runsc() + " " + platform.version() + ", all sides");
        conditions.put("platform", platform.platform() + ", all sides");
        conditions.put("network", "none, all sides");
        RunscCommands runsc = new RunscCommands(
                commands,
                BenchWiring::pause,
                surroundings.runsc(),
                platform.platform(),
                work.resolve("runsc"),
                "bench-" + run,
                limits);
        opened.add(runsc::close);
        Optional<DockerPeer> docker = docker(commands, platform.platform(), work, conditions, opened);
        Benchmark benchmark = benchmark(scene(api, state, commands, work, runsc, docker), api, commands, work);
        conditions.putAll(benchmark.conditions());
        conditions.put("load before", HostConditions.load());
        List<Section> sections = benchmark.run();
        conditions.put("load after", HostConditions.load());
        return new Report(arguments.plan().word(), conditions, sections);
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

    private Benchmark benchmark(Scene scene, RestApi api, Commands commands, Path work) {
        return switch (arguments.plan()) {
            case Plan.Create create -> new CreateBenchmark(scene, create.rounds(), create.images());
            case Plan.Exec exec -> new ExecBenchmark(scene, exec.rounds(), exec.images());
            case Plan.Runs runs -> new RunBenchmark(scene, runs.rounds());
            case Plan.Echo echo -> new EchoBenchmark(scene, echo.rounds());
            case Plan.Output output -> new OutputBenchmark(scene, output.rounds(), output.mebibytes());
            case Plan.Files files -> {
                Cargo cargo = new Cargo(work, files.files(), files.mebibytes(), new Random(files.files()));
                FileWays ways = new FileWays(scene, api, commands, surroundings.launcher(), cargo);
                yield new FilesBenchmark(scene, ways, cargo, files.rounds(), files.bigRounds());
            }
            case Plan.Density density -> new DensityBenchmark(scene, density.sandboxes());
            case Plan.Storm storm -> new StormBenchmark(scene, storm.atOnce(), storm.sustained(), storm.parallel());
            case Plan.Soak soak -> {
                Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
                Vitals vitals = new Vitals(api, surroundings.home(), scene.platform(), commands, jcmd);
                yield new SoakBenchmark(scene, vitals, soak.execs(), soak.sandboxes(), soak.parallel());
            }
            case Plan.Neighbors neighbors -> new NeighborsBenchmark(scene, neighbors.rounds());
            case Plan.Chaos chaos -> throw new IllegalStateException("chaos has a platform of its own: " + chaos);
        };
    }

    /** Docker as a peer, if it is one. */
    private Optional<DockerPeer> docker(
            Commands commands, String platform, Path work, Map<String, String> conditions, Opened opened)
            throws IOException {
        boolean takes = switch (arguments.plan()) {
            case Plan.Create _, Plan.Exec _, Plan.Runs _, Plan.Output _, Plan.Files _ -> true;
            case Plan.Echo _, Plan.Density _, Plan.Storm _, Plan.Soak _, Plan.Neighbors _, Plan.Chaos _ -> false;
        };
        if (!takes || arguments.docker() == Arguments.Docker.LEFT_OUT) {
            return Optional.empty();
        }
        try {
            if (!DockerDaemon.isInstalled()) {
                throw BenchException.unavailable(
                        "docker_missing", "docker is not installed.", "sudo apt-get install docker.io");
            }
            progress.accept("starting a docker daemon of our own");
            DockerDaemon daemon = DockerDaemon.start(
                    commands,
                    BenchWiring::pause,
                    surroundings.runsc(),
                    platform,
                    work.resolve("docker"),
                    "benchd-" + run,
                    BenchWiring::daemon);
            opened.add(daemon::close);
            conditions.put("docker", daemon.version() + ", a daemon of our own, the same runsc as its runtime");
            return Optional.of(new DockerPeer(daemon, limits, names, System::nanoTime));
        } catch (BenchException cannot) {
            if (arguments.docker() == Arguments.Docker.REQUIRED) {
                throw cannot;
            }
            conditions.put("docker", "not measured: " + cannot.getMessage());
            return Optional.empty();
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
