package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.exec.StdStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes of the real guest: what they are given, what they give back, how they end. Needs root. */
class NativeGuestTest {
    private static final Map<String, String> PATH = Map.of("PATH", "/nowhere:/usr/bin:/bin");

    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private NativeGuest guest;
    private GuestLink link;

    /** The product's binary; the sanitized one in a subclass. */
    Path binary() throws Exception {
        return NativeGuest.binary();
    }

    @BeforeEach
    void start() throws Exception {
        guest = NativeGuest.start(directory, binary());
        link = guest.attach(listener);
    }

    @AfterEach
    void stop() {
        guest.close();
    }

    private RecordingListener.Heard run(int exec, SpawnRequest request) throws Exception {
        link.spawn(exec, request);
        return listener.awaitEnd(exec);
    }

    private RecordingListener.Heard shell(int exec, String script) throws Exception {
        return run(exec, SpawnRequest.of(PATH, "sh", "-c", script));
    }

    private void awaitStart(int exec) {
        RecordingListener.await(() -> listener.of(exec).starts() > 0, () -> "exec " + exec + " started");
    }

    private static ExitReport exitOf(RecordingListener.Heard heard) {
        ExitReport report = heard.exit();
        assertThat(report).as("failure: %s", heard.failure()).isNotNull();
        return report;
    }

    @Test
    void printsItsOutputAndExits() throws Exception {
        RecordingListener.Heard heard = shell(1, "echo out; echo err >&2; exit 7");
        assertThat(heard.text(StdStream.STDOUT)).isEqualTo("out\n");
        assertThat(heard.text(StdStream.STDERR)).isEqualTo("err\n");
        assertThat(exitOf(heard).status()).isEqualTo(new ExitStatus.Exited(7));
        assertThat(exitOf(heard).usage().maxResidentBytes()).isPositive();
        assertThat(heard.pid()).isPositive();
    }

    @Test
    void givesExactlyTheEnvironmentAndAHome() throws Exception {
        Map<String, String> environment = Map.of("A", "1", "EMPTY", "", "UTF", "grün=☂");
        RecordingListener.Heard heard = run(1, SpawnRequest.of(environment, "/usr/bin/env"));
        assertThat(heard.text(StdStream.STDOUT).lines())
                .containsExactlyInAnyOrder("A=1", "EMPTY=", "UTF=grün=☂", "HOME=/root");
    }

    @Test
    void givesTheWorkingDirectoryTheMaskAndTheLimits() throws Exception {
        SpawnRequest request = new SpawnRequest(
                List.of("sh", "-c", "pwd; umask; ulimit -n; ulimit -Hn"),
                PATH,
                false,
                directory.toString(),
                "",
                false,
                027,
                List.of(new ResourceLimit(ResourceLimit.Kind.OPEN_FILES, 77, 99)));
        assertThat(run(1, request).text(StdStream.STDOUT)).isEqualTo(directory + "\n0027\n77\n99\n");
    }

    @Test
    void givesThreeDescriptorsASessionAndNoSignalsBlocked() throws Exception {
        RecordingListener.Heard heard = shell(
                1,
                "ls /proc/self/fd | tr '\\n' ' '; set -- $(cat /proc/$$/stat); echo $(( $1 == $5 && $1 == $6 ));"
                        + " grep -E 'SigBlk|SigIgn|NoNewPrivs' /proc/self/status");
        assertThat(heard.text(StdStream.STDOUT).lines().map(line -> line.replaceAll("\\s+", " ")))
                // ls itself opens the directory as 3.
                .containsExactly("0 1 2 3 1", "SigBlk: 0000000000000000", "SigIgn: 0000000000000000", "NoNewPrivs: 1");
    }

