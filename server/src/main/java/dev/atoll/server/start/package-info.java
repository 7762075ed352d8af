/** What has to hold before the platform starts, each refused with what to do, and the files that mark a running platform. */
@NullMarked
package dev.atoll.server.start;

import org.jspecify.annotations.NullMarked;
