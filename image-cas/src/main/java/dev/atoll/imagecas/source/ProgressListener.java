package dev.atoll.imagecas.source;

/** Hears how far a long job is. Called from any thread, often; must return at once. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = progress -> {};

    void report(Progress progress);
}
