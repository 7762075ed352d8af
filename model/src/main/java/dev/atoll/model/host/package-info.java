/** What a host can do and carry. */
@NullMarked
package dev.atoll.model.host;

import org.jspecify.annotations.NullMarked;
