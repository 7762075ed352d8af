/** Calls of services in the same process. */
@NullMarked
package dev.atoll.protocol.direct;

import org.jspecify.annotations.NullMarked;
