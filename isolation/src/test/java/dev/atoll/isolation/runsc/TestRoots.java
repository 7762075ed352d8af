package dev.atoll.isolation.runsc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Root filesystems small enough to make for every test class: a static busybox and its usual names. */
final class TestRoots {

    private static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final List<String> APPLETS = List.of(
            "sh",
            "cat",
            "ls",
            "dmesg",
            "hostname",
            "nproc",
            "ps",
            "mount",
            "id",
            "touch",
            "dd",
            "grep",
            "sync",
            "head",
            "ip",
            "nc",
            "wget",
            "sleep",
            "chroot",
            "mknod",
            "stat",
            "true",
            "kill",
            "od",
            "wc",
            "umount",
            "rm",
            "seq",
            "md5sum",
            "stty");

    private TestRoots() {}

    static Path directory(Path where) throws IOException {
        if (!Files.isExecutable(BUSYBOX)) {
            throw new AssertionError("this test needs a static busybox: apt-get install busybox-static");
        }
        for (String directory : List.of("bin", "proc", "sys", "dev", "tmp", "etc")) {
            Files.createDirectories(where.resolve(directory));
        }
        Files.copy(BUSYBOX, where.resolve("bin/busybox"));
        for (String applet : APPLETS) {
            Files.createSymbolicLink(where.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        Files.writeString(where.resolve("etc/lower"), "from the lower layer\n");
        return where;
    }

    static Path erofs(Path directory, Path image) throws Exception {
        try {
            Process process = new ProcessBuilder(
                            "mkfs.erofs", "-E", "noinline_data", image.toString(), directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError("mkfs.erofs failed");
            }
            return image;
        } catch (IOException missing) {
            throw new AssertionError("this test needs mkfs.erofs: apt-get install erofs-utils", missing);
        }
    }

    /** A PID 1 that evaluates each line of its stdin and ends each answer with a line that holds a dot. */
    static Path shell(Path where) throws IOException {
        Files.writeString(where, "#!/bin/sh\nwhile read -r line; do eval \"$line\" 2>&1; echo .; done\n");
        if (!where.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + where + " executable");
        }
        return where;
    }
}
