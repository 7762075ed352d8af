package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.cgroup.MemoryEvents;
import dev.atoll.isolation.cgroup.TaskEvents;
import dev.atoll.isolation.linux.LinuxProcesses.Ending;
import dev.atoll.isolation.runtime.BoxExit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExitWatchTest {

    private static final MemoryEvents QUIET = new MemoryEvents(1 << 20, 0);
    private static final MemoryEvents KILLED = new MemoryEvents(1 << 20, 2);
    private static final TaskEvents ENOUGH = new TaskEvents(512, 0);
    private static final TaskEvents REFUSED = new TaskEvents(512, 3);
    private static final Optional<BoxExit> NO_REPLY = Optional.empty();

    @Test
    void waitStatusIsUnpacked() {
        assertThat(ExitWatch.decode(7 << 8)).isEqualTo(new BoxExit.Exited(7));
        assertThat(ExitWatch.decode(15)).isEqualTo(new BoxExit.Signaled(15));
        assertThat(ExitWatch.decode(11 | 0x80)).as("with a core").isEqualTo(new BoxExit.Signaled(11));
        assertThat(ExitWatch.decode(0)).isEqualTo(new BoxExit.Exited(0));
    }

    @Test
    void whatPid1ReportedStands() {
        Optional<BoxExit> reply = Optional.of(new BoxExit.Signaled(15));

        assertThat(ExitWatch.judge(Optional.of(new Ending.Exited(143)), reply, KILLED, ENOUGH))
                .isEqualTo(reply.get());
    }

    @Test
    void withoutAReplyTheSentrysOwnEndDecides() {
        assertThat(ExitWatch.judge(Optional.of(new Ending.Exited(3)), NO_REPLY, QUIET, ENOUGH))
                .isEqualTo(new BoxExit.Exited(3));
        assertThat(ExitWatch.judge(Optional.of(new Ending.Killed(9)), NO_REPLY, QUIET, ENOUGH))
                .isEqualTo(new BoxExit.Signaled(9));
        assertThat(ExitWatch.judge(Optional.empty(), NO_REPLY, QUIET, ENOUGH)).isInstanceOf(BoxExit.Lost.class);
    }

    @Test
    void theKernelsCounterTellsARefusedTask() {
        BoxExit tooMany = new BoxExit.TooManyProcesses(512);

        assertThat(ExitWatch.judge(Optional.of(new Ending.Exited(2)), NO_REPLY, QUIET, REFUSED))
                .as("as a broken Go program ends")
                .isEqualTo(tooMany);
        assertThat(ExitWatch.judge(Optional.empty(), NO_REPLY, QUIET, REFUSED))
                .as("seen by nobody")
                .isEqualTo(tooMany);
        assertThat(ExitWatch.judge(Optional.of(new Ending.Killed(9)), NO_REPLY, QUIET, REFUSED))
                .as("killed by us")
                .isEqualTo(new BoxExit.Signaled(9));
    }

    @Test
    void theKernelsCounterTellsAKillForMemory() {
        BoxExit oom = new BoxExit.OutOfMemory(1 << 20, 2);

        assertThat(ExitWatch.judge(Optional.of(new Ending.Killed(9)), NO_REPLY, KILLED, ENOUGH))
                .isEqualTo(oom);
        assertThat(ExitWatch.judge(Optional.empty(), NO_REPLY, KILLED, ENOUGH))
                .as("seen by nobody")
                .isEqualTo(oom);
        assertThat(ExitWatch.judge(Optional.of(new Ending.Exited(1)), NO_REPLY, KILLED, ENOUGH))
                .as("a gofer was killed, PID 1 went on")
                .isEqualTo(new BoxExit.Exited(1));
    }
}
