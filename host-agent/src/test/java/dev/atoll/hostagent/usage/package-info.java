/** Tests. */
@NullMarked
package dev.atoll.hostagent.usage;

import org.jspecify.annotations.NullMarked;
