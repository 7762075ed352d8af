/** How long sandboxes live and what they use, over HTTP. */
@NullMarked
package dev.atoll.api.life;

import org.jspecify.annotations.NullMarked;
