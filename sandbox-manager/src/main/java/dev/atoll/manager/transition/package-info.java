/** The one way in which a sandbox changes: load, decide, commit, announce. */
@NullMarked
package dev.atoll.manager.transition;

import org.jspecify.annotations.NullMarked;
