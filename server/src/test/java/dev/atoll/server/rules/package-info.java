/** The rules of the house: who may use whom, what code looks like, what the launcher and its scripts must do. */
@NullMarked
package dev.atoll.server.rules;

import org.jspecify.annotations.NullMarked;
