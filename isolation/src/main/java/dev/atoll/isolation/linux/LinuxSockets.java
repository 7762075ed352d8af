package dev.atoll.isolation.linux;

import static dev.atoll.isolation.linux.NativeCalls.INT;
import static dev.atoll.isolation.linux.NativeCalls.LONG;
import static dev.atoll.isolation.linux.NativeCalls.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Unix stream sockets that carry descriptors beside bytes (SCM_RIGHTS), which the JDK's cannot. */
public final class LinuxSockets {

    /** The most descriptors one message may carry here; the kernel's own limit is 253. */
    public static final int MAX_DESCRIPTORS = 16;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MAX_ADDRESS_BYTES = 107;

    private static final int MSGHDR_BYTES = 56;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int IOVEC_BYTES = 16;
    private static final int CMSG_HEADER_BYTES = 16;
    private static final int CMSG_ALIGNMENT = 8;

    private static final NativeCalls.Function SOCKET = NativeCalls.function("socket", INT, INT, INT, INT);
    private static final NativeCalls.Function CONNECT = NativeCalls.function("connect", INT, INT, POINTER, INT);
    private static final NativeCalls.Function SENDMSG = NativeCalls.function("sendmsg", LONG, INT, POINTER, INT);
    private static final NativeCalls.Function RECVMSG = NativeCalls.function("recvmsg", LONG, INT, POINTER, INT);

    private LinuxSockets() {}

    /**
     * Connects to the stream socket at {@code path}, of any length. Does not wait: when the backlog of the listener is
     * full the call fails with EAGAIN.
     */
    public static Fd connect(Path path) throws LinuxException {
        byte[] address = path.toString().getBytes(StandardCharsets.UTF_8);
        if (address.length <= MAX_ADDRESS_BYTES) {
            return connect(address);
        }
        // The address has room for 107 bytes only; a reference to the socket's own file is short and means the same.
        try (Fd reference = LinuxFiles.open(path, LinuxFiles.OpenMode.PATH_ONLY)) {
            return reference.use(number -> connect(("/proc/self/fd/" + number).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static Fd connect(byte[] address) throws LinuxException {
        Fd socket = new Fd((int) SOCKET.require(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(2L + MAX_ADDRESS_BYTES + 1, 8);
            name.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(address, 0, name, JAVA_BYTE, 2, address.length);
            socket.use(number -> CONNECT.require(number, name, (int) name.byteSize()));
            return socket;
        } catch (LinuxException failed) {
            socket.close();
            throw failed;
        }
    }

    /**
     * Sends bytes and, attached to the first of them, descriptors; {@code bytes} must be direct.
     *
     * @return the number of bytes taken, or {@link LinuxFiles#WOULD_BLOCK} when there is no room
     */
    public static int send(Fd socket, ByteBuffer bytes, List<Fd> descriptors) throws LinuxException {
        if (descriptors.size() > MAX_DESCRIPTORS) {
            throw new IllegalArgumentException("more than " + MAX_DESCRIPTORS + " descriptors");
        }
        List<Fd> held = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            for (Fd descriptor : descriptors) {
                descriptor.acquire();
                held.add(descriptor);
            }
            Message message = new Message(arena, MemorySegment.ofBuffer(bytes), descriptors.size());
            for (int i = 0; i < held.size(); i++) {
                message.control.set(
                        JAVA_INT, CMSG_HEADER_BYTES + 4L * i, held.get(i).number());
            }
            long sent = socket.use(number -> orWouldBlock(SENDMSG, number, message.header, MSG_NOSIGNAL));
            if (sent > 0) {
                bytes.position(bytes.position() + (int) sent);
            }
            return (int) sent;
        } finally {
            held.forEach(Fd::release);
        }
    }

    /**
     * Receives bytes into {@code buffer}, which must be direct and have room, and adds descriptors that came with them
     * to {@code descriptors}; more than {@link #MAX_DESCRIPTORS} at once are dropped by the kernel.
     *
     * @return the number of bytes, 0 when the peer has closed, {@link LinuxFiles#WOULD_BLOCK} when none are there yet
     */
    public static int receive(Fd socket, ByteBuffer buffer, List<Fd> descriptors) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Message message = new Message(arena, MemorySegment.ofBuffer(buffer), MAX_DESCRIPTORS);
            long received = socket.use(number -> orWouldBlock(RECVMSG, number, message.header, MSG_CMSG_CLOEXEC));
            if (received == LinuxFiles.WOULD_BLOCK) {
                return LinuxFiles.WOULD_BLOCK;
            }
            buffer.position(buffer.position() + (int) received);
            message.descriptors().forEach(number -> descriptors.add(new Fd(number)));
            return (int) received;
        }
    }

    private static long orWouldBlock(NativeCalls.Function function, int number, MemorySegment message, int flags)
            throws LinuxException {
        long result = function.retried(number, message, flags);
        if (result == -Errno.EAGAIN) {
            return LinuxFiles.WOULD_BLOCK;
        }
        if (result < 0) {
            throw function.failure(result);
        }
        return result;
    }

    /** A struct msghdr (64-bit layout) over some bytes, with room for descriptors beside them. */
    private static final class Message {
        private final MemorySegment header;
        private final MemorySegment control;

        private Message(Arena arena, MemorySegment bytes, int descriptors) {
            MemorySegment vector = arena.allocate(IOVEC_BYTES, 8);
            vector.set(JAVA_LONG, 0, bytes.address());
            vector.set(JAVA_LONG, 8, bytes.byteSize());
            header = arena.allocate(MSGHDR_BYTES, 8);
            header.set(JAVA_LONG, 16, vector.address());
            header.set(JAVA_LONG, 24, 1);
            long length = CMSG_HEADER_BYTES + 4L * descriptors;
            long padded = (length + CMSG_ALIGNMENT - 1) / CMSG_ALIGNMENT * CMSG_ALIGNMENT;
            control = arena.allocate(padded, 8);
            if (descriptors > 0) {
                control.set(JAVA_LONG, 0, length);
                control.set(JAVA_INT, 8, SOL_SOCKET);
                control.set(JAVA_INT, 12, SCM_RIGHTS);
                header.set(JAVA_LONG, 32, control.address());
                header.set(JAVA_LONG, CONTROL_LENGTH_OFFSET, padded);
            }
        }

        /** The numbers that the kernel has written into the control part. */
        private List<Integer> descriptors() {
            List<Integer> numbers = new ArrayList<>();
            long controlBytes = header.get(JAVA_LONG, CONTROL_LENGTH_OFFSET);
            if (controlBytes >= CMSG_HEADER_BYTES
                    && control.get(JAVA_INT, 8) == SOL_SOCKET
                    && control.get(JAVA_INT, 12) == SCM_RIGHTS) {
                long end = Math.min(control.get(JAVA_LONG, 0), controlBytes);
                for (long at = CMSG_HEADER_BYTES; at + 4 <= end; at += 4) {
                    numbers.add(control.get(JAVA_INT, at));
                }
            }
            return numbers;
        }
    }
}
