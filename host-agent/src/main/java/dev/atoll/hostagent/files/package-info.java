/** Files in the sandboxes of this host: processes of the file service, kept for a while, and one exchange after another on them. */
@NullMarked
package dev.atoll.hostagent.files;

import org.jspecify.annotations.NullMarked;
