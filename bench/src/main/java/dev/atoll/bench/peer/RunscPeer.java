package dev.atoll.bench.peer;

import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.HostProcess;
import dev.atoll.bench.turn.Contender;
import dev.atoll.bench.turn.Round;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The same operations by runsc's command line. */
public final class RunscPeer {
    private final RunscCommands runsc;
    private final Supplier<String> ids;
    private final LongSupplier clock;

    /**
     * @param ids names for sandboxes, none of which begins with another
     * @param clock nanoseconds
     */
    public RunscPeer(RunscCommands runsc, Supplier<String> ids, LongSupplier clock) {
        this.runsc = runsc;
        this.ids = ids;
        this.clock = clock;
    }

    /** create, start and exec of a command in it; the delete is timed apart. */
    public Contender creating(PeerFiles files, List<String> argv) {
        return new PeerSide(
                "runsc create + start + exec", Kind.PEER, List.of("total", "create", "start", "exec", "delete")) {
            @Override
            public Round round() throws IOException {
                return create(files, argv);
            }
        };
    }

    private Round create(PeerFiles files, List<String> argv) throws IOException {
        String id = ids.get();
        runsc.prepareSleeping(id, files);
        long start = clock.getAsLong();
        long created = start;
        long started = start;
        long ran = start;
        long deleted;
        try {
            runsc.create(id);
            created = clock.getAsLong();
            runsc.start(id);
            started = clock.getAsLong();
            runsc.exec(id, argv);
            ran = clock.getAsLong();
        } finally {
            long before = clock.getAsLong();
            runsc.delete(id);
            deleted = clock.getAsLong() - before;
            runsc.forget(id);
        }
        return Round.of(ran - start, created - start, started - created, ran - started, deleted);
    }

    /** {@code runsc run} of a command, which deletes as well. */
    public Contender running(PeerFiles files, List<String> argv) {
        return new PeerSide("runsc run (with delete)", Kind.PEER, List.of("total")) {
            @Override
            public Round round() throws IOException {
                return Round.of(run(files, argv));
            }
        };
    }

    /** The same once; how long it took in nanoseconds. */
    public long run(PeerFiles files, List<String> argv) throws IOException {
        String id = ids.get();
        runsc.prepare(id, files, argv);
        try {
            long start = clock.getAsLong();
            runsc.run(id);
            return clock.getAsLong() - start;
        } finally {
            runsc.forget(id);
        }
    }

    /** A command in the sandbox {@code id}. */
    public Contender executing(String id, List<String> argv) {
        return PeerSide.single("runsc exec", Kind.PEER, clock, () -> runsc.exec(id, argv));
    }

    /** Runs a command in the sandbox {@code id} and gives its output to {@code reader}. */
    public void read(String id, List<String> argv, Commands.OutputReader reader) throws IOException {
        runsc.exec(id, argv, reader);
    }

    /** A command in the sandbox {@code id} that is talked to over pipes. */
    public Conversation talkingTo(String id, List<String> argv) throws IOException {
        return runsc.talkTo(id, argv);
    }

    /** {@code cat} on the host. */
    public Conversation talkingToHost() throws IOException {
        return runsc.talkToHost();
    }

    /** The start of any process of the host's by this JVM. */
    public Contender hostProcess() {
        return PeerSide.single("host /bin/true, for scale", Kind.SCALE, clock, runsc::hostTrue);
    }

    /** A sandbox that runs and sleeps. */
    public String create(PeerFiles files) throws IOException {
        String id = ids.get();
        runsc.prepareSleeping(id, files);
        runsc.create(id);
        runsc.start(id);
        return id;
    }

    public void delete(String id) throws IOException {
        runsc.delete(id);
        runsc.forget(id);
    }

    /** Whether a process is one of these sandboxes, or its gofer. */
    public Predicate<HostProcess> processes() {
        String root = runsc.work().toString();
        return process -> process.commandLine().contains(root);
    }
}
