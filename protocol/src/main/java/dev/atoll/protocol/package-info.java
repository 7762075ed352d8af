/** The only place where processes meet: messages between control plane and hosts, and their translation to and from the model. */
@NullMarked
package dev.atoll.protocol;

import org.jspecify.annotations.NullMarked;
