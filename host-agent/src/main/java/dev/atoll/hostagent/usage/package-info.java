/** What sandboxes use of this host, over time. */
@NullMarked
package dev.atoll.hostagent.usage;

import org.jspecify.annotations.NullMarked;
