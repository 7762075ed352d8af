package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.LinuxFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** What runsc keeps mounted for all boxes of its root: the first boot mounts it, the last destroy unmounts it. */
final class SharedMount {

    private final RunscDirectories directories;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    SharedMount(RunscDirectories directories) {
        this.directories = directories;
    }

    /** Held by every boot; boots share it. */
    Lock use() {
        return lock.readLock();
    }

    /**
     * Each destroy looks after it has removed its own box, so the last of several at once sees that none is left; it
     * then waits only for a boot that has just begun, and looks again.
     */
    void unmountIfLast() throws IOException {
        if (!directories.list().isEmpty()) {
            return;
        }
        lock.writeLock().lock();
        try {
            if (directories.list().isEmpty()) {
                // Boots that were the first at the same time have each mounted it, one over the other.
                while (LinuxFiles.unmount(directories.nullNetworkNamespace())) {
                    continue;
                }
                Files.deleteIfExists(directories.nullNetworkNamespace());
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
