package dev.atoll.bench.chaos;

import dev.atoll.bench.host.Pause;
import dev.atoll.bench.rest.Answer;
import dev.atoll.bench.rest.RefusedException;
import dev.atoll.bench.rest.RestApi;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The API as a client uses that does not give up: a call whose connection breaks, or that is refused for the moment, is made again,
 * under the same key. Safe for threads.
 */
final class PatientApi {
    /** Input before this offset has not arrived. */
    static final String INPUT_GAP = "input_gap";

    private static final long PAUSE_MILLIS = 100;

    private final Supplier<RestApi> api;
    private final Supplier<String> keys;
    private final LongSupplier clock;
    private final Pause pause;
    private final long patienceNanos;
    private final AtomicLong repeats = new AtomicLong();

    /**
     * @param api of the platform as it is now
     * @param keys for requests
     * @param clock nanoseconds
     * @param patienceNanos how long a call is made again before the platform is said to hang
     */
    PatientApi(Supplier<RestApi> api, Supplier<String> keys, LongSupplier clock, Pause pause, long patienceNanos) {
        this.api = api;
        this.keys = keys;
        this.clock = clock;
        this.pause = pause;
        this.patienceNanos = patienceNanos;
    }

    /** The platform did not do what it was asked, again and again. */
    static final class HungException extends IOException {
        HungException(String call, IOException last) {
            super(call + " did not succeed within the patience of a client: " + last.getMessage(), last);
        }
    }

    private interface Call {
        Answer make(RestApi now) throws IOException;
    }

    /** How often a call was made again. */
    long repeats() {
        return repeats.get();
    }

    String freshKey() {
        return keys.get();
    }

    Answer get(String path) throws IOException {
        return make("GET " + path, now -> now.get(path));
    }

    Answer delete(String path) throws IOException {
        return make("DELETE " + path, now -> now.delete(path));
    }

    Answer post(String path, String key, byte[] json) throws IOException {
        return make("POST " + path, now -> now.post(path, key, "application/json", json));
    }

    Answer postBytes(String path, String key, byte[] bytes) throws IOException {
        return make("POST " + path, now -> now.post(path, key, "application/octet-stream", bytes));
    }

    /** Makes a call that has no key, once: when its connection breaks, nobody knows whether it had an effect. */
    Answer postOnce(String path, byte[] json) throws IOException {
        return api.get().post(path, "", "application/json", json);
    }

    /** A refusal that is no matter of time is the caller's to judge; so is a gap in input, which the same bytes do not close. */
    private Answer make(String name, Call call) throws IOException {
        long end = clock.getAsLong() + patienceNanos;
        while (true) {
            IOException last;
            try {
                return call.make(api.get());
            } catch (RefusedException refused) {
                if (!refused.isRetryable() || refused.code().equals(INPUT_GAP)) {
                    throw refused;
                }
                last = refused;
            } catch (IOException broken) {
                last = broken;
            }
            if (clock.getAsLong() > end || Thread.currentThread().isInterrupted()) {
                throw new HungException(name, last);
            }
            repeats.incrementAndGet();
            pause.millis(PAUSE_MILLIS);
        }
    }
}
