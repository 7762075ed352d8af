package dev.atoll.api.file;

import dev.atoll.manager.file.Files;
import dev.atoll.manager.host.FileExchange;
import dev.atoll.model.file.FileEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Passes content on from a sandbox. When it fails in the midst, the connection is broken, so that no part is taken for the whole. */
final class FileBytes {
    private FileBytes() {}

    /** Sends exactly so many bytes: not those that a file has grown by meanwhile, and it is a failure when it has shrunk. */
    static void sendExactly(FileExchange exchange, OutputStream out, long length) throws IOException {
        long left = length;
        while (left > 0) {
            FileEvent event = Files.next(exchange);
            if (event instanceof FileEvent.Data data) {
                ByteBuffer bytes = data.bytes();
                if (bytes.remaining() > left) {
                    bytes = bytes.slice(bytes.position(), (int) left);
                }
                left -= bytes.remaining();
                write(out, bytes);
            } else if (event instanceof FileEvent.Done) {
                out.flush();
                throw new IOException("the file has shrunk while it was read; " + left + " bytes are missing");
            }
        }
    }

    /** Sends what comes until the end. */
    static void sendAll(FileExchange exchange, FileEvent first, OutputStream out) throws IOException {
        FileEvent event = first;
        while (!(event instanceof FileEvent.Done)) {
            if (event instanceof FileEvent.Data data) {
                write(out, data.bytes());
            }
            event = Files.next(exchange);
        }
    }

    private static void write(OutputStream out, ByteBuffer bytes) throws IOException {
        if (bytes.hasArray()) {
            out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            out.write(copy);
        }
    }
}
