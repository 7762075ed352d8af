/** Sandboxes over HTTP. */
@NullMarked
package dev.atoll.api.sandbox;

import org.jspecify.annotations.NullMarked;
