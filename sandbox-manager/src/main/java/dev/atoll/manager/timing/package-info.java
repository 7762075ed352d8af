/** Where the time of a call goes, for those who ask how it could be shorter. */
@NullMarked
package dev.atoll.manager.timing;

import org.jspecify.annotations.NullMarked;
