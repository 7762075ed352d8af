/** The Postgres that holds the truth: our own under the data directory, or one given by URL. */
@NullMarked
package dev.atoll.manager.database;

import org.jspecify.annotations.NullMarked;
