/** Where the platform is, whether it runs, and starting and stopping the local one. */
@NullMarked
package dev.atoll.cli.platform;

import org.jspecify.annotations.NullMarked;
