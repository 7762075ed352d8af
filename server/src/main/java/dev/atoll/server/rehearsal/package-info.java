/** A run of the whole platform with every kind of call once or often, from which the JVM learns what to keep in its AOT cache. */
@NullMarked
package dev.atoll.server.rehearsal;

import org.jspecify.annotations.NullMarked;
