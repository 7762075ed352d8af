package dev.atoll.api.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.manager.key.Caller;
import dev.atoll.model.id.ExecId;
import dev.atoll.model.id.Ids;
import dev.atoll.model.id.SandboxId;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tickets and origins: what a browser may do with them, and what not. */
class AttachTicketsTest {
    private final Ids ids = new Ids(new Random(1));
    private final SettableClock clock = new SettableClock();
    private final AttachTickets tickets = new AttachTickets(new Random(2), clock);
    private final Caller caller = new Caller(ids.workspace(), ids.key());
    private final SandboxId sandbox = ids.sandbox();
    private final ExecId exec = ids.exec();

    private String issue() {
        return tickets.issue(caller, sandbox, exec, Optional.empty()).ticket();
    }

    @Test
    void worksOnce() {
        String ticket = issue();
        assertThat(ticket).matches("att_[A-Za-z0-9_-]{43}");
        assertThat(tickets.redeem(ticket, sandbox, exec).caller()).isEqualTo(caller);
        refused(ProblemCode.UNAUTHENTICATED, () -> tickets.redeem(ticket, sandbox, exec));
    }

    @Test
    void worksForItsExecOnlyAndIsSpentByATry() {
        String ticket = issue();
        refused(ProblemCode.UNAUTHENTICATED, () -> tickets.redeem(ticket, sandbox, ids.exec()));
        refused(ProblemCode.UNAUTHENTICATED, () -> tickets.redeem(ticket, sandbox, exec));
        refused(ProblemCode.UNAUTHENTICATED, () -> tickets.redeem("att_nonsense", sandbox, exec));
    }

    @Test
    void endsAfterAMinute() {
        String ticket = issue();
        clock.now = clock.now.plus(AttachTickets.VALID_FOR).plusMillis(1);
        refused(ProblemCode.UNAUTHENTICATED, () -> tickets.redeem(ticket, sandbox, exec));
    }

    @Test
    void thereIsAMostAndExpiredOnesGiveWay() {
        for (int i = 0; i < AttachTickets.MOST; i++) {
            issue();
        }
        refused(ProblemCode.CAPACITY, this::issue);
        clock.now = clock.now.plus(AttachTickets.VALID_FOR).plusMillis(1);
        assertThat(issue()).isNotEmpty();
    }

    @Test
    void onlyTheOwnPageOrTheNamedOneMayAttach() {
        Optional<String> host = Optional.of("box.example.org:7070");
        allowed(Optional.empty(), host, Optional.empty());
        allowed(Optional.of("https://BOX.example.org:7070"), host, Optional.empty());
        allowed(Optional.of("https://console.example.org"), host, Optional.of("https://console.example.org"));
        for (String evil : new String[] {
            "https://evil.example.org",
            "https://box.example.org",
            "https://box.example.org:7070.evil.org",
            "null",
            "file://",
            ""
        }) {
            refused(
                    ProblemCode.ORIGIN_REFUSED,
                    () -> Origins.require(Optional.of(evil), host, Optional.of("https://console.example.org")));
        }
        refused(ProblemCode.INVALID_REQUEST, () -> Origins.read("https://a.org/path"));
        refused(ProblemCode.INVALID_REQUEST, () -> Origins.read("*"));
        assertThat(Origins.read("https://A.org")).isEqualTo("https://a.org");
    }

    private static void allowed(Optional<String> origin, Optional<String> host, Optional<String> granted) {
        assertThatCode(() -> Origins.require(origin, host, granted)).doesNotThrowAnyException();
    }

    private static void refused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    private static final class SettableClock extends Clock {
        Instant now = Instant.parse("2026-11-22T10:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
