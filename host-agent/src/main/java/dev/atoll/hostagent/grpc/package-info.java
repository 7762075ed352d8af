/** The host's gRPC service: translation and flow control, no decisions. */
@NullMarked
package dev.atoll.hostagent.grpc;

import org.jspecify.annotations.NullMarked;
