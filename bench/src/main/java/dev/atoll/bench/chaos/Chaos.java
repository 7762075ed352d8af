package dev.atoll.bench.chaos;

import dev.atoll.bench.figure.Section;
import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.Pause;
import dev.atoll.bench.peer.BusyboxTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The search for what a platform loses when it is killed. It has one source of chance for each client and one for the moments of
 * kills, all from one seed: the same seed gives the same operations and the same moments; what meets what is up to the machine.
 */
public final class Chaos {
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    /** Far from each other for any two clients, whatever the seed. */
    private static final long SOURCE_STEP = 0x9E3779B97F4A7C15L;

    private final Environment environment;
    private final Victim victim;
    private final Teardown teardown;

    /**
     * Where it runs.
     *
     * @param server the command line that starts a platform
     * @param work a directory of ours with a short path
     * @param port a free one
     * @param run a word that no other run on this machine has
     * @param runsc the runtime
     * @param random makes a source of chance from a seed
     * @param threads runs all it is given at once
     * @param keys names for requests
     * @param clock nanoseconds
     */
    public record Environment(
            List<String> server,
            Path work,
            int port,
            String run,
            Path runsc,
            Commands commands,
            LongFunction<RandomGenerator> random,
            ExecutorService threads,
            Supplier<String> keys,
            LongSupplier clock,
            Pause pause,
            Consumer<String> progress) {
        public Environment {
            server = List.copyOf(server);
        }
    }

    public Chaos(Environment environment) {
        this.environment = environment;
        Path home = environment.work().resolve("home");
        String group = "chaos-" + environment.run();
        this.victim = new Victim(
                environment.server(),
                home,
                environment.port(),
                group,
                environment.runsc(),
                environment.commands(),
                environment.keys(),
                environment.clock(),
                environment.pause());
        this.teardown = new Teardown(home, group, environment.commands(), environment.pause());
    }

    /** Runs; a failure in what comes of it is a promise that the platform did not keep. */
    public List<Section> run(int rounds, long seed, int clients) throws IOException {
        BusyboxTree.require();
        History history = new History();
        AtomicLong operations = new AtomicLong();
        PatientApi api = new PatientApi(
                victim::api, environment.keys(), environment.clock(), environment.pause(), PATIENCE_NANOS);
        World world = new RestWorld(api, environment.run());
        SandboxCalls sandboxes = new SandboxCalls(api, history, environment.run(), ChaosRun.IMAGE);
        List<Worker> workers = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            Schedule schedule = new Schedule(environment.random().apply(seed + SOURCE_STEP * (client + 1)));
            ExecCalls execs = new ExecCalls(
                    api, history, world, Numbers.share(client, clients), environment.run(), environment.clock());
            workers.add(new Worker("w" + client, schedule, sandboxes, execs, history, operations));
        }
        ChaosTally tally = new ChaosTally(operations::get, api::repeats);
        ChaosRun run = new ChaosRun(
                victim,
                history,
                world,
                sandboxes,
                workers,
                environment.random().apply(seed),
                environment.threads(),
                environment.clock(),
                environment.pause(),
                environment.progress(),
                tally);
        List<String> broken = run.run(rounds).stream()
                .map(violation -> "seed " + seed + ", round " + tally.rounds() + ": " + violation.text())
                .toList();
        return tally.sections(broken);
    }

    /** Ends the platform and its clients, and removes what it left. May be called by another thread, once. */
    public void close() throws IOException {
        environment.threads().shutdownNow();
        victim.end();
        teardown.run();
    }
}
