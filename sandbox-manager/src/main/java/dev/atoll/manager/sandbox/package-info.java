/** Use cases on sandboxes: create, get, wait, list, stop. */
@NullMarked
package dev.atoll.manager.sandbox;

import org.jspecify.annotations.NullMarked;
