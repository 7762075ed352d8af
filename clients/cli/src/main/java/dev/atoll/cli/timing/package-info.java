/** Time, as everything in the client sees it: read and waited for in one place. */
@NullMarked
package dev.atoll.cli.timing;

import org.jspecify.annotations.NullMarked;
