/** Images as the control plane asks a host for them. */
@NullMarked
package dev.atoll.hostagent.image;

import org.jspecify.annotations.NullMarked;
