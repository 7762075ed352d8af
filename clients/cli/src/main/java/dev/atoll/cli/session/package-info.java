/** Shell sessions: commands that see what the ones before have left. */
@NullMarked
package dev.atoll.cli.session;

import org.jspecify.annotations.NullMarked;
