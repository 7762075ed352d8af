/** An interpreter that keeps its state between the pieces of code that it is given. */
@NullMarked
package dev.atoll.model.context;

import org.jspecify.annotations.NullMarked;
