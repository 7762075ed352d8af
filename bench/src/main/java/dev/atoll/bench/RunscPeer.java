package dev.atoll.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The other side: the same operations by runsc's command line. */
final class RunscPeer {
    private final RunscCommands runsc;
    private final Supplier<String> ids;
    private final LongSupplier clock;

    /**
     * @param ids names for sandboxes
     * @param clock nanoseconds
     */
    RunscPeer(RunscCommands runsc, Supplier<String> ids, LongSupplier clock) {
        this.runsc = runsc;
        this.ids = ids;
        this.clock = clock;
    }

    /** create, start and exec of `true` in it; the delete is timed apart. */
    Contender creating() {
        return new Contender() {
            @Override
            public String name() {
                return "runsc create + start + exec true";
            }

            @Override
            public List<String> phases() {
                return List.of("total", "create", "start", "exec", "delete");
            }

            @Override
            public Round round() throws IOException {
                String id = ids.get();
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
                    runsc.execTrue(id);
                    ran = clock.getAsLong();
                } finally {
                    long before = clock.getAsLong();
                    runsc.delete(id);
                    deleted = clock.getAsLong() - before;
                }
                return Round.of(ran - start, created - start, started - created, ran - started, deleted);
            }
        };
    }

    /** `runsc run true`, which deletes as well. */
    Contender running() {
        return single("runsc run true (with delete)", true, () -> runsc.runTrue(ids.get()));
    }

    /** `true` in the sandbox {@code id}. */
    Contender executing(String id) {
        return single("runsc exec true", true, () -> runsc.execTrue(id));
    }

    /** The start of any process of the host's by this JVM. */
    Contender hostProcess() {
        return single("host /bin/true, for scale", false, runsc::hostTrue);
    }

    /** A sandbox that runs. */
    String create() throws IOException {
        String id = ids.get();
        runsc.create(id);
        runsc.start(id);
        return id;
    }

    void delete(String id) throws IOException {
        runsc.delete(id);
    }

    private interface Operation {
        void run() throws IOException;
    }

    private Contender single(String name, boolean peer, Operation operation) {
        return new Contender() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean isPeer() {
                return peer;
            }

            @Override
            public List<String> phases() {
                return List.of("total");
            }

            @Override
            public Round round() throws IOException {
                long start = clock.getAsLong();
                operation.run();
                return Round.of(clock.getAsLong() - start);
            }
        };
    }
}
