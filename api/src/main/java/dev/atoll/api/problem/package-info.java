/** How a problem is told over HTTP: its status and its document. */
@NullMarked
package dev.atoll.api.problem;

import org.jspecify.annotations.NullMarked;
