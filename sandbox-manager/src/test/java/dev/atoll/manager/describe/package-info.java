@NullMarked
package dev.atoll.manager.describe;

import org.jspecify.annotations.NullMarked;
