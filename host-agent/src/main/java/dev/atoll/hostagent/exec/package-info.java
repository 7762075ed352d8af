/** The execs of one sandbox: their processes, records, input and ends. */
@NullMarked
package dev.atoll.hostagent.exec;

import org.jspecify.annotations.NullMarked;
