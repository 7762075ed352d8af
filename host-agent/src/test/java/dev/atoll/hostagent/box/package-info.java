/** Tests. */
@NullMarked
package dev.atoll.hostagent.box;

import org.jspecify.annotations.NullMarked;
