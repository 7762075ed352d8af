/** What sandboxes that have ended said: records and output of their execs, kept for a while within bounds. */
@NullMarked
package dev.atoll.hostagent.retained;

import org.jspecify.annotations.NullMarked;
