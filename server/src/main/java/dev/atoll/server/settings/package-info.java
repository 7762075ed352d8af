/** What an operator can set, where it comes from, and what holds without it. */
@NullMarked
package dev.atoll.server.settings;

import org.jspecify.annotations.NullMarked;
