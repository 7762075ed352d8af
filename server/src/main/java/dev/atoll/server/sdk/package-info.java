/** The gRPC face for SDKs: messages into calls of the use cases and answers into messages, and nothing more. */
@NullMarked
package dev.atoll.server.sdk;

import org.jspecify.annotations.NullMarked;
