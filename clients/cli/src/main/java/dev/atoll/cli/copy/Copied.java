package dev.atoll.cli.copy;

/**
 * What came of a copy.
 *
 * @param target where it is now
 * @param entries files, directories and links
 * @param bytes of content
 */
record Copied(String target, long entries, long bytes) {}
