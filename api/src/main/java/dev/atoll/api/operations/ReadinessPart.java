package dev.atoll.api.operations;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * A part of the platform that has to be ready before sandboxes can be made.
 *
 * @param name one word
 * @param whyNot one sentence for people, empty when it is ready; answers at once and never throws
 */
public record ReadinessPart(String name, Supplier<Optional<String>> whyNot) {}
