/** Sandboxes on this host, each with one owner, from their making to their removal. */
@NullMarked
package dev.atoll.hostagent.sandbox;

import org.jspecify.annotations.NullMarked;
