package dev.atoll.bench.peer;

import java.nio.file.Path;

/**
 * The root file system that all sides run.
 *
 * @param image its name on the platform, and with docker
 * @param root the same files as a directory of the host
 */
public record PeerFiles(String image, Path root) {}
