package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.ExitReport;
import dev.atoll.isolation.guest.ExitStatus;
import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.RecordingListener;
import dev.atoll.isolation.guest.ResourceLimit;
import dev.atoll.isolation.guest.SignalScope;
import dev.atoll.isolation.guest.SpawnFailure;
import dev.atoll.isolation.guest.SpawnRequest;
import dev.atoll.model.exec.StdStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything a command has led to is found, and limited; on every accepted runsc. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
abstract class TreesContract {
    private static final Map<String, String> PATH = Map.of("PATH", "/bin");
    private static final int ESRCH = 3;
    private static final int EOPNOTSUPP = 95;

    private final RecordingListener listener = new RecordingListener();
    private BoxesUnderTest boxes;
    private GuestLink link;
    private int last;

    protected abstract Path runsc();

    protected abstract boolean limitsProcesses();

    @BeforeEach
    void start() throws Exception {
        boxes = new BoxesUnderTest(runsc(), "atoll-test-trees-" + (limitsProcesses() ? "pinned" : "floor"));
        link = boxes.attach(boxes.started(), listener);
    }

    @AfterEach
    void stop() throws Exception {
        boxes.close();
    }

    private static SpawnRequest shell(String script) {
        return SpawnRequest.of(PATH, "sh", "-c", script);
    }

    private int spawn(SpawnRequest request) throws Exception {
        link.spawn(++last, request);
        return last;
    }

    private String run(String script) throws Exception {
        return end(spawn(shell(script)));
    }

    private String end(int exec) throws Exception {
        RecordingListener.Heard heard = listener.awaitEnd(exec);
        assertThat(heard.failure()).isNull();
        link.acknowledgeExit(exec);
        return heard.text(StdStream.STDOUT) + heard.text(StdStream.STDERR);
    }

    private void awaitUp(int exec) {
        RecordingListener.await(() -> listener.of(exec).text(StdStream.STDOUT).contains("up"), () -> "up");
    }

    private int signal(int exec, int signo) throws Exception {
        return link.signal(exec, signo, SignalScope.TREE).get(30, TimeUnit.SECONDS);
    }

    /** The arguments of those that sleep, sorted. */
    private String sleepers() {
        try {
            return run("for p in /proc/[0-9]*; do busybox tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null"
                    + " | grep '^sleep' | busybox sort | busybox tr -d '\\n'");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void killsWhatMadeASessionOfItsOwnOrLostItsParents() throws Exception {
        int other = spawn(shell("echo up; exec sleep 9999"));
        awaitUp(other);
        int exec = spawn(shell("busybox setsid sleep 1111 & (busybox setsid sh -c 'sleep 2222 & exec sleep 3333' &);"
                + " busybox setsid sh -c '(sleep 4444 &)'; sleep 5555 & echo up; wait"));
        awaitUp(exec);
        RecordingListener.await(
                () -> sleepers().equals("sleep 1111 sleep 2222 sleep 3333 sleep 4444 sleep 5555 sleep 9999 "),
                () -> "all are there");

        assertThat(signal(exec, 9)).isZero();
        end(exec);
        RecordingListener.await(() -> sleepers().equals("sleep 9999 "), () -> "only the other one is left");
    }

    @Test
    void reachesWhatIsLeftAfterTheFirstProcess() throws Exception {
        int exec = spawn(shell("busybox setsid sh -c 'trap \"echo got; exit\" TERM; (sleep 1212 >/dev/null 2>&1 &);"
                + " echo up; while :; do sleep 0.05; done' & exit 0"));
        awaitUp(exec);
        listener.awaitEnd(exec);
        assertThat(signal(exec, 15)).isZero();
        RecordingListener.await(
                () -> listener.of(exec).text(StdStream.STDOUT).equals("up\ngot\n"), () -> "the signal was heard");
        RecordingListener.await(() -> sleepers().isEmpty(), () -> "nobody sleeps");
        assertThat(signal(exec, 15)).isEqualTo(ESRCH);
        link.acknowledgeExit(exec);
    }

    @Test
    void killsAForkBomb() throws Exception {
        int bomb = spawn(shell("b() { b | b & }; b; echo up; while :; do true; done"));
        awaitUp(bomb);
        assertThat(signal(bomb, 9)).isZero();
        end(bomb);
        RecordingListener.await(
                () -> run(this, "ls -d /proc/[0-9]* | wc -l").length() < 3, () -> "hardly anybody is left");
    }

    private static String run(TreesContract test, String script) {
        try {
            return test.run(script).strip();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void groupsAreUsedAgainAndNobodyIsLeftUnreaped() throws Exception {
        for (int i = 0; i < 60; i++) {
            run(i % 6 == 0 ? "sleep 1000 >/dev/null 2>&1 &" : "true");
        }
        assertThat(run("for p in /proc/[0-9]*; do grep '^State' $p/status; done 2>/dev/null"))
                .doesNotContain("zombie");
        assertThat(sleepers()).isEqualTo("sleep 1000 ".repeat(10));
    }

    @Test
    void limitsTheProcessesOfACommand() throws Exception {
        SpawnRequest greedy =
                shell("sleep 10 & sleep 10 & sleep 10 & echo not reached").withProcesses(3);
        if (!limitsProcesses()) {
            int exec = spawn(greedy);
            listener.awaitEnd(exec);
            assertThat(listener.of(exec).failure())
                    .isEqualTo(new SpawnFailure(SpawnFailure.Stage.RESOURCE_LIMIT, EOPNOTSUPP));
            return;
        }
        assertThat(end(spawn(greedy))).contains("can't fork").doesNotContain("not reached");
        assertThat(run("sleep 10 & sleep 10 & sleep 10 & echo reached")).isEqualTo("reached\n");
    }

    @Test
    void limitsCpuTimeAndMemoryOfAProcess() throws Exception {
        int busy =
                spawn(shell("while :; do :; done").limitedBy(new ResourceLimit(ResourceLimit.Kind.CPU_SECONDS, 1, 2)));
        ExitReport exit = listener.awaitEnd(busy).exit();
        assertThat(exit).extracting(ExitReport::status).isEqualTo(new ExitStatus.Signaled(24, false));
        int stubborn = spawn(shell("trap '' XCPU; while :; do :; done")
                .limitedBy(new ResourceLimit(ResourceLimit.Kind.CPU_SECONDS, 1, 2)));
        assertThat(listener.awaitEnd(stubborn).exit())
                .extracting(ExitReport::status)
                .isEqualTo(new ExitStatus.Signaled(9, false));
        long most = 32L << 20;
        int large = spawn(SpawnRequest.of(PATH, "dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1")
                .limitedBy(new ResourceLimit(ResourceLimit.Kind.ADDRESS_SPACE_BYTES, most, most)));
        assertThat(end(large)).contains("out of memory");
    }

    @Test
    void givesGroupsAndANiceValue() throws Exception {
        assertThat(end(spawn(shell("id -G; set -- $(cat /proc/self/stat); echo ${19}")
                        .withGroups(List.of("44", "7"))
                        .withNice(7))))
                .isEqualTo("0 44 7\n7\n");
        assertThat(end(spawn(shell("id -u; id -G").as("1000:50").withGroups(List.of("44")))))
                .isEqualTo("1000\n50 44\n");
        int exec = spawn(shell("true").withGroups(List.of("nobody-knows-it")));
        listener.awaitEnd(exec);
        assertThat(listener.of(exec).failure()).isEqualTo(new SpawnFailure(SpawnFailure.Stage.GROUP_NOT_FOUND, 2));
    }
}
