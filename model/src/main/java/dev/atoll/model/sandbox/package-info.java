/** What a sandbox is, the states of its life and the pure decision between them. */
@NullMarked
package dev.atoll.model.sandbox;

import org.jspecify.annotations.NullMarked;
