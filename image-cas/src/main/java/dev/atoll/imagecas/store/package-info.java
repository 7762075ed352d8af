/** The images of one host: made once, stored once, named, leased and removed. */
@NullMarked
package dev.atoll.imagecas.store;

import org.jspecify.annotations.NullMarked;
