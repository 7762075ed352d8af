package dev.atoll.isolation.guest;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Terminals of this machine. Needs root. */
class NativeTerminalTest extends TerminalContract {
    @TempDir
    private Path directory;

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

    @Override
    protected GuestLink link() {
        return link;
    }
}
