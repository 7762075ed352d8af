package dev.atoll.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Puts one benchmark together, runs it, and removes what it made. */
final class BenchWiring {
    /** Uncounted rounds of each side: both JVMs have then compiled what they run most. */
    static final int WARM_UP = 20;

    private final Arguments arguments;
    private final Surroundings surroundings;
    private final IntConsumer progress;
    private final Supplier<String> names;
    private final int cores = Runtime.getRuntime().availableProcessors();

    BenchWiring(Arguments arguments, Surroundings surroundings, IntConsumer progress) {
        this.arguments = arguments;
        this.surroundings = surroundings;
        this.progress = progress;
        String run = "bench-" + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36) + "-";
        AtomicLong next = new AtomicLong();
        this.names = () -> run + next.incrementAndGet();
    }

    Report run() throws IOException {
        BusyboxTree.require();
        RestApi api = new RestApi(surroundings.url(), surroundings.key(), names);
        var runtime = surroundings.runtime(api);
        ChildSubreaper.become();
        Path work = Files.createTempDirectory("atoll-bench");
        try (RunscCommands commands =
                new RunscCommands(surroundings.runsc(), runtime.getString("platform", ""), work, BenchWiring::daemon)) {
            Map<String, String> conditions = HostConditions.of(runtime, surroundings.runsc(), cores, WARM_UP);
            RestPeer ours = new RestPeer(api, cores, System::nanoTime);
            ours.importImage();
            RunscPeer peer = new RunscPeer(commands, names, System::nanoTime);
            conditions.put("load before", HostConditions.load());
            var results = measure(ours, peer);
            conditions.put("load after", HostConditions.load());
            return new Report(arguments.benchmark().word(), conditions, results);
        } finally {
            remove(work);
        }
    }

    private List<Interleaving.Result> measure(RestPeer ours, RunscPeer peer) throws IOException {
        Interleaving turns = new Interleaving(WARM_UP, arguments.count(), progress);
        return switch (arguments.benchmark()) {
            case CREATE -> turns.run(List.of(ours.creating(), peer.creating(), peer.running(), peer.hostProcess()));
            case EXEC -> {
                String sandbox = ours.create();
                try {
                    String theirs = peer.create();
                    try {
                        yield turns.run(List.of(ours.executing(sandbox), peer.executing(theirs), peer.hostProcess()));
                    } finally {
                        peer.delete(theirs);
                    }
                } finally {
                    ours.delete(sandbox);
                }
            }
        };
    }

    private static void remove(Path work) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(work)) {
            tree.sorted(Comparator.reverseOrder()).forEach(found::add);
        }
        for (Path path : found) {
            Files.deleteIfExists(path);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "collector");
        thread.setDaemon(true);
        return thread;
    }
}
