package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.contract.Answer;
import dev.atoll.server.TestingPlatform;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Connections that break, a thousand times and anywhere, while a program writes: every byte arrives once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReconnectIT {
    private static final int BREAKS = 1_000;
    private static final int BATCHES = 1_500;
    private static final int LINES = 40;

    private final TestingPlatform platform = TestingPlatform.shared();
    private String sandbox;

    @BeforeAll
    void make() {
        sandbox = platform.sandbox();
    }

    @AfterAll
    void remove() {
        platform.delete(sandbox);
    }

    /** Writes for some seconds: batches of lines, a short rest after each. */
    private String start() {
        String program = "i=0; while [ $i -lt " + BATCHES + " ]; do seq $((i * " + LINES + ")) $((i * " + LINES + " + "
                + (LINES - 1) + ")); usleep 2000; i=$((i + 1)); done";
        Answer exec = platform.client()
                .post("/v1/sandboxes/" + sandbox + "/execs", "{\"argv\":[\"sh\",\"-c\",\"" + program + "\"]}");
        assertThat(exec.status()).as(exec.text()).isEqualTo(201);
        return exec.at("/id");
    }

    private static String expected() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < BATCHES * LINES; i++) {
            all.append(i).append('\n');
        }
        return all.toString();
    }

    private interface Reading {
        Transport.End read(String exec, long from, long most, ByteArrayOutputStream into) throws Exception;
    }

    /** Each connection may carry a random number of bytes, beginning at none; when it was broken often enough, the last may carry all. */
    private void everyByteOnce(int overhead, Reading transport) throws Exception {
        String exec = start();
        Random random = new Random(42);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        int breaks = 0;
        Transport.End end = Transport.End.BROKEN;
        while (end == Transport.End.BROKEN) {
            long most = breaks < BREAKS ? random.nextInt(overhead) : Long.MAX_VALUE;
            end = transport.read(exec, got.size(), most, got);
            breaks++;
        }
        assertThat(got.toString(StandardCharsets.UTF_8)).isEqualTo(expected());
        assertThat(breaks).isGreaterThan(BREAKS);
    }

    private String path(String exec) {
        return "/v1/sandboxes/" + sandbox + "/execs/" + exec;
    }

    @Test
    void overWebSockets() throws Exception {
        everyByteOnce(1_800, (exec, from, most, into) -> Transport.webSocket(platform, path(exec), from, most, into));
    }

    @Test
    void asEvents() throws Exception {
        everyByteOnce(1_800, (exec, from, most, into) -> Transport.events(platform, path(exec), from, most, into));
    }

    @Test
    void overGrpc() throws Exception {
        try (SdkClient sdk = new SdkClient(platform, Optional.of(platform.key()))) {
            everyByteOnce(300, (exec, from, most, into) -> sdk.read(sandbox, exec, from, most, into));
        }
    }
}
