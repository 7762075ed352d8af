package dev.atoll.isolation.runtime;

import java.util.Locale;

/** How a sentry intercepts the system calls of a box. */
public enum RuntimePlatform {
    /** Seccomp traps and shared memory; works in virtual machines; the default. */
    SYSTRAP,
    /** Hardware virtualisation; for bare metal only. */
    KVM,
    /** ptrace; slow per call, cheap per process start. */
    PTRACE;

    /** The word that runsc and the settings use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
