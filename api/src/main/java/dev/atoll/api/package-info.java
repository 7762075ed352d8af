/** The REST API as a whole. */
@NullMarked
package dev.atoll.api;

import org.jspecify.annotations.NullMarked;
