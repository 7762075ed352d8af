/** The REST API over HTTP: one request at a time, retried where that is safe, and the binary stream of output frames. */
@NullMarked
package dev.atoll.cli.http;

import org.jspecify.annotations.NullMarked;
