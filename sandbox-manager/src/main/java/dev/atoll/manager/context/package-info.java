/** Use cases on code contexts: kernels in sandboxes, and what comes of the code they are given. */
@NullMarked
package dev.atoll.manager.context;

import org.jspecify.annotations.NullMarked;
