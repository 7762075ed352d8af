package dev.atoll.imagecas.source;

/** Hears how far a long job is. Called on the thread that does the job, a few times a second at most; must return at once. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = progress -> {};

    void report(Progress progress);
}
