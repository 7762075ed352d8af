/** The output of execs as bounded logs on disk, addressed by offset: the only way in which output is read. */
@NullMarked
package dev.atoll.hostagent.output;

import org.jspecify.annotations.NullMarked;
