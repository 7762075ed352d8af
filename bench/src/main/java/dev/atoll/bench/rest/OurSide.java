package dev.atoll.bench.rest;

import dev.atoll.bench.figure.Latencies.Kind;
import dev.atoll.bench.host.CpuMeter;
import dev.atoll.bench.rest.Sandboxes.Running;
import dev.atoll.bench.rest.Template.Start;
import dev.atoll.bench.turn.Contender;
import dev.atoll.bench.turn.Round;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Our side of comparisons: a client with one kept-alive connection. */
public final class OurSide {
    private static final String CREATE_CALL = "create call";
    private static final String EXEC_CALL = "exec call";
    private static final String DELETE_CALL = "delete call";
    private static final String WARM = "warm";
    private static final String COLD = "cold";

    private final Sandboxes sandboxes;
    private final PlatformState state;
    private final CpuMeter cpu;
    private final LongSupplier clock;

    /**
     * @param cpu of the platform's processes
     * @param clock nanoseconds
     */
    public OurSide(Sandboxes sandboxes, PlatformState state, CpuMeter cpu, LongSupplier clock) {
        this.sandboxes = sandboxes;
        this.state = state;
        this.cpu = cpu;
        this.clock = clock;
    }

    /** From nothing to a first command that has finished, as the platform likes to start; the delete is timed apart. */
    public Contender creating(Template template, byte[] command) {
        return new Side("atoll create + exec", List.of("total", CREATE_CALL, EXEC_CALL, DELETE_CALL)) {
            @Override
            public Round round() throws IOException {
                return create(template.request(Start.ANY), command, "");
            }
        };
    }

    /** The same without a sandbox that was kept ready. */
    public Contender creatingCold(Template template, byte[] command) {
        return new Side("atoll create + exec, cold", List.of("total", CREATE_CALL, EXEC_CALL, DELETE_CALL)) {
            @Override
            public Round round() throws IOException {
                return create(template.request(Start.COLD), command, COLD);
            }
        };
    }

    /** The same with one that was kept ready; before each round one is. */
    public Contender creatingWarm(Template template, byte[] command) {
        return new Side("atoll create + exec, warm", List.of("total", CREATE_CALL, EXEC_CALL, DELETE_CALL)) {
            @Override
            public void prepare() throws IOException {
                if (!state.keepsReady(template)) {
                    throw new IOException("the platform keeps none ready of " + template);
                }
            }

            @Override
            public Round round() throws IOException {
                return create(template.request(Start.ANY), command, WARM);
            }
        };
    }

    /** The whole of it in one call, with a sandbox that was kept ready; its end is not waited for. */
    public Contender runningOnce(Template template, byte[] run) {
        return new Side("atoll runs", List.of("total")) {
            @Override
            public void prepare() throws IOException {
                if (!state.keepsReady(template)) {
                    throw new IOException("the platform keeps none ready of " + template);
                }
            }

            @Override
            public Round round() throws IOException {
                long start = clock.getAsLong();
                sandboxes.run(run);
                return Round.of(clock.getAsLong() - start);
            }
        };
    }

    /** @param kind of start that has to come of it, or empty when any will do */
    private Round create(byte[] sandbox, byte[] command, String kind) throws IOException {
        Map<String, Long> parts = new LinkedHashMap<>();
        long start = clock.getAsLong();
        Running running = sandboxes.create(sandbox);
        long created = clock.getAsLong();
        long ran = created;
        long deleted;
        try {
            tell(parts, EXEC_CALL, sandboxes.exec(running.id(), command));
            ran = clock.getAsLong();
        } finally {
            long before = clock.getAsLong();
            tell(parts, DELETE_CALL, sandboxes.delete(running.id()));
            deleted = clock.getAsLong() - before;
        }
        if (!kind.isEmpty() && !running.start().equals(kind)) {
            throw new IOException("a " + kind + " start was due and it was " + running.start() + ": " + running.why());
        }
        tell(parts, CREATE_CALL, running.timing());
        return new Round(List.of(ran - start, created - start, ran - created, deleted), parts);
    }

    /** A command in the sandbox {@code id}. */
    public Contender executing(String name, String id, byte[] command) {
        return new Side(name, List.of("call")) {
            @Override
            public Round round() throws IOException {
                long start = clock.getAsLong();
                Map<String, Long> timing = sandboxes.exec(id, command);
                long end = clock.getAsLong();
                Map<String, Long> parts = new LinkedHashMap<>();
                tell(parts, "call", timing);
                return new Round(List.of(end - start), parts);
            }
        };
    }

    /** What the platform told, and what of its total was not the process itself: its own part. */
    private static void tell(Map<String, Long> parts, String phase, Map<String, Long> timing) {
        timing.forEach((name, nanos) -> parts.put(phase + ": " + name, nanos));
        Long process = timing.get("process");
        Long total = timing.get("total");
        if (process != null && total != null) {
            parts.put(phase + ": total - process", total - process);
        }
    }

    private abstract class Side implements Contender {
        private final String name;
        private final List<String> phases;

        Side(String name, List<String> phases) {
            this.name = name;
            this.phases = phases;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Kind kind() {
            return Kind.OURS;
        }

        @Override
        public List<String> phases() {
            return phases;
        }

        @Override
        public CpuMeter cpu() {
            return cpu;
        }
    }
}
