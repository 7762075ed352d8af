package dev.atoll.isolation.runsc;

import dev.atoll.isolation.guest.GuestLink;
import dev.atoll.isolation.guest.TerminalContract;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class FloorTerminalIT extends TerminalContract {
    private BoxesUnderTest boxes;
    private GuestLink link;

    @BeforeEach
    void start() throws Exception {
        boxes = new BoxesUnderTest(RunscUnderTest.floor(), "atoll-test-terminals-floor");
        link = boxes.attach(boxes.started(), listener);
    }

    @AfterEach
    void stop() throws Exception {
        boxes.close();
    }

    /** There it cannot be opened. */
    @Override
    protected boolean hasDevTty() {
        return false;
    }

    @Override
    protected GuestLink link() {
        return link;
    }
}
