/**
 * The control groups of boxes, made and removed by us: on version 1, on the hybrid of both and on version 2.
 *
 * <p>runsc finds them made and only puts its processes in; so what is enforced does not depend on its version.
 */
@NullMarked
package dev.atoll.isolation.cgroup;

import org.jspecify.annotations.NullMarked;
