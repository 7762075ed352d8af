package dev.atoll.isolation.files;

import dev.atoll.isolation.runtime.BoxService;
import dev.atoll.model.file.FileEvent;
import dev.atoll.model.file.FileOperation;
import dev.atoll.model.problem.ProblemException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One process of the file service in a box: does one operation after another, with the rights of one user. For each: {@link #request},
 * then {@link #content}, {@link #change} and {@link #end} when it takes data, and {@link #next} until {@code Done} or a problem.
 *
 * <p>One thread may send while another reads; {@link #close} may be called from any. It keeps two buffers of at most 512 KiB.
 */
public final class FileService implements AutoCloseable {
    /** The most content that goes in one frame. */
    public static final int MAX_CONTENT_BYTES = FilesProtocol.MAX_PAYLOAD;

    private static final int INCOMING_BYTES = 2 * (FilesProtocol.HEADER_BYTES + FilesProtocol.MAX_PAYLOAD);
    private static final int FIRST_BYTES = 16 * 1024;

    private final BoxService process;
    private ByteBuffer incoming = ByteBuffer.allocateDirect(FIRST_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .flip();
    private ByteBuffer outgoing = ByteBuffer.allocateDirect(FIRST_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Takes over a process that was just started; {@link #awaitHello} comes next. */
    public FileService(BoxService process) {
        this.process = process;
    }

    /** The arguments of such a process that comes everywhere. */
    public static List<String> arguments(String user, String directory) {
        return arguments(user, directory, Optional.empty());
    }

    /**
     * The arguments of such a process.
     *
     * @param user as in {@code ExecSpec}; empty for root
     * @param directory that relative paths begin at; in a workspace, they begin there
     * @param workspace out of which nothing leads, as in {@code FileReach}
     */
    public static List<String> arguments(String user, String directory, Optional<String> workspace) {
        List<String> arguments = new ArrayList<>();
        arguments.add("--files");
        arguments.add("--user=" + user);
        arguments.add("--directory=" + directory);
        workspace.ifPresent(path -> arguments.add("--workspace=" + path));
        return arguments;
    }

    /**
     * Waits until the service can be asked.
     *
     * @throws ProblemException {@code user_not_found}, {@code group_not_found}, or what else kept it from becoming the user
     */
    public void awaitHello() throws IOException {
        switch (reply()) {
            case FilesReply.Hello hello -> {
                if (hello.version() != FilesProtocol.VERSION) {
                    throw new MalformedFilesReply("it speaks version " + hello.version());
                }
            }
            case FilesReply.Failed(FilesFailure failure) -> throw FilesProblems.of(failure);
            case FilesReply.Event early -> throw new MalformedFilesReply("it answers what nobody asked");
        }
    }

    /** Whether it can be asked, as far as can be told without asking. */
    public boolean isReady() {
        return !incoming.hasRemaining() && process.isQuiet();
    }

    /** Begins an operation; of an {@link FileOperation.Apply} the changes follow one by one. */
    public void request(FileOperation operation) throws IOException {
        send(FilesRequestCodec.request(operation));
    }

    /** One change of an {@link FileOperation.Apply}; the content of a {@code Put} follows it. */
    public void change(FileOperation.Change change) throws IOException {
        send(FilesRequestCodec.change(change));
    }

    /** Content; is taken whole, in as many frames as it needs. */
    public void content(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int length = Math.min(bytes.remaining(), MAX_CONTENT_BYTES);
            ByteBuffer frame = outgoing(FilesProtocol.HEADER_BYTES + length);
            frame.putInt(FilesProtocol.FRAME_CONTENT).putInt(length);
            frame.put(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
            process.write(frame.flip());
        }
    }

    /** No more content comes. */
    public void end() throws IOException {
        ByteBuffer frame = outgoing(FilesProtocol.HEADER_BYTES);
        frame.putInt(FilesProtocol.FRAME_END).putInt(0);
        process.write(frame.flip());
    }

    /**
     * The next event, waiting for it.
     *
     * @throws ProblemException the operation failed; another can be begun when its content has been ended
     * @throws IOException the service has gone, or what it says makes no sense: it is to be closed
     */
    public FileEvent next() throws IOException {
        return switch (reply()) {
            case FilesReply.Event(FileEvent event) -> event;
            case FilesReply.Failed(FilesFailure failure) -> throw FilesProblems.of(failure);
            case FilesReply.Hello again -> throw new MalformedFilesReply("it says hello twice");
        };
    }

    private FilesReply reply() throws IOException {
        need(FilesProtocol.HEADER_BYTES);
        int type = incoming.getInt(incoming.position());
        int length = incoming.getInt(incoming.position() + Integer.BYTES);
        if (length < 0 || length > FilesProtocol.MAX_PAYLOAD) {
            throw new MalformedFilesReply("a frame of " + length + " bytes");
        }
        need(FilesProtocol.HEADER_BYTES + length);
        int start = incoming.position() + FilesProtocol.HEADER_BYTES;
        incoming.position(start + length);
        return FilesReplyCodec.read(type, incoming.slice(start, length));
    }

    /** Reads until so many bytes lie there. */
    private void need(int bytes) throws IOException {
        if (incoming.capacity() - incoming.position() < bytes) {
            int capacity = incoming.capacity() < bytes ? INCOMING_BYTES : incoming.capacity();
            ByteBuffer roomier = capacity == incoming.capacity()
                    ? incoming.compact()
                    : ByteBuffer.allocateDirect(capacity)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .put(incoming);
            incoming = roomier.flip();
        }
        while (incoming.remaining() < bytes) {
            if (!incoming.hasRemaining()) {
                incoming.clear().flip();
            }
            int position = incoming.position();
            ByteBuffer room = incoming.duplicate();
            int count = process.read(room.limit(room.capacity()).position(incoming.limit()));
            if (count < 0) {
                throw new EOFException("the file service of a box has gone");
            }
            incoming.limit(incoming.limit() + count).position(position);
        }
    }

    private void send(ByteBuffer frame) throws IOException {
        process.write(outgoing(frame.remaining()).put(frame).flip());
    }

    private ByteBuffer outgoing(int bytes) {
        if (outgoing.capacity() < bytes) {
            outgoing = ByteBuffer.allocateDirect(FilesProtocol.HEADER_BYTES + Math.max(MAX_CONTENT_BYTES, bytes))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        return outgoing.clear();
    }

    /** Ends the process; an operation under way fails. */
    @Override
    public void close() {
        process.close();
    }
}
