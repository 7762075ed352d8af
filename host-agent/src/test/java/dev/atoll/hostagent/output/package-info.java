/** Tests. */
@NullMarked
package dev.atoll.hostagent.output;

import org.jspecify.annotations.NullMarked;
