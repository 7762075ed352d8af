package dev.atoll.isolation.guest;

/** Tells for each exec that a guest reports at an attach where its output goes on. */
@FunctionalInterface
public interface ResumePolicy {
    /**
     * Must not block. The point must lie within what the guest still holds, {@link GuestExec.Output#oldest()} to {@link
     * GuestExec.Output#end()}.
     */
    ResumePoint resume(GuestExec exec);

    /** Everything the guest still holds: for a guest without execs, or a host that keeps no record. */
    static ResumePolicy oldest() {
        return exec -> new ResumePoint(exec.stdout().oldest(), exec.stderr().oldest());
    }
}
