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

    /** What those are told who still want something of the guest. */
    default IOException asException() {
        return switch (this) {
            case TransportFailed(IOException cause) -> new IOException("the transport to the guest failed", cause);
            case ProtocolViolated(GuestProtocolException cause) ->
                new IOException("the guest broke the protocol", cause);
            case ListenerFailed(RuntimeException cause) -> new IOException("the guest's listener failed", cause);
            case ShutDown() -> new IOException("the guest has shut down");
            case Closed() -> new IOException("the link to the guest is closed");
        };
    }
}
