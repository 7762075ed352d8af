/** Files in sandboxes: the use cases, and what is made of several operations. */
@NullMarked
package dev.atoll.manager.file;

import org.jspecify.annotations.NullMarked;
