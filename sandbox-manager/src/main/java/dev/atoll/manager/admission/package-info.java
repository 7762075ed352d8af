/** Creates that wait for room: in order, bounded in number and time. */
@NullMarked
package dev.atoll.manager.admission;

import org.jspecify.annotations.NullMarked;
