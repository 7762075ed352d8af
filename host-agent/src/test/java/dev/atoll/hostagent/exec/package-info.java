/** Tests. */
@NullMarked
package dev.atoll.hostagent.exec;

import org.jspecify.annotations.NullMarked;
