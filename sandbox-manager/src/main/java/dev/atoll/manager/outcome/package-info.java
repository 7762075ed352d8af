/** What calls came to, counted. */
@NullMarked
package dev.atoll.manager.outcome;

import org.jspecify.annotations.NullMarked;
