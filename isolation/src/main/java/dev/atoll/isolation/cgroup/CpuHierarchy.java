package dev.atoll.isolation.cgroup;

import java.nio.file.Path;

/**
 * Where groups get their CPU time.
 *
 * @param root where the hierarchy is mounted
 * @param unified whether it is version 2, and the only one
 */
record CpuHierarchy(Path root, boolean unified) {}
