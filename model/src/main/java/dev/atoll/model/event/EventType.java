package dev.atoll.model.event;

import dev.atoll.model.sandbox.SandboxState;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What can happen to a sandbox. The words are API: they are added, never renamed. */
public enum EventType {
    /** It was accepted, and no host has been chosen. */
    SANDBOX_REQUESTED("sandbox.requested"),
    /** It is being made. */
    SANDBOX_PREPARING("sandbox.preparing"),
    /** Commands can be run in it. */
    SANDBOX_RUNNING("sandbox.running"),
    /** It is being taken down; {@code reason}. */
    SANDBOX_STOPPING("sandbox.stopping"),
    /** It has ended; {@code reason}. */
    SANDBOX_STOPPED("sandbox.stopped"),
    /** It could not be started; {@code reason}. */
    SANDBOX_FAILED("sandbox.failed"),
    /** It will end with the reason {@code timeout}, at {@code at}. */
    SANDBOX_EXPIRING("sandbox.expiring"),
    /** It will end with the reason {@code idle}, at {@code at}, if nothing uses it until then. */
    SANDBOX_IDLING("sandbox.idling"),
    /** It may live longer, until {@code until}. */
    SANDBOX_EXTENDED("sandbox.extended"),
    /** The hold {@code name} keeps it from being idle, until {@code until}. */
    HOLD_SET("hold.set"),
    /** The hold {@code name} was given up. */
    HOLD_RELEASED("hold.released"),
    /** The process of {@code exec_id} runs. */
    EXEC_STARTED("exec.started"),
    /** {@code exec_id} has ended; {@code reason}, {@code exit_code} or {@code signal}. */
    EXEC_ENDED("exec.ended"),
    /** Here were {@code count} events that are not kept any longer. */
    EVENTS_LET_GO("events.let_go");

    private static final Map<String, EventType> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::word, Function.identity()));

    private final String word;

    EventType(String word) {
        this.word = word;
    }

    /** The word on the wire, for instance {@code exec.ended}. */
    public String word() {
        return word;
    }

    /** The type of a word; empty for one of a newer version. */
    public static Optional<EventType> ofWord(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** That a sandbox came into a state. */
    public static EventType of(SandboxState state) {
        return switch (state) {
            case REQUESTED -> SANDBOX_REQUESTED;
            case PREPARING -> SANDBOX_PREPARING;
            case RUNNING -> SANDBOX_RUNNING;
            case STOPPING -> SANDBOX_STOPPING;
            case STOPPED -> SANDBOX_STOPPED;
            case FAILED -> SANDBOX_FAILED;
        };
    }
}
