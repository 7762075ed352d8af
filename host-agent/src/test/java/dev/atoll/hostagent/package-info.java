/** Tests of the host agent as a whole, and what they share. */
@NullMarked
package dev.atoll.hostagent;

import org.jspecify.annotations.NullMarked;
