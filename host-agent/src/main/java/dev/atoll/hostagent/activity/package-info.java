/** What goes on in the sandboxes of this host: what their execs do, and when they were last used. */
@NullMarked
package dev.atoll.hostagent.activity;

import org.jspecify.annotations.NullMarked;
