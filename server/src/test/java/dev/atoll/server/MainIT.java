package dev.atoll.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** The server as a process: how it starts, what it refuses, how it stops. */
class MainIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String GROUP = "atoll-it-main";

    private final List<Process> processes = new ArrayList<>();
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createTempDirectory(Path.of("/tmp"), "atollmain");
    }

    @AfterEach
    void removeHome() throws Exception {
        for (Process process : processes) {
            process.destroy();
            assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Process start(List<String> prefix, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.atoll.server.Main"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(home.resolve("out").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ATOLL_"));
        builder.environment().put("ATOLL_CGROUP_PARENT", GROUP);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private String output() {
        try {
            return Files.readString(home.resolve("out"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int ends(Process process) throws InterruptedException {
        assertThat(process.waitFor(START.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();
        return process.exitValue();
    }

    @Test
    void itStartsKeepsItsDirectoryToItselfAndStopsInOrder() throws Exception {
        String[] arguments = {"--home=" + home, "--listen=127.0.0.1:0", "--runsc=" + TestingPlatform.runsc()};
        Process server = start(List.of(), arguments);
        await().atMost(START).until(() -> output().contains("the API listens") || !server.isAlive());
        assertThat(server.isAlive()).as(output()).isTrue();
        assertThat(home.resolve("server.pid")).hasContent(Long.toString(server.pid()));
        assertThat(Files.readString(home.resolve("admin.key"))).startsWith("atoll_");
        assertThat(output()).contains("cgroup-parent=atoll-it-main (ATOLL_CGROUP_PARENT)");
        assertThat(Files.readString(home.resolve("log/server.log"))).contains("the API listens");

        Process second = start(List.of(), arguments);
        assertThat(ends(second)).isEqualTo(77);
        assertThat(output()).contains("process " + server.pid()).contains("./atoll down");

        // On version 2 of control groups it stays where a unit of systemd put it.
        boolean moved = Files.readAllLines(Path.of("/proc", Long.toString(server.pid()), "cgroup")).stream()
                .anyMatch(line -> line.endsWith(":/" + GROUP + "/platform"));
        assertThat(moved || output().contains("stays in its unit's control group"))
                .as(output())
                .isTrue();

        server.destroy();
        assertThat(ends(server)).isEqualTo(143);
        assertThat(Path.of("/sys/fs/cgroup/cpu", GROUP)).doesNotExist();
        assertThat(Path.of("/sys/fs/cgroup", GROUP)).doesNotExist();
        assertThat(home.resolve("server.pid")).doesNotExist();
        assertThat(Files.readString(home.resolve("log/server.log"))).contains("the platform has stopped");
    }

    @Test
    void aMissingRuntimeIsRefusedAndNothingStays() throws Exception {
        Process server = start(List.of(), "--home=" + home, "--listen=127.0.0.1:0", "--runsc=" + home.resolve("none"));
        assertThat(ends(server)).isEqualTo(69);
        assertThat(output())
                .contains("There is no runsc at")
                .contains("build.sh")
                .doesNotContain("\tat ");
        assertThat(home.resolve("server.pid")).doesNotExist();
    }

    @Test
    void anOldRuntimeIsRefused() throws Exception {
        Path old = Files.writeString(home.resolve("old"), "#!/bin/sh\necho runsc version release-20200101.0\n");
        assertThat(old.toFile().setExecutable(true)).isTrue();
        Process server = start(List.of(), "--home=" + home, "--listen=127.0.0.1:0", "--runsc=" + old);
        assertThat(ends(server)).isEqualTo(69);
        assertThat(output()).contains("20200101").contains("ATOLL_RUNSC");
    }

    @Test
    void onlyRootMayStartIt() throws Exception {
        // The one capability lets it read a class path that only root may.
        List<String> asNobody = List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--inh-caps=+dac_read_search",
                "--ambient-caps=+dac_read_search");
        Process server = start(asNobody, "--home=" + home, "--listen=127.0.0.1:0");
        assertThat(ends(server)).isEqualTo(77);
        assertThat(output()).contains("not started by root").contains("sudo");
    }

    @Test
    void wrongArgumentsAreToldWithTheRightOnes() throws Exception {
        assertThat(ends(start(List.of(), "--port=7070"))).isEqualTo(64);
        assertThat(output()).contains("'--port'").contains("--listen");
        assertThat(ends(start(List.of(), "--help"))).isZero();
        assertThat(output()).contains("--home=…").contains("ATOLL_HOME");
    }
}
