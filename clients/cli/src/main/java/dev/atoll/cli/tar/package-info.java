/** Tar streams as the platform sends and takes them: ustar with pax records, names as bytes. */
@NullMarked
package dev.atoll.cli.tar;

import org.jspecify.annotations.NullMarked;
