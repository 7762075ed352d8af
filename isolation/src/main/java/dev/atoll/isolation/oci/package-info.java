/**
 * The OCI runtime spec of a box as typed records: what these records cannot express, no box can have.
 *
 * <p>There is no place for hooks, devices, sysctls, seccomp profiles or free annotations. What is chosen and why is in
 * {@code docs/decisions/0002-oci-spec.md}.
 */
@NullMarked
package dev.atoll.isolation.oci;

import org.jspecify.annotations.NullMarked;
