/** The command line client. It knows the REST contract and nothing else of Atoll, and starts in well under a tenth of a second. */
@NullMarked
package dev.atoll.cli;

import org.jspecify.annotations.NullMarked;
