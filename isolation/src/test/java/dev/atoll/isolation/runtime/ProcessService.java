package dev.atoll.isolation.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The guest binary as a service that is an ordinary process of this machine: it does everything but be isolated. */
public final class ProcessService implements BoxService {
    private final Process process;

    private ProcessService(Process process) {
        this.process = process;
    }

    public static ProcessService start(Path guestBinary, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(guestBinary.toString());
        command.addAll(arguments);
        try {
            return new ProcessService(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public Process process() {
        return process;
    }

    @Override
    public int read(ByteBuffer direct) throws IOException {
        InputStream out = process.getInputStream();
        byte[] bytes = new byte[Math.min(direct.remaining(), 64 * 1024)];
        int count = out.read(bytes);
        if (count > 0) {
            direct.put(bytes, 0, count);
        }
        return count;
    }

    @Override
    public void write(ByteBuffer direct) throws IOException {
        byte[] bytes = new byte[direct.remaining()];
        direct.get(bytes);
        OutputStream in = process.getOutputStream();
        in.write(bytes);
        in.flush();
    }

    @Override
    public boolean isQuiet() {
        return process.isAlive();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // It has ended before.
        }
        process.destroy();
    }
}
