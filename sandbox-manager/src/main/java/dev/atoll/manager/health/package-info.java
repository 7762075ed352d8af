/** Whether the control plane can do its work. */
@NullMarked
package dev.atoll.manager.health;

import org.jspecify.annotations.NullMarked;
