/** The platform as a client sees it: its REST API, and nothing of its insides. */
@NullMarked
package dev.atoll.bench.rest;

import org.jspecify.annotations.NullMarked;
