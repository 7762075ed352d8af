package dev.atoll.manager.run;

import java.util.OptionalInt;

/**
 * A file to write before the command runs.
 *
 * @param path as in {@code FilePath}; missing directories are made
 * @param content whole; not to be changed
 * @param mode permission bits, 0644 when empty
 */
@SuppressWarnings("ArrayRecordComponent") // read once, stored once, never shared
public record RunFile(String path, byte[] content, OptionalInt mode) {}
