/** Directories of this host that belong to the agent alone. */
@NullMarked
package dev.atoll.hostagent.place;

import org.jspecify.annotations.NullMarked;
