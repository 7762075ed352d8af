/** The routes of code contexts. */
@NullMarked
package dev.atoll.api.context;

import org.jspecify.annotations.NullMarked;
