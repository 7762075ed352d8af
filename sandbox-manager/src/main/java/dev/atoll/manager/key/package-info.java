/** API keys: who calls, proven by a secret of which only a hash is kept. */
@NullMarked
package dev.atoll.manager.key;

import org.jspecify.annotations.NullMarked;
