/** What the platform is compared with: runsc and docker by their command lines, on the same files. */
@NullMarked
package dev.atoll.bench.peer;

import org.jspecify.annotations.NullMarked;
