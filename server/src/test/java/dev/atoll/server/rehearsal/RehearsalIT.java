package dev.atoll.server.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.HostAgentSettings;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.server.TestingPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rehearsal as a process, as the set-up runs it: however it ends, nothing of it stays. */
class RehearsalIT {
    /** What a killed process leaves dead comes to this JVM, and not to init, once a test has run a host agent in it. */
    private static final String DEAD = " (zombie) ";

    private static final Duration LONGEST = Duration.ofSeconds(Rehearsal.LONGEST_SECONDS);

    private final List<Process> processes = new ArrayList<>();
    private Path directory;
    private Path home;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "atollreh");
        home = directory.resolve("home");
    }

    @AfterEach
    void removeDirectory() throws Exception {
        for (Process process : processes) {
            process.destroy();
            ends(process);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Rehearsal.class.getName(),
                "--home=" + home));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(directory.resolve("out").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ATOLL_"));
        // What this machine's own platform may be set to is not for the rehearsal.
        builder.environment().put("ATOLL_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
        builder.environment().put("ATOLL_CGROUP_PARENT", "atoll-it-of-another");
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static String runsc() {
        return "--runsc=" + TestingPlatform.runsc();
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int ends(Process process) throws InterruptedException {
        assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();
        return process.exitValue();
    }

    /** Where its sandboxes are: it goes with the directory's name. */
    private String cgroupParent() {
        return HostAgentSettings.cgroupParentOf(home.resolve("host"));
    }

    private List<Path> cgroups() {
        return Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/memory")
                .map(hierarchy -> Path.of(hierarchy, cgroupParent()))
                .toList();
    }

    private void awaitSandbox(Process rehearsal) {
        await().atMost(LONGEST).until(() -> {
            assertThat(rehearsal.isAlive()).as(output()).isTrue();
            return cgroups().stream().anyMatch(Files::isDirectory);
        });
    }

    private HostLeftovers left() throws IOException {
        return HostLeftovers.snapshot(home, cgroupParent());
    }

    private void nothingIsLeft() throws IOException {
        assertThat(home).doesNotExist();
        assertThat(home.resolveSibling("home.doomed")).doesNotExist();
        assertThat(left().things()).filteredOn(thing -> !thing.contains(DEAD)).isEmpty();
        assertThat(cgroups()).noneMatch(Files::exists);
    }

    @Test
    void itEndsWithoutAWordAndLeavesNothing() throws Exception {
        Process rehearsal = start(runsc());
        assertThat(ends(rehearsal)).as(output()).isZero();
        assertThat(output()).isEmpty();
        nothingIsLeft();
    }

    @Test
    void whatAKilledOneLeftIsRemoved() throws Exception {
        Process killed = start(runsc());
        awaitSandbox(killed);
        killed.destroyForcibly();
        ends(killed);
        assertThat(left().things()).anyMatch(thing -> thing.startsWith("process "));

        Process clear = start(runsc(), Rehearsal.CLEAR);
        assertThat(ends(clear)).as(output()).isZero();
        assertThat(output()).isEmpty();
        nothingIsLeft();
    }

    @Test
    void aSignalEndsItInOrder() throws Exception {
        Process rehearsal = start(runsc());
        awaitSandbox(rehearsal);
        rehearsal.destroy();
        assertThat(ends(rehearsal)).as(output()).isEqualTo(143);
        assertThat(output()).contains("the rehearsal of the platform failed");
        nothingIsLeft();
    }

    @Test
    void whatKeepsItFromStartingIsSaid() throws Exception {
        Process rehearsal = start("--runsc=" + directory.resolve("none"));
        assertThat(ends(rehearsal)).isEqualTo(1);
        assertThat(output()).contains("the rehearsal of the platform failed: There is no runsc at");
        nothingIsLeft();
    }
}
