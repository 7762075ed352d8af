package dev.atoll.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.bench.chaos.Violation.Promise;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the platform could do wrong, one at a time, and whether it is seen. */
class CheckerTest {
    private static final Pattern STDOUT = new Pattern(1_000_000_000L, 100);
    private static final Pattern STDERR = new Pattern(2_000_000_000L, 10);
    private static final byte[] OUT = STDOUT.slice(0, (int) STDOUT.bytes());
    private static final byte[] ERR = STDERR.slice(0, (int) STDERR.bytes());

    private final History history = new History();
    private final ScriptedWorld world = new ScriptedWorld();
    private final Checker checker = new Checker(history, world);

    /** One sandbox in which one command printed and exited with 7, and all is well. */
    @BeforeEach
    void aRunThatWentWell() {
        history.creating("w0-0", true);
        history.created("w0-0", "sbx_a");
        history.running("w0-0");
        history.starting("w0-1", "w0-0", Program.print(STDOUT, STDERR, 7));
        history.started("w0-1", "ex_a");
        world.sandbox("sbx_a", "w0-0", "running", "").process("sbx_a", "w0-1");
        world.exec("ex_a", "exited", 7, "", OUT, ERR);
    }

    private List<Promise> broken() throws Exception {
        return checker.check().stream().map(Violation::promise).toList();
    }

    private String evidence() throws Exception {
        return checker.check().getFirst().evidence();
    }

    @Test
    void nothingIsFoundWhereNothingIsWrong() throws Exception {
        assertThat(checker.check()).isEmpty();
        assertThat(checker.bytesCompared()).isEqualTo(OUT.length + ERR.length);
        assertThat(checker.check()).isEmpty();
        assertThat(checker.bytesCompared()).as("known output is not read again").isEqualTo(OUT.length + ERR.length);
        checker.readAgain();
        assertThat(checker.check()).isEmpty();
        assertThat(checker.bytesCompared()).isEqualTo(2L * (OUT.length + ERR.length));
    }

    @Test
    void aLostByteIsSeen() throws Exception {
        world.exec("ex_a", "exited", 7, "", ScriptedWorld.without(OUT, 500, 1), ERR);
        assertThat(broken()).containsExactly(Promise.BYTES_LOST);
        assertThat(evidence()).contains("1 bytes of STDOUT are missing at byte 502");
    }

    @Test
    void aLostLineIsSeen() throws Exception {
        world.exec("ex_a", "exited", 7, "", ScriptedWorld.without(OUT, 33, 22), ERR);
        assertThat(evidence()).contains("22 bytes of STDOUT are missing at byte 4");
    }

    @Test
    void theLastByteIsMissed() throws Exception {
        world.exec("ex_a", "exited", 7, "", OUT, ScriptedWorld.without(ERR, ERR.length - 1, 1));
        assertThat(broken()).containsExactly(Promise.BYTES_LOST);
        assertThat(evidence()).contains("STDERR ends at byte 109");
    }

    @Test
    void aDoubledByteIsSeen() throws Exception {
        world.exec("ex_a", "exited", 7, "", ScriptedWorld.twice(OUT, 502, 1), ERR);
        assertThat(broken()).containsExactly(Promise.BYTES_DOUBLED);
        assertThat(evidence()).contains("1 bytes of STDOUT come again");
    }

    @Test
    void aDoubledPieceIsSeen() throws Exception {
        world.exec("ex_a", "exited", 7, "", ScriptedWorld.twice(OUT, 300, 100), ERR);
        assertThat(broken()).containsExactly(Promise.BYTES_DOUBLED);
        assertThat(evidence()).contains("100 bytes of STDOUT come again at byte 40");
    }

    @Test
    void doubledOutputAtTheEndIsSeen() throws Exception {
        world.exec("ex_a", "exited", 7, "", ScriptedWorld.twice(OUT, OUT.length - 11, 11), ERR);
        assertThat(broken()).containsExactly(Promise.BYTES_DOUBLED);
    }

    @Test
    void outputOfAnotherIsSeen() throws Exception {
        world.exec("ex_a", "exited", 7, "", new Pattern(3_000_000_000L, 100).slice(0, 1100), ERR);
        assertThat(broken()).containsExactly(Promise.BYTES_FOREIGN);
        assertThat(evidence()).contains("3000000000");
    }

    @Test
    void aByteThatWasReadBeforeAndIsChangedLaterIsSeenAtTheEnd() throws Exception {
        assertThat(broken()).isEmpty();
        byte[] changed = OUT.clone();
        changed[44] = 'x';
        world.exec("ex_a", "exited", 7, "", changed, ERR);
        assertThat(broken()).isEmpty();
        checker.readAgain();
        assertThat(broken()).containsExactly(Promise.BYTES_FOREIGN);
    }

    @Test
    void aSecondProcessIsSeen() throws Exception {
        world.process("sbx_a", "w0-1");
        assertThat(broken()).containsExactly(Promise.PROCESS_DOUBLED);
    }

    @Test
    void aSecondProcessOfAnExecWithoutAnAnswerIsSeen() throws Exception {
        history.starting("w0-2", "w0-0", Program.print(STDOUT, STDERR, 0));
        assertThat(broken()).isEmpty();
        world.process("sbx_a", "w0-2");
        assertThat(broken()).isEmpty();
        world.process("sbx_a", "w0-2");
        assertThat(broken()).containsExactly(Promise.PROCESS_DOUBLED);
    }

