package dev.atoll.hostagent.box;

import dev.atoll.isolation.guest.GuestTransport;
import java.io.IOException;
import java.nio.file.Path;

/** How the host gets to the guest of a box: the FIFOs on a real host, a scripted guest in tests. */
@FunctionalInterface
public interface GuestTransports {
    /** Both FIFOs exist; opening them does not wait for the guest. */
    GuestTransport open(Path toGuest, Path fromGuest) throws IOException;
}
