/** What this host has made or is about to make, on disk, so that a next life finds it. */
@NullMarked
package dev.atoll.hostagent.journal;

import org.jspecify.annotations.NullMarked;
