package dev.atoll.bench.load;

import dev.atoll.bench.figure.Cell;
import dev.atoll.bench.figure.Grid;
import dev.atoll.bench.figure.Remark;
import dev.atoll.bench.figure.Section;
import dev.atoll.bench.host.HostMemory;
import dev.atoll.bench.host.HostProcess;
import dev.atoll.bench.host.ProcessSnapshot;
import dev.atoll.bench.peer.PeerFiles;
import dev.atoll.bench.rest.Capabilities;
import dev.atoll.bench.rest.Template;
import dev.atoll.bench.rest.Template.Start;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What idle sandboxes hold: memory, host processes, and threads and files of the server. */
public final class DensityBenchmark implements Benchmark {
    private static final double MIB = 1 << 20;
    private static final long SIXTEEN_GIB = 16L << 30;
    /** Long enough for what a boot frees late to be freed. */
    private static final long IDLE_MILLIS = 3_000;

    private static final String MEMORY = "256Mi";
    /** Little, so that many are no more than a platform on two cores promises. */
    private static final String CPU = "500m";

    private final Scene scene;
    private final int count;

    /** @param count how many sandboxes there are at once */
    public DensityBenchmark(Scene scene, int count) {
        this.scene = scene;
        this.count = count;
    }

    @Override
    public Map<String, String> conditions() {
        return Map.of(
                "sandboxes",
                count + " of " + MEMORY + " and " + CPU + " of CPU, idle; memory is read " + IDLE_MILLIS
                        + " ms after the last start");
    }

    /** What processes hold together, and what the machine has left. */
    private record Held(HostProcess.Memory memory, int processes, int threads, long availableBytes) {
        static Held of(List<HostProcess> processes) {
            HostProcess.Memory memory = new HostProcess.Memory(0, 0);
            int threads = 0;
            for (HostProcess process : processes) {
                memory = memory.plus(process.memory());
                threads += process.threads();
            }
            return new Held(memory, processes.size(), threads, HostMemory.availableBytes());
        }

        /** What it holds more than {@code before}. */
        Held since(Held before) {
            return new Held(
                    new HostProcess.Memory(
                            memory.residentBytes() - before.memory.residentBytes(),
                            memory.proportionalBytes() - before.memory.proportionalBytes()),
                    processes - before.processes,
                    threads - before.threads,
                    before.availableBytes - availableBytes);
        }
    }

    @Override
    public List<Section> run() throws IOException {
        PeerFiles files = scene.images().prepare(ImageChoice.BUSYBOX);
        Template template = new Template(files.image(), CPU, MEMORY);
        scene.sandboxes()
                .delete(scene.sandboxes().create(template.request(Start.ANY)).id());
        quiet();
        List<List<Cell>> rows = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        Capabilities now = scene.state().now();
        int pooled = now.pooled();
        if (pooled > 0) {
            Held warm = Held.of(scene.platform().boxes());
            String name = "atoll, kept ready: " + now.running() + " run, " + (pooled - now.running()) + " have booted";
            rows.add(row(name, warm, pooled, false));
        } else {
            sections.add(new Remark("start", CreateBenchmark.NOTHING_READY));
        }
        ours(template, rows, sections);
        peer(files, rows);
        sections.addFirst(new Grid(
                "one idle sandbox",
                List.of(
                        "of",
                        "n",
                        "RSS MiB",
                        "PSS MiB",
                        "drop of MemAvailable MiB",
                        "host processes",
                        "host threads",
                        "fit in 16 GiB"),
                rows));
        return sections;
    }

    private void ours(Template template, List<List<Cell>> rows, List<Section> sections) throws IOException {
        HostProcess serverBefore = server();
        ServerState idle = ServerState.of(serverBefore);
        Held before = Held.of(scene.platform().boxes());
        List<String> made = new ArrayList<>();
        try {
            for (int i = 1; i <= count; i++) {
                made.add(scene.sandboxes().create(template.request(Start.ANY)).id());
                scene.round(i, count);
            }
            quiet();
            rows.add(row("atoll, running", Held.of(scene.platform().boxes()).since(before), count, true));
            sections.add(server(idle, ServerState.of(server())));
        } finally {
            for (String id : made) {
                scene.sandboxes().delete(id);
            }
        }
    }

    private void peer(PeerFiles files, List<List<Cell>> rows) throws IOException {
        quiet();
        Held before = Held.of(peerProcesses());
        List<String> made = new ArrayList<>();
        try {
            for (int i = 1; i <= count; i++) {
                made.add(scene.runsc().create(files));
                scene.round(i, count);
            }
            quiet();
            rows.add(row(
                    "runsc create + start, sleeping", Held.of(peerProcesses()).since(before), count, true));
        } finally {
            for (String id : made) {
                scene.runsc().delete(id);
            }
        }
    }

    private List<HostProcess> peerProcesses() throws IOException {
        return ProcessSnapshot.take().trees(scene.runsc().processes());
    }

    private void quiet() throws IOException {
        scene.state().await();
        scene.pause().millis(IDLE_MILLIS);
    }

    private static List<Cell> row(String name, Held held, int count, boolean isDropKnown) {
        double drop = held.availableBytes() / (double) count;
        double pss = held.memory().proportionalBytes() / (double) count;
        double one = isDropKnown ? Math.max(drop, pss) : pss;
        return List.of(
                Cell.of(name),
                Cell.of(count),
                Cell.of(held.memory().residentBytes() / MIB / count, 1),
                Cell.of(pss / MIB, 1),
                isDropKnown ? Cell.of(drop / MIB, 1) : Cell.nothing(),
                Cell.of(held.processes() / (double) count, 1),
                Cell.of(held.threads() / (double) count, 1),
                one > 0 ? Cell.of((long) (SIXTEEN_GIB / one)) : Cell.nothing());
    }

    private HostProcess server() throws IOException {
        long pid = scene.platform().server();
        return HostProcess.read(pid).orElseThrow(() -> new IOException("the platform's process " + pid + " is gone"));
    }

    /** What the server's own process holds. */
    private record ServerState(long residentBytes, int threads, int openFiles) {
        static ServerState of(HostProcess server) {
            return new ServerState(server.residentBytes(), server.threads(), server.openFiles());
        }
    }

    private Section server(ServerState idle, ServerState full) {
        return new Grid(
                "the server",
                List.of("of", "with none", "with " + count, "for each"),
                List.of(
                        line("RSS MiB", idle.residentBytes() / MIB, full.residentBytes() / MIB, 1),
                        line("threads", idle.threads(), full.threads(), 0),
                        line("open files", idle.openFiles(), full.openFiles(), 0)));
    }

    private List<Cell> line(String name, double idle, double full, int decimals) {
        return List.of(
                Cell.of(name), Cell.of(idle, decimals), Cell.of(full, decimals), Cell.of((full - idle) / count, 2));
    }
}
