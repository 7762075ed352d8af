/** What operators and clients ask of the platform itself: health, readiness, metrics, capabilities, the contract. */
@NullMarked
package dev.atoll.api.operations;

import org.jspecify.annotations.NullMarked;
