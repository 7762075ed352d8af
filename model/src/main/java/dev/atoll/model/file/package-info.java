/** Files inside a sandbox: what can be asked of them and what is answered. */
@NullMarked
package dev.atoll.model.file;

import org.jspecify.annotations.NullMarked;
