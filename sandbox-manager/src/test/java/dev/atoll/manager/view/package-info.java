@NullMarked
package dev.atoll.manager.view;

import org.jspecify.annotations.NullMarked;
