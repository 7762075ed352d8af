/** The routes of files: content, names and attributes, changes, watches, archives and signed URLs. */
@NullMarked
package dev.atoll.api.file;

import org.jspecify.annotations.NullMarked;
