/** Code contexts: interpreters that keep their state between the pieces of code that they are given. */
@NullMarked
package dev.atoll.cli.code;

import org.jspecify.annotations.NullMarked;
