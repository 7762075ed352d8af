/** The control plane without its doors: use cases, truth in Postgres, and what keeps hosts in line with it. */
@NullMarked
package dev.atoll.manager;

import org.jspecify.annotations.NullMarked;
