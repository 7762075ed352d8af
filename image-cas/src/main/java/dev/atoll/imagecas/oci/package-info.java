/** Images in the OCI image layout and in the form that docker save writes. */
@NullMarked
package dev.atoll.imagecas.oci;

import org.jspecify.annotations.NullMarked;
