/** Use cases on shell sessions. */
@NullMarked
package dev.atoll.manager.session;

import org.jspecify.annotations.NullMarked;
