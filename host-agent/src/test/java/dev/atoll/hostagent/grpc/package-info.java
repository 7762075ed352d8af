/** Tests. */
@NullMarked
package dev.atoll.hostagent.grpc;

import org.jspecify.annotations.NullMarked;
