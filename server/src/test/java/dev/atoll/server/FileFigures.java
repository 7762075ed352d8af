package dev.atoll.server;

import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FilePath;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What file operations take, from the control plane's side; {@code -Dit.test=FileFigures} prints it. Beside it, what dd gets inside. */
class FileFigures {
    private static final int ROUNDS = 5;
    private static final int PIECE = 256 * 1024;
    private static final int PIECES = 4096;
    private static final int SMALL_FILES = 10_000;

    private interface Work {
        void run() throws Exception;
    }

    @Test
    void print() throws Exception {
        try (FilesOverHost host = new FilesOverHost()) {
            load();
            small(host);
            large(host);
            archives(host);
            load();
        }
    }

    private static void load() throws Exception {
        say("load %s", Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static void small(FilesOverHost host) {
        host.run(write("/s"), new byte[100]);
        FileOperation stat = new FileOperation.Stat(FilePath.of("/s"), true, false);
        FileOperation read = new FileOperation.Read(FilePath.of("/s"), 0, Long.MAX_VALUE);
        for (FileOperation operation : List.of(stat, read, write("/s"))) {
            double[] ms = new double[500];
            for (int i = -500; i < ms.length; i++) {
                long from = System.nanoTime();
                host.run(operation, new byte[100]);
                ms[Math.max(0, i)] = (System.nanoTime() - from) / 1e6;
            }
            Arrays.sort(ms);
            say(
                    "%s ms: min %.2f p50 %.2f p95 %.2f p99 %.2f max %.2f n %d",
                    operation.getClass().getSimpleName(), ms[0], ms[250], ms[475], ms[495], ms[499], ms.length);
        }
    }

    private static void large(FilesOverHost host) throws Exception {
        byte[] piece = new byte[PIECE];
        new Random(1).nextBytes(piece);
        byte[][] content = new byte[PIECES][];
        Arrays.fill(content, piece);
        double mib = (double) PIECE * PIECES / 1e6;
        rate("write 1 GiB", mib, () -> host.run(write("/big"), content));
        rate("read 1 GiB", mib, () -> drain(host, new FileOperation.Read(FilePath.of("/big"), 0, Long.MAX_VALUE)));
        rate("hash 1 GiB inside", mib, () -> host.run(new FileOperation.Stat(FilePath.of("/big"), true, true)));
        rate("dd writes 1 GiB inside", mib, () -> host.sh("dd if=/dev/zero of=/dd bs=256k count=4096 2>/dev/null"));
        rate("dd reads 1 GiB inside", mib, () -> host.sh("dd if=/dd of=/dev/null bs=256k 2>/dev/null"));
        host.sh("rm /big /dd");
    }

    private static void archives(FilesOverHost host) throws Exception {
        host.sh(
                "mkdir /src; cd /src; for d in $(seq 100); do mkdir $d; for f in $(seq 100); do head -c 1000 /dev/zero >$d/$f;"
                        + " done; done");
        FileOperation pack = new FileOperation.Pack(FilePath.of("/src"), List.of());
        List<byte[]> archive = new ArrayList<>();
        for (FileEvent event : host.run(pack)) {
            if (event instanceof FileEvent.Data(ByteBuffer bytes)) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                archive.add(copy);
            }
        }
        byte[][] tar = archive.toArray(byte[][]::new);
        seconds("pack " + SMALL_FILES + " files", () -> drain(host, pack));
        seconds("unpack " + SMALL_FILES + " files anew", () -> {
            host.run(new FileOperation.Remove(FilePath.of("/dst"), true, true));
            long from = System.nanoTime();
            host.run(new FileOperation.Unpack(FilePath.of("/dst")), tar);
            say("  unpack alone %.2f s", (System.nanoTime() - from) / 1e9);
        });
        seconds(
                "unpack " + SMALL_FILES + " files over themselves",
                () -> host.run(new FileOperation.Unpack(FilePath.of("/dst")), tar));
        seconds("tar -x inside", () -> host.sh("rm -rf /t; mkdir /t; tar -cf - -C /src . | tar -xf - -C /t"));
        seconds(
                "copy " + SMALL_FILES + " files",
                () -> host.run(new FileOperation.Copy(FilePath.of("/src"), FilePath.of("/cp"), true)));
    }

    private static void drain(FilesOverHost host, FileOperation operation) {
        try (var exchange = host.begin(operation)) {
            while (!(exchange.next(FilesOverHost.PATIENCE).orElseThrow() instanceof FileEvent.Done)) {}
        }
    }

    private static FileOperation.Write write(String path) {
        return new FileOperation.Write(
                FilePath.of(path), Optional.empty(), false, OptionalInt.empty(), Optional.empty(), false);
    }

    private static void rate(String what, double megabytes, Work work) throws Exception {
        double[] took = rounds(work);
        say(
                "%s: MB/s p50 %.0f max %.0f min %.0f n %d",
                what, megabytes / took[ROUNDS / 2], megabytes / took[0], megabytes / took[ROUNDS - 1], ROUNDS);
    }

    private static void seconds(String what, Work work) throws Exception {
        double[] took = rounds(work);
        say("%s: s p50 %.2f min %.2f max %.2f n %d", what, took[ROUNDS / 2], took[0], took[ROUNDS - 1], ROUNDS);
    }

    private static double[] rounds(Work work) throws Exception {
        double[] took = new double[ROUNDS];
        work.run();
        for (int i = 0; i < ROUNDS; i++) {
            long from = System.nanoTime();
            work.run();
            took[i] = (System.nanoTime() - from) / 1e9;
        }
        Arrays.sort(took);
        return took;
    }

    @SuppressWarnings("SystemOut")
    private static void say(String form, Object... values) {
        System.out.println(String.format(Locale.ROOT, form, values));
    }
}