    @Test
    void anEndWithoutAProcessIsSeen() throws Exception {
        history.starting("w0-2", "w0-0", Program.print(STDOUT, Pattern.none(), 0));
        history.started("w0-2", "ex_b");
        world.exec("ex_b", "exited", 0, "", OUT, new byte[0]);
        assertThat(broken()).containsExactly(Promise.PROCESS_MISSING);
    }

    @Test
    void anExecThatIsUnknownIsSeen() throws Exception {
        history.starting("w0-2", "w0-0", Program.print(STDOUT, STDERR, 0));
        history.started("w0-2", "ex_b");
        world.process("sbx_a", "w0-2");
        assertThat(broken()).containsExactly(Promise.EXEC_MISSING);
    }

    @Test
    void aWrongEndIsSeen() throws Exception {
        world.exec("ex_a", "exited", 0, "", OUT, ERR);
        assertThat(broken()).containsExactly(Promise.END_WRONG);
        world.exec("ex_a", "host_lost", -1, "", OUT, ERR);
        assertThat(broken()).containsExactly(Promise.END_WRONG);
        world.exec("ex_a", "signaled", -1, "SIGKILL", OUT, ERR);
        assertThat(broken()).containsExactly(Promise.END_WRONG);
    }

    @Test
    void anExecThatNeverEndsIsSeen() throws Exception {
        world.exec("ex_a", "", -1, "", OUT, ERR);
        assertThat(broken()).containsExactly(Promise.END_WRONG);
    }

    @Test
    void aTimeoutHasToBeOne() throws Exception {
        history.starting("w0-2", "w0-0", Program.stay(STDOUT, Optional.of("300ms")));
        history.started("w0-2", "ex_b");
        world.exec("ex_b", "timeout", -1, "", new byte[0], new byte[0]);
        assertThat(broken()).as("it may have been ended before its first line").isEmpty();
        world.exec("ex_b", "signaled", -1, "SIGKILL", new byte[0], new byte[0]);
        checker.readAgain();
        assertThat(broken()).containsExactly(Promise.END_WRONG);
    }

    @Test
    void aSignalThatWasSentMayHaveArrivedAndOneThatWasAcknowledgedHas() throws Exception {
        history.starting("w0-2", "w0-0", Program.count(STDOUT));
        history.started("w0-2", "ex_b");
        world.process("sbx_a", "w0-2").exec("ex_b", "", -1, "", ScriptedWorld.without(OUT, 50, 1050), new byte[0]);
        assertThat(broken()).as("running, and printing").isEmpty();
        history.mayEnd("w0-2", Set.of(new End.Running(), new End.Signal("SIGTERM")));
        assertThat(broken()).isEmpty();
        history.mayEnd("w0-2", Set.of(new End.Signal("SIGTERM")));
        assertThat(broken()).containsExactly(Promise.END_WRONG);
        world.exec("ex_b", "signaled", -1, "SIGTERM", ScriptedWorld.without(OUT, 50, 1050), new byte[0]);
        assertThat(broken()).isEmpty();
    }

    @Test
    void aCommandThatDoesNotGoOnIsSeen() throws Exception {
        history.starting("w0-2", "w0-0", Program.count(STDOUT));
        history.started("w0-2", "ex_b");
        world.process("sbx_a", "w0-2").exec("ex_b", "", -1, "", ScriptedWorld.without(OUT, 50, 1050), new byte[0]);
        world.stall();
        assertThat(broken()).containsExactly(Promise.EXEC_STALLED);
    }

    @Test
    void aCreateThatIsUnknownIsSeen() throws Exception {
        world.removeSandboxes();
        assertThat(broken()).containsExactly(Promise.CREATE_MISSING);
    }

    @Test
    void aCreateWithoutAnAnswerMayBeThereOrNot() throws Exception {
        history.creating("w0-3", false);
        assertThat(broken()).isEmpty();
        world.sandbox("sbx_b", "w0-3", "running", "");
        assertThat(broken()).isEmpty();
    }

    @Test
    void twoSandboxesOfOneRequestAreSeen() throws Exception {
        world.sandbox("sbx_b", "w0-0", "running", "");
        assertThat(broken()).containsExactly(Promise.CREATE_DOUBLED);
    }

    @Test
    void aSandboxThatRanAndDoesNotIsSeen() throws Exception {
        world.removeSandboxes();
        world.sandbox("sbx_a", "w0-0", "stopped", "host_lost");
        assertThat(broken()).containsExactly(Promise.SANDBOX_LOST);
    }

    @Test
    void oneThatNeverRanMayHaveFailedWithAReasonOnly() throws Exception {
        history.creating("w0-3", true);
        history.created("w0-3", "sbx_b");
        world.sandbox("sbx_b", "w0-3", "failed", "failed");
        assertThat(broken()).isEmpty();
        history.creating("w0-4", true);
        history.created("w0-4", "sbx_c");
        world.sandbox("sbx_c", "w0-4", "failed", "");
        assertThat(broken()).containsExactly(Promise.CREATE_MISSING);
    }

    @Test
    void aDeletedSandboxHasToBeGone() throws Exception {
        history.deleting("w0-0");
        assertThat(broken()).as("the deletion is not acknowledged").isEmpty();
        history.deleted("w0-0");
        assertThat(broken()).containsExactly(Promise.DELETE_UNDONE);
        world.removeSandboxes();
        world.sandbox("sbx_a", "w0-0", "stopped", "canceled");
        assertThat(broken()).isEmpty();
    }

    @Test
    void whatAClientSawIsNotForgotten() throws Exception {
        history.violated(new Violation(Promise.HUNG, "w0", "no answer"));
        assertThat(broken()).containsExactly(Promise.HUNG);
        assertThat(checker.check().getFirst().text()).isEqualTo("hung: w0: no answer");
    }
}
