/** Small images and archives for tests, also those of other modules. */
@NullMarked
package dev.atoll.imagecas.testimage;

import org.jspecify.annotations.NullMarked;
