package dev.atoll.manager.sandbox;

import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxState;

/** What a caller waits for. Every wait also ends when it cannot come true any more. */
public enum Until {
    /** Commands can be run in it, or never will be again. */
    RUNNING,
    /** It has ended. */
    STOPPED;

    boolean isMetBy(Sandbox sandbox) {
        return switch (this) {
            case RUNNING -> sandbox.state() != SandboxState.REQUESTED && sandbox.state() != SandboxState.PREPARING;
            case STOPPED -> sandbox.state().isTerminal();
        };
    }
}
