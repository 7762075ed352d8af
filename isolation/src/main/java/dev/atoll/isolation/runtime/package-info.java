/**
 * The contract of a sandbox runtime: boot a box, start its PID 1, watch it end, leave nothing behind.
 *
 * <p>{@link dev.atoll.isolation.runtime.SandboxRuntime} is the only type the host agent calls; what runs below it
 * (runsc, its version, its platform) is described by {@link dev.atoll.isolation.runtime.RuntimeDescription}.
 */
@NullMarked
package dev.atoll.isolation.runtime;

import org.jspecify.annotations.NullMarked;
