/** Use cases on execs: each is routed to the sandbox's host, none touches the database. */
@NullMarked
package dev.atoll.manager.exec;

import org.jspecify.annotations.NullMarked;
