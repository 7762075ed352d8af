/** Tests. */
@NullMarked
package dev.atoll.hostagent.pool;

import org.jspecify.annotations.NullMarked;
