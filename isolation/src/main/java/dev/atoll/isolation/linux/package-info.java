/**
 * The few Linux calls that the JDK does not offer, through the Foreign Function API: FIFOs, sockets that carry
 * descriptors, epoll, pidfds, waiting for one known process.
 *
 * <p>Descriptors are non-blocking; whoever has to wait parks on the {@link dev.atoll.isolation.linux.Poller}, so a
 * virtual thread never pins its carrier for longer than a call that returns at once.
 */
@NullMarked
package dev.atoll.isolation.linux;

import org.jspecify.annotations.NullMarked;
