/** Actions at a time, so that tests can turn the clock. */
@NullMarked
package dev.atoll.manager.timer;

import org.jspecify.annotations.NullMarked;
