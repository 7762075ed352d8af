/** Output as a reader with little room wants it: its beginning and its end, as text, while the whole stays where it is. */
@NullMarked
package dev.atoll.manager.view;

import org.jspecify.annotations.NullMarked;
