/** Tests. */
@NullMarked
package dev.atoll.hostagent.files;

import org.jspecify.annotations.NullMarked;
