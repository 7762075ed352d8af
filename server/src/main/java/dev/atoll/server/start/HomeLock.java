package dev.atoll.server.start;

import dev.atoll.model.problem.ProblemCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Marks a data directory as in use, so that two platforms never share one: a lock that the kernel lets go of when the process ends,
 * however it ends, and {@code server.pid} for people and the command line.
 */
public final class HomeLock implements AutoCloseable {
    private final FileChannel channel;
    private final Path pidFile;

    private HomeLock(FileChannel channel, Path pidFile) {
        this.channel = channel;
        this.pidFile = pidFile;
    }

    /** Takes the lock; refuses, naming the process that has it, when it is taken. */
    public static HomeLock take(Path home, long pid) {
        Path pidFile = home.resolve("server.pid");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    home.resolve("server.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (!locked(channel)) {
                String holder = Files.readString(home.resolve("server.lock")).strip();
                throw Refusal.of(
                        ProblemCode.NOT_PERMITTED,
                        "Another platform uses " + home + (holder.isEmpty() ? "." : ": process " + holder + "."),
                        "Stop it with ./atoll down, or give this one another directory with ATOLL_HOME.");
            }
            byte[] text = (pid + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0).write(ByteBuffer.wrap(text), 0);
            Files.write(pidFile, text);
            HomeLock taken = new HomeLock(channel, pidFile);
            channel = null;
            return taken;
        } catch (IOException e) {
            throw Refusal.of(
                    ProblemCode.NOT_PERMITTED, "The lock of " + home + " cannot be taken.", "Check the directory.", e);
        } finally {
            closeIfAny(channel);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException takenByThisProcess) {
            return false;
        }
    }

    private static void closeIfAny(@org.jspecify.annotations.Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw Refusal.of(ProblemCode.INTERNAL, "A lock file cannot be closed.", "Check the disk.", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(pidFile);
        channel.close();
    }
}
