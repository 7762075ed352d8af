/** What must outlive the process: sandboxes, their effects to come, and used idempotency keys. */
@NullMarked
package dev.atoll.manager.store;

import org.jspecify.annotations.NullMarked;
