package dev.atoll.imagecas.testimage;

import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.imagecas.store.ImageStore;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Images that tests start sandboxes from, made in milliseconds and without network. */
public final class TestImages {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    /** The programs that the busybox image has links for; the binary itself knows many more. */
    private static final List<String> APPLETS = List.of(
            "ash",
            "awk",
            "basename",
            "cat",
            "chmod",
            "chown",
            "cp",
            "cut",
            "date",
            "dd",
            "df",
            "dirname",
            "dmesg",
            "du",
            "echo",
            "env",
            "expr",
            "false",
            "find",
            "free",
            "grep",
            "head",
            "hostname",
            "id",
            "kill",
            "ln",
            "ls",
            "md5sum",
            "mkdir",
            "mkfifo",
            "mktemp",
            "mount",
            "mv",
            "nproc",
            "od",
            "printf",
            "ps",
            "pwd",
            "readlink",
            "rm",
            "rmdir",
            "sed",
            "seq",
            "setsid",
            "sh",
            "sha256sum",
            "sleep",
            "sort",
            "stat",
            "stty",
            "sync",
            "tail",
            "tar",
            "tee",
            "test",
            "timeout",
            "touch",
            "tr",
            "true",
            "tty",
            "uname",
            "uniq",
            "vi",
            "wc",
            "wget",
            "which",
            "whoami",
            "xargs",
            "yes");

    private TestImages() {}

    /** Imports {@link #busyboxTar} under a name. */
    public static Image busybox(ImageStore store, ImageName name) {
        return store.receive(name, new ByteArrayInputStream(busyboxTar()), ProgressListener.NONE);
    }

    /**
     * A root file system with a static busybox, {@code root} and {@code user} (uid and gid 1000), and the usual directories, as tar.
     *
     * @throws AssertionError naming the command to run when there is no static busybox on this machine
     */
    public static byte[] busyboxTar() {
        TarBytes tar = new TarBytes().as(0755, 0);
        for (String directory :
                List.of("bin", "dev", "etc", "home", "proc", "root", "run", "sys", "usr", "usr/bin", "var")) {
            tar.directory(directory);
        }
        tar.as(01777, 0).directory("tmp").as(0755, 1000).directory("home/user").directory("workspace");
        tar.as(0755, 0).file("bin/busybox", busyboxBinary());
        APPLETS.forEach(applet -> tar.symbolicLink("bin/" + applet, "busybox"));
        tar.symbolicLink("usr/bin/env", "../../bin/busybox");
        return tar.as(0644, 0)
                .file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n")
                .file("etc/group", "root:x:0:\nuser:x:1000:\n")
                .file("etc/hosts", "127.0.0.1 localhost\n")
                .bytes();
    }

    private static byte[] busyboxBinary() {
        try {
            byte[] binary = Files.readAllBytes(BUSYBOX);
            // A binary that needs a loader names it; a static one does not.
            if (new String(binary, StandardCharsets.ISO_8859_1).contains("/lib64/ld-linux-x86-64.so.2")) {
                throw missing();
            }
            return binary;
        } catch (java.nio.file.NoSuchFileException e) {
            throw missing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AssertionError missing() {
        return new AssertionError("no static " + BUSYBOX + "; run: apt-get install -y busybox-static");
    }
}
