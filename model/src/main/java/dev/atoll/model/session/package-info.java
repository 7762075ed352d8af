/** A shell whose commands see what the ones before have left. */
@NullMarked
package dev.atoll.model.session;

import org.jspecify.annotations.NullMarked;
