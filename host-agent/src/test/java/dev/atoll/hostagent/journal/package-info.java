/** Tests. */
@NullMarked
package dev.atoll.hostagent.journal;

import org.jspecify.annotations.NullMarked;
