package dev.atoll.bench.peer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A program that answers what it is told, over pipes. For one thread. */
public final class Conversation implements AutoCloseable {
    private final Process process;
    private final OutputStream to;
    private final InputStream from;

    Conversation(Process process) {
        this.process = process;
        this.to = process.getOutputStream();
        this.from = process.getInputStream();
    }

    /** Sends one byte and returns when the answer has come. */
    public void echo(int letter) throws IOException {
        to.write(letter);
        to.flush();
        if (from.read() < 0) {
            throw new EOFException("the program has ended");
        }
    }

    @Override
    public void close() throws IOException {
        to.close();
        process.destroy();
    }
}
