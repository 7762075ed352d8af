package dev.atoll.server.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A checkout with the real launcher and nothing else real: its Maven, its JDK and its runsc are scripts that write down
 * how they were called. Runs of the launcher in it take a fraction of a second.
 */
final class FakeCheckout {

    private static final long TIMEOUT_SECONDS = 60;

    private Path root;
    private final Path home;
    private final Path jdk;
    private final Path runsc;

    /** What a run of the launcher did. */
    record Result(int code, String out, String err) {}

    FakeCheckout(Path directory) {
        root = directory.resolve("checkout");
        home = directory.resolve("home");
        jdk = directory.resolve("jdk");
        runsc = directory.resolve("runsc");
        try {
            copyLauncher();
            write(root.resolve("pom.xml"), "<project/>");
            write(source(), "class Main {}");
            write(root.resolve("isolation/runtime/build.sh"), "stamp=fake\n");
            script(root.resolve("mvnw"), """
                echo "maven $*" >> "$ATOLL_ROOT/calls"
                for module in clients/cli server; do
                    mkdir -p $module/target/lib
                    cat $module/src/main/java/*.java > $module/target/atoll-${module##*/}.jar 2> /dev/null
                    echo lib > $module/target/lib/lib.jar
                done
                """);
            write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
            script(jdk.resolve("bin/javac"), "");
            script(jdk.resolve("bin/java"), """
                for word in "$@"; do
                    if [[ $word == -XX:AOTCacheOutput=* ]]; then echo aot > "${word#*=}"; exit; fi
                done
                echo "java ${*#*dist/}"
                """);
            script(runsc, "echo runsc version fake");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copyLauncher() throws IOException {
        Files.createDirectories(root.resolve("setup"));
        copy(SourceTree.root().resolve("atoll"), root.resolve("atoll"));
        try (Stream<Path> files = Files.list(SourceTree.root().resolve("setup"))) {
            for (var file : files.toList()) {
                copy(file, root.resolve("setup").resolve(file.getFileName().toString()));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }

    Path root() {
        return root;
    }

    Path home() {
        return home;
    }

    /** Moves the checkout beside where it was, with all that was built in it. */
    void moveTo(String name) throws IOException {
        root = Files.move(root, root.resolveSibling(name));
    }

    /** A source of the command line's. */
    Path source() {
        return root.resolve("clients/cli/src/main/java/Main.java");
    }

    /** The script that stands for the JVM. */
    Path java() {
        return jdk.resolve("bin/java");
    }

    /** How often Maven was called. */
    long builds() {
        try {
            return Files.exists(root.resolve("calls"))
                    ? Files.readAllLines(root.resolve("calls")).size()
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, content);
    }

    static void script(Path file, String body) throws IOException {
        write(file, "#!/bin/bash\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs the launcher and waits for its end. */
    Result run(Map<String, String> environment, String... arguments) {
        return start(environment, arguments).await();
    }

    Running start(Map<String, String> environment, String... arguments) {
        var command = new ArrayList<>(List.of(root.resolve("atoll").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("ATOLL_"));
        builder.environment().put("ATOLL_HOME", home.toString());
        builder.environment().put("ATOLL_RUNSC", runsc.toString());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().putAll(environment);
        try {
            var out = Files.createTempFile("launcher", ".out");
            var err = Files.createTempFile("launcher", ".err");
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            return new Running(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A launcher at work. */
    record Running(Process process, Path out, Path err) {

        Result await() {
            try {
                if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException("the launcher did not end: " + Files.readString(err));
                }
                var result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
                Files.delete(out);
                Files.delete(err);
                return result;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
