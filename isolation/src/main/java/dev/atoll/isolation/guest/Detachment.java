package dev.atoll.isolation.guest;

import java.io.IOException;

/** Why a link ended. */
public sealed interface Detachment {
    /** This side closed it. */
    record Closed() implements Detachment {}

    /** The guest said goodbye after a shutdown: every process in the sandbox has ended. */
    record ShutDown() implements Detachment {}

    record TransportFailed(IOException cause) implements Detachment {}

    /** The listener threw: what it was told may not have been recorded, so nothing more is told. */
    record ListenerFailed(RuntimeException cause) implements Detachment {}

    record ProtocolViolated(GuestProtocolException cause) implements Detachment {}
}
