/** Commands over HTTP: starting them, their input, and their output as pages and streams. */
@NullMarked
package dev.atoll.api.exec;

import org.jspecify.annotations.NullMarked;
