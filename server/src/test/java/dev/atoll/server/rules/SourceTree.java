package dev.atoll.server.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The checkout: its root and the files in it that people write. */
final class SourceTree {

    private static final Set<String> NOT_OURS = Set.of("target", ".git", "node_modules", "shared");
    private static final Set<String> ENDINGS = Set.of("java", "c", "h", "sh", "awk", "proto", "yaml", "yml", "sql");
    /** Shell scripts without an ending. */
    private static final Set<String> SCRIPTS = Set.of("atoll", ".ci/run");

    /** Every module, by the directory that holds its {@code src}; the order does not matter. */
    static final List<String> MODULES = List.of(
            "model",
            "protocol",
            "image-cas",
            "isolation",
            "host-agent",
            "sandbox-manager",
            "api",
            "server",
            "clients/cli",
            "bench");

    private SourceTree() {}

    /** The directory that holds the Maven wrapper: tests run in their module's directory or in the root. */
    static Path root() {
        var dir = Path.of("").toAbsolutePath();
        while (!Files.exists(dir.resolve("mvnw"))) {
            dir = Objects.requireNonNull(dir.getParent(), "no mvnw in any directory above the working directory");
        }
        return dir;
    }

    /** All files that are checked, generated and fetched ones left out. */
    static List<SourceFile> files() {
        var root = root();
        var files = new ArrayList<SourceFile>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    return NOT_OURS.contains(name(dir)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    var path = root.relativize(file).toString();
                    if (attributes.isRegularFile() && (SCRIPTS.contains(path) || ENDINGS.contains(ending(path)))) {
                        files.add(new SourceFile(path, file, Files.readAllLines(file)));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(files);
    }

    private static String name(Path dir) {
        var name = dir.getFileName();
        return name == null ? "" : name.toString();
    }

    static String ending(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /** One file; {@code path} is relative to the root. */
    record SourceFile(String path, Path file, List<String> lines) {

        SourceFile {
            lines = List.copyOf(lines);
        }

        boolean isJava() {
            return path.endsWith(".java");
        }

        /** True for C and shell, whose functions begin and end in the first column. */
        boolean hasFlatFunctions() {
            return Set.of("c", "h", "sh").contains(ending(path)) || SCRIPTS.contains(path);
        }
    }
}
