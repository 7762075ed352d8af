/** Carries out committed effects on hosts, at least once, in order, and reports what came of them. */
@NullMarked
package dev.atoll.manager.outbox;

import org.jspecify.annotations.NullMarked;
