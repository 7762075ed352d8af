/** What to do next, for those who cannot ask a colleague. */
@NullMarked
package dev.atoll.manager.advice;

import org.jspecify.annotations.NullMarked;
