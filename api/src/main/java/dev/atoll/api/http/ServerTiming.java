package dev.atoll.api.http;

import dev.atoll.manager.timing.CallTimes;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/**
 * The {@code Server-Timing} header of one answer: where the time went from the first byte of the request until the answer was ready to be
 * written, in milliseconds with three decimals. Used by the request's thread.
 */
final class ServerTiming {
    static final String HEADER = "Server-Timing";

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private final long began;
    private final CallTimes times = new CallTimes();
    private long authentication;

    private ServerTiming(long began) {
        this.began = began;
    }

    /** Of a request whose first byte the HTTP server has timed. */
    static ServerTiming of(HttpServletRequest request) {
        return new ServerTiming(
                ServletContextRequest.getServletContextRequest(request).getBeginNanoTime());
    }

    /** What the use cases spend. */
    CallTimes times() {
        return times;
    }

    /** Runs {@code check}, which finds out who asks. */
    <T> T authenticating(Supplier<T> check) {
        long start = System.nanoTime();
        long database = nanos(CallTimes.Part.DATABASE);
        T caller = check.get();
        authentication = System.nanoTime() - start - (nanos(CallTimes.Part.DATABASE) - database);
        return caller;
    }

    /** The header's value when the answer is written now. */
    String value() {
        long total = System.nanoTime() - began;
        long database = nanos(CallTimes.Part.DATABASE);
        long waiting = nanos(CallTimes.Part.WAIT);
        long link = nanos(CallTimes.Part.LINK);
        long agent = nanos(CallTimes.Part.AGENT);
        long guest = nanos(CallTimes.Part.GUEST);
        StringBuilder value = new StringBuilder(160);
        entry(value, "auth", authentication);
        entry(value, "db", database);
        entry(value, "api", Math.max(0, total - authentication - database - waiting - link - agent - guest));
        if (waiting > 0) {
            entry(value, "wait", waiting);
        }
        if (times.knowsHost()) {
            entry(value, "link", link);
            entry(value, "agent", agent);
            entry(value, "guest", guest);
        }
        if (nanos(CallTimes.Part.PROCESS) > 0) {
            entry(value, "process", nanos(CallTimes.Part.PROCESS));
        }
        entry(value, "total", total);
        return value.toString();
    }

    private long nanos(CallTimes.Part part) {
        return times.of(part).toNanos();
    }

    private static void entry(StringBuilder value, String name, long nanos) {
        long micros = nanos / NANOS_PER_MICRO;
        if (!value.isEmpty()) {
            value.append(", ");
        }
        value.append(name).append(";dur=").append(micros / MICROS_PER_MILLI).append('.');
        String fraction = Long.toString(MICROS_PER_MILLI + micros % MICROS_PER_MILLI);
        value.append(fraction, 1, fraction.length());
    }
}
