/** Tests. */
@NullMarked
package dev.atoll.hostagent.sandbox;

import org.jspecify.annotations.NullMarked;
