package dev.atoll.isolation.guest;

import java.util.List;
import java.util.UUID;

/**
 * What a guest says of itself at an attach.
 *
 * @param version protocol version spoken from now on
 * @param bootId drawn when the guest started; clones restored from one checkpoint share it
 * @param outputWindow unacknowledged bytes the guest holds per stream before it stops reading from the process
 * @param inputWindow bytes of stdin the guest holds per exec
 * @param execs every exec that was not released, in no order
 */
public record GuestHello(int version, UUID bootId, int outputWindow, int inputWindow, List<GuestExec> execs) {
    public GuestHello {
        execs = List.copyOf(execs);
    }
}
