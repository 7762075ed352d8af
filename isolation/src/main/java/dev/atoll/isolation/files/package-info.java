/** Speaks with the file service that runs in a box ({@code atoll-init --files}): its requests, its answers, its failures as problems. */
@NullMarked
package dev.atoll.isolation.files;

import org.jspecify.annotations.NullMarked;
