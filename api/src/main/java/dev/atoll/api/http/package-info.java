/** The HTTP server: routes, the way of a request, its limits, and how an answer is written. */
@NullMarked
package dev.atoll.api.http;

import org.jspecify.annotations.NullMarked;
