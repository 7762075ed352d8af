package dev.atoll.model.exec;

/** Where an exec stands. */
public enum ExecState {
    RUNNING,
    ENDED
}
