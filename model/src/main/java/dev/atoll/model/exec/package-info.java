/** A command run in a sandbox: what was asked, what became of it, and where its output stands. */
@NullMarked
package dev.atoll.model.exec;

import org.jspecify.annotations.NullMarked;
