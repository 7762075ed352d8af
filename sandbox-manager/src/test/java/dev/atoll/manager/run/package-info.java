@NullMarked
package dev.atoll.manager.run;

import org.jspecify.annotations.NullMarked;
