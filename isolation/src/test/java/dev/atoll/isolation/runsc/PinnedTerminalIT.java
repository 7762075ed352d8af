package dev.atoll.isolation.runsc;

import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.TerminalContract;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PinnedTerminalIT extends TerminalContract {
    private BoxesUnderTest boxes;
    private GuestLink link;

    @BeforeEach
    void start() throws Exception {
        boxes = new BoxesUnderTest(RunscUnderTest.pinned(), "atoll-test-terminals-pinned");
        link = boxes.attach(boxes.started(), listener);
    }

    @AfterEach
    void stop() throws Exception {
        boxes.close();
    }

    @Override
    protected GuestLink link() {
        return link;
    }
}
