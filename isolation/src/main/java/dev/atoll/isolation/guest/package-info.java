/**
 * The host's side of {@code atoll-init}, the PID 1 of every sandbox: the frames of the guest protocol, their codec, and the link that
 * spawns, feeds, signals and follows processes over two FIFOs. The protocol is described in {@code docs/guest-protocol.md}.
 */
@NullMarked
package dev.atoll.isolation.guest;

import org.jspecify.annotations.NullMarked;
