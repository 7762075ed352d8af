/** The routes of shell sessions. */
@NullMarked
package dev.atoll.api.session;

import org.jspecify.annotations.NullMarked;
