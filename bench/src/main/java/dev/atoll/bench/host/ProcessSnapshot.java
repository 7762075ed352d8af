package dev.atoll.bench.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** All processes of this machine at one moment, nearly: they are read one after the other. */
public final class ProcessSnapshot {
    private static final Path PROC = Path.of("/proc");

    private final Map<Long, HostProcess> all;
    private final Map<Long, List<HostProcess>> children = new HashMap<>();

    private ProcessSnapshot(Map<Long, HostProcess> all) {
        this.all = all;
        all.values()
                .forEach(process -> children.computeIfAbsent(process.parent(), fresh -> new ArrayList<>())
                        .add(process));
    }

    public static ProcessSnapshot take() throws IOException {
        Map<Long, HostProcess> all = new LinkedHashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path entry : entries) {
                HostProcess.read(Long.parseLong(entry.getFileName().toString()))
                        .ifPresent(process -> all.put(process.pid(), process));
            }
        }
        return new ProcessSnapshot(all);
    }

    public Optional<HostProcess> find(long pid) {
        return Optional.ofNullable(all.get(pid));
    }

    public List<HostProcess> all() {
        return List.copyOf(all.values());
    }

    /** Those that {@code which} names and everything below them, each once. */
    public List<HostProcess> trees(Predicate<HostProcess> which) {
        Map<Long, HostProcess> found = new LinkedHashMap<>();
        Deque<HostProcess> open =
                new ArrayDeque<>(all.values().stream().filter(which).toList());
        while (!open.isEmpty()) {
            HostProcess process = open.poll();
            if (found.put(process.pid(), process) == null) {
                open.addAll(children.getOrDefault(process.pid(), List.of()));
            }
        }
        return List.copyOf(found.values());
    }

    /** Everything below a process, without itself. */
    public List<HostProcess> below(long pid) {
        return trees(process -> process.parent() == pid);
    }
}
