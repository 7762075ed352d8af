package dev.atoll.manager.database;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.SocketFactory;

/**
 * Connections to a database that count how often a thread waits for an answer: {@code socketFactory} in the parameters of its URL names
 * this class. A read after a write is one round trip, however much is written and read.
 */
public final class CountedTrips extends SocketFactory {
    /** What a URL of a database is given behind its name. */
    public static final String PARAMETER = "?socketFactory=" + CountedTrips.class.getName();

    private static final ThreadLocal<Integer> TRIPS = ThreadLocal.withInitial(() -> 0);

    /** The round trips that {@code work} takes on this thread. */
    public static int of(Runnable work) {
        int before = TRIPS.get();
        work.run();
        return TRIPS.get() - before;
    }

    @Override
    public Socket createSocket() {
        return new CountedSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new IOException("only sockets that are connected later");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return createSocket(host.getHostName(), port);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return createSocket(address, port);
    }

    private static final class CountedSocket extends Socket {
        private final AtomicBoolean unanswered = new AtomicBoolean();

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(int value) throws IOException {
                    unanswered.set(true);
                    out.write(value);
                }

                @Override
                public void write(byte[] bytes, int from, int count) throws IOException {
                    unanswered.set(true);
                    out.write(bytes, from, count);
                }
            };
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    answered();
                    return in.read();
                }

                @Override
                public int read(byte[] bytes, int from, int count) throws IOException {
                    answered();
                    return in.read(bytes, from, count);
                }
            };
        }

        private void answered() {
            if (unanswered.compareAndSet(true, false)) {
                TRIPS.set(TRIPS.get() + 1);
            }
        }
    }
}
