/** What a sandbox is like, in words for a prompt. */
@NullMarked
package dev.atoll.manager.describe;

import org.jspecify.annotations.NullMarked;
