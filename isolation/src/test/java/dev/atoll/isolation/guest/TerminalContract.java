package dev.atoll.isolation.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.model.exec.StdStream;
import dev.atoll.model.exec.TerminalSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Commands on a terminal: the same on this machine's kernel and on gVisor's. */
public abstract class TerminalContract {
    static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin", "PS1", "", "TERM", "dumb");
    static final TerminalSize SIZE = new TerminalSize(24, 80);

    protected final RecordingListener listener = new RecordingListener();
    private long sent;

    protected abstract GuestLink link();

    /** Whether {@code /dev/tty} is the terminal of who opens it. */
    protected boolean hasDevTty() {
        return true;
    }

    private String out(int exec) {
        return listener.of(exec).text(StdStream.STDOUT);
    }

    private void awaitOut(int exec, String wanted) {
        RecordingListener.await(() -> out(exec).contains(wanted), () -> "'" + wanted + "' in '" + out(exec) + "'");
    }

    private void terminal(int exec, String... argv) throws Exception {
        sent = 0;
        link().spawn(exec, SpawnRequest.of(PATH, argv).onTerminal(SIZE));
        RecordingListener.await(() -> listener.of(exec).inputLimit() > 0, () -> "credit");
    }

    private void type(int exec, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(link().writeInput(exec, sent, ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
        sent += bytes.length;
    }

    private int signal(int exec, int signo, SignalScope scope) throws Exception {
        return link().signal(exec, signo, scope).get(10, TimeUnit.SECONDS);
    }

    @Test
    void isTheControllingTerminalOfItsSession() throws Exception {
        terminal(
                1,
                "sh",
                "-c",
                "for fd in 0 1 2; do test -t $fd && echo $fd; done; "
                        + (hasDevTty() ? "echo tty >/dev/tty;" : "echo tty;") + " echo err >&2; exit 4");
        assertThat(listener.awaitEnd(1).text(StdStream.STDOUT)).isEqualTo("0\r\n1\r\n2\r\ntty\r\nerr\r\n");
        assertThat(listener.of(1).exit()).extracting(ExitReport::status).isEqualTo(new ExitStatus.Exited(4));
        assertThat(listener.of(1).closed(StdStream.STDERR)).isTrue();
        assertThat(listener.of(1).length(StdStream.STDERR)).isZero();
    }

    @Test
    void hasTheSizeItWasGivenAndHearsOfAnother() throws Exception {
        terminal(1, "sh", "-c", "trap 'stty size' WINCH; stty size; echo up; while :; do sleep 0.05; done");
        awaitOut(1, "24 80\r\nup\r\n");
        assertThat(link().resize(1, new TerminalSize(50, 132)).get(10, TimeUnit.SECONDS))
                .isZero();
        awaitOut(1, "50 132\r\n");
        assertThat(signal(1, 9, SignalScope.TREE)).isZero();
        listener.awaitEnd(1);
        link().spawn(2, SpawnRequest.of(PATH, "sleep", "1000"));
        assertThat(link().resize(2, SIZE).get(10, TimeUnit.SECONDS)).isEqualTo(25);
        assertThat(signal(2, 9, SignalScope.PROCESS)).isZero();
        listener.awaitEnd(2);
        link().acknowledgeExit(2);
        assertThat(link().resize(2, SIZE).get(10, TimeUnit.SECONDS)).isEqualTo(3);
    }

    @Test
    void controlCEndsTheForegroundProgramAndNotTheShell() throws Exception {
        terminal(1, "sh", "-i");
        // It is in the foreground when it can say so.
        type(1, "sh -c 'echo a$((1+1))b; exec sleep 1000'\n");
        awaitOut(1, "a2b");
        type(1, "\u0003");
        type(1, "echo c$((2*3))d\n");
        awaitOut(1, "c6d");
        type(1, "exit 5\n");
        assertThat(listener.awaitEnd(1).exit()).extracting(ExitReport::status).isEqualTo(new ExitStatus.Exited(5));
    }

    @Test
    void closingTheInputIsTypingItsEnd() throws Exception {
        terminal(1, "sh", "-c", "stty -echo; echo up; cat; echo over");
        awaitOut(1, "up\r\n");
        type(1, "line\nhalf");
        link().closeInput(1, sent);
        assertThat(listener.awaitEnd(1).text(StdStream.STDOUT)).isEqualTo("up\r\nline\r\nhalfover\r\n");
        assertThat(listener.of(1).inputClosed()).isTrue();
    }

    @Test
    void losesNothingOfALongOutput() throws Exception {
        terminal(1, "sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo $i; done");
        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 20_000; i++) {
            expected.append(i).append("\r\n");
        }
        String text = listener.awaitEnd(1).text(StdStream.STDOUT);
        assertThat(text.contentEquals(expected)).as("%d bytes", text.length()).isTrue();
    }

    @Test
    void whatIsLeftBehindHoldsUpNobody() throws Exception {
        terminal(1, "sh", "-c", "trap '' HUP; (sleep 1000 &) ; echo done");
        assertThat(listener.awaitEnd(1).text(StdStream.STDOUT)).isEqualTo("done\r\n");
    }
}