    @Test
    void findsUsersAndGroups() throws Exception {
        String script = "id -u; id -g; id -G; echo $HOME";
        assertThat(run(1, SpawnRequest.of(PATH, "sh", "-c", script).as("nobody"))
                        .text(StdStream.STDOUT))
                .isEqualTo("65534\n65534\n65534\n/nonexistent\n");
        assertThat(run(2, SpawnRequest.of(PATH, "sh", "-c", script).as("4242")).text(StdStream.STDOUT))
                .isEqualTo("4242\n0\n0\n/\n");
        assertThat(run(3, SpawnRequest.of(PATH, "sh", "-c", script).as("daemon:tty"))
                        .text(StdStream.STDOUT))
                .isEqualTo("1\n5\n5\n/usr/sbin\n");
        assertThat(run(4, SpawnRequest.of(PATH, "sh", "-c", script).as("1:4243"))
                        .text(StdStream.STDOUT))
                .isEqualTo("1\n4243\n4243\n/usr/sbin\n");
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-command, , , COMMAND_NOT_FOUND, 2",
        "/no/such/command, , , COMMAND_NOT_FOUND, 2",
        "/etc/passwd, , , COMMAND_NOT_EXECUTABLE, 13",
        "/etc, , , COMMAND_NOT_EXECUTABLE, 13",
        "true, nobody-of-that-name, , USER_NOT_FOUND, 2",
        "true, root:nogroupofthatname, , GROUP_NOT_FOUND, 2",
        "true, , /no/such/directory, WORKING_DIRECTORY, 2",
        "true, nobody, /root, WORKING_DIRECTORY, 13"
    })
    void saysWhyAProcessWasNotStarted(String command, String user, String cwd, SpawnFailure.Stage stage, int errno)
            throws Exception {
        SpawnRequest request =
                SpawnRequest.of(PATH, command).as(user == null ? "" : user).in(cwd == null ? "" : cwd);
        assertThat(run(1, request).failure()).isEqualTo(new SpawnFailure(stage, errno));
        link.acknowledgeExit(1);
        assertThat(exitOf(shell(2, "true")).status()).isEqualTo(new ExitStatus.Exited(0));
    }

    @Test
    void refusesLimitsThatTheKernelRefuses() throws Exception {
        SpawnRequest request = SpawnRequest.of(PATH, "true")
                .limitedBy(new ResourceLimit(ResourceLimit.Kind.OPEN_FILES, 1L << 60, 1L << 60));
        assertThat(run(1, request).failure()).isEqualTo(new SpawnFailure(SpawnFailure.Stage.RESOURCE_LIMIT, 1));
    }

    @Test
    void takesLargeArgumentsAndEnvironments() throws Exception {
        Map<String, String> environment = new HashMap<>(PATH);
        for (int i = 0; i < 3; i++) {
            environment.put("BIG" + i, "x".repeat(100_000));
        }
        RecordingListener.Heard heard = run(
                1,
                SpawnRequest.of(
                        environment, "sh", "-c", "echo ${#1} ${#BIG0} ${#BIG1} ${#BIG2}", "sh", "y".repeat(120_000)));
        assertThat(heard.text(StdStream.STDOUT)).isEqualTo("120000 100000 100000 100000\n");
        environment.put("BIG3", "x".repeat(120_000));
        environment.put("BIG4", "x".repeat(120_000));
        assertThatThrownBy(() -> SpawnRequest.of(environment, "true"))
                .isInstanceOfSatisfying(
                        SpawnRequestException.class,
                        e -> assertThat(e.fault()).isEqualTo(SpawnRequestException.Fault.TOO_LARGE));
    }

    @Test
    void reportsTheSignalThatEndedIt() throws Exception {
        assertThat(exitOf(shell(1, "kill -9 $$")).status()).isEqualTo(new ExitStatus.Signaled(9, false));
        link.spawn(2, SpawnRequest.of(PATH, "sleep", "1000"));
        awaitStart(2);
        assertThat(link.signal(2, 15, SignalScope.PROCESS).get(10, TimeUnit.SECONDS))
                .isZero();
        assertThat(exitOf(listener.awaitEnd(2)).status()).isEqualTo(new ExitStatus.Signaled(15, false));
        assertThat(link.signal(2, 15, SignalScope.PROCESS).get(10, TimeUnit.SECONDS))
                .isEqualTo(3);
        assertThat(link.signal(999, 15, SignalScope.PROCESS).get(10, TimeUnit.SECONDS))
                .isEqualTo(3);
    }

    @Test
    void signalsGroupsAndSessions() throws Exception {
        // The inner shell makes a process group of its own (set -m): only the session reaches it.
        link.spawn(1, SpawnRequest.of(PATH, "bash", "-c", "set -m; sleep 1000 & echo $!; wait"));
        RecordingListener.await(() -> listener.of(1).length(StdStream.STDOUT) > 1, () -> "pid of the job");
        long job = Long.parseLong(listener.of(1).text(StdStream.STDOUT).strip());
        assertThat(link.signal(1, 9, SignalScope.GROUP).get(10, TimeUnit.SECONDS))
                .isZero();
        assertThat(exitOf(listener.awaitEnd(1)).status()).isEqualTo(new ExitStatus.Signaled(9, false));
        assertThat(ProcessHandle.of(job)).isPresent();
        assertThat(link.signal(1, 9, SignalScope.SESSION).get(10, TimeUnit.SECONDS))
                .isZero();
        RecordingListener.await(() -> listener.of(1).closed(StdStream.STDOUT), () -> "the job let go of stdout");
        RecordingListener.await(() -> ProcessHandle.of(job).isEmpty(), () -> "the orphan was reaped");
    }

    @Test
    void tellsTheExitApartFromTheEndOfOutput() throws Exception {
        RecordingListener.Heard heard = shell(1, "(read line </dev/zero; sleep 1000; echo late) & echo early");
        assertThat(heard.text(StdStream.STDOUT)).isEqualTo("early\n");
        assertThat(heard.closed(StdStream.STDOUT)).isFalse();
        assertThat(exitOf(heard).stdoutSettled()).isEqualTo(6);
        link.acknowledgeExit(1);
        assertThat(exitOf(shell(2, "true")).status()).isEqualTo(new ExitStatus.Exited(0));
    }

    @Test
    void keepsLeftOverWritersAliveAfterTheRelease() throws Exception {
        Path mark = directory.resolve("mark");
        Path go = directory.resolve("go");
        shell(
                1,
                "(until [ -e " + go + " ]; do sleep 0.02; done; head -c 200000 /dev/zero; echo survived >" + mark
                        + ") &");
        link.acknowledgeExit(1);
        Files.createFile(go);
        RecordingListener.await(() -> Files.exists(mark), () -> "the writer got past a full pipe");
    }

    @Test
    void tellsTheStartOfAnAwaitedProcessBeforeItsEndOrWithIt() throws Exception {
        link.spawnAwaited(1, SpawnRequest.of(PATH, "true"));
        RecordingListener.Heard quick = listener.awaitEnd(1);
        assertThat(quick.starts()).isEqualTo(1);
        assertThat(exitOf(quick).lasted()).isPositive();
        link.spawnAwaited(2, SpawnRequest.of(PATH, "sleep", "1000"));
        awaitStart(2);
        link.spawnAwaited(3, SpawnRequest.of(PATH, "sleep", "1000"));
        assertThat(link.signal(3, 9, SignalScope.GROUP).get(10, TimeUnit.SECONDS))
                .isZero();
        assertThat(exitOf(listener.awaitEnd(3)).status()).isEqualTo(new ExitStatus.Signaled(9, false));
        link.spawnAwaited(4, SpawnRequest.of(PATH, "no-such-command"));
        assertThat(listener.awaitEnd(4).failure().stage()).isEqualTo(SpawnFailure.Stage.COMMAND_NOT_FOUND);
        link.spawnAwaited(5, SpawnRequest.of(PATH, "cat").withStdin());
        RecordingListener.await(() -> listener.of(5).inputLimit() > 0, () -> "credit");
    }

    @Test
    void startsMoreAwaitedProcessesAtOnceThanThereAreLanes() throws Exception {
        for (int exec = 1; exec <= 30; exec++) {
            link.spawnAwaited(exec, SpawnRequest.of(PATH, "sleep", "1000"));
        }
        for (int exec = 1; exec <= 30; exec++) {
            awaitStart(exec);
        }
    }

    @Test
    void startsAProcessOncePerNumber() throws Exception {
        SpawnRequest request = SpawnRequest.of(PATH, "sh", "-c", "echo x >>" + directory.resolve("count"));
        run(5, request);
        run(5, request);
        link.acknowledgeExit(5);
        link.spawn(5, request);
        RecordingListener.await(() -> listener.of(5).failure() != null, () -> "refusal");
        assertThat(listener.of(5).failure()).isEqualTo(new SpawnFailure(SpawnFailure.Stage.NUMBER_USED, 0));
        assertThat(Files.readString(directory.resolve("count"))).isEqualTo("x\n");
        assertThat(exitOf(shell(4, "true")).status()).isEqualTo(new ExitStatus.Exited(0));
    }

    @Test
    void inheritsTheEnvironmentOfTheIdentity() throws Exception {
        GuestIdentity identity = new GuestIdentity(
                Optional.empty(), Optional.empty(), Optional.of(Map.of("A", "base", "B", "base", "PATH", "/usr/bin")));
        assertThat(link.applyIdentity(identity).get(10, TimeUnit.SECONDS).applied())
                .isTrue();
        SpawnRequest request =
                new SpawnRequest(List.of("env"), Map.of("B", "own"), true, "", "", false, 022, List.of());
        assertThat(run(1, request).text(StdStream.STDOUT).lines())
                .containsExactlyInAnyOrder("A=base", "B=own", "PATH=/usr/bin", "HOME=/root");
    }

    @Test
    void answersPings() throws Exception {
        GuestClock clock = link.ping().get(10, TimeUnit.SECONDS);
        assertThat(clock.uptime()).isPositive();
        assertThat(clock.now()).isAfter(java.time.Instant.parse("2020-01-01T00:00:00Z"));
    }
}
