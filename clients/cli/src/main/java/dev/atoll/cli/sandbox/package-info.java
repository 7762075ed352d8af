/** Sandboxes: create, list, remove, and finding one by its id or name. */
@NullMarked
package dev.atoll.cli.sandbox;

import org.jspecify.annotations.NullMarked;
