/**
 * gVisor's runsc as a {@link dev.atoll.isolation.runtime.SandboxRuntime}.
 *
 * <p>{@code runsc create} boots a box; from then on we speak to the box's control socket ourselves and watch its
 * process ourselves. Other runsc commands run only where a build does not know a method of the socket.
 */
@NullMarked
package dev.atoll.isolation.runsc;

import org.jspecify.annotations.NullMarked;
