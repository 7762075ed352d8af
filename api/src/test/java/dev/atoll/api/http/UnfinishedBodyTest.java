package dev.atoll.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.api.key.Authentication;
import dev.atoll.manager.key.ApiKeys;
import dev.atoll.model.id.Ids;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnfinishedBodyTest {
    /** An empty 200 would make an upload that broke off look like one that was taken. */
    @ParameterizedTest
    @ValueSource(strings = {"POST /things HTTP/1.1\r\nContent-Type: application/json", "PUT /things HTTP/1.1"})
    void aBodyThatBreaksOffIsNoSuccess(String head) throws Exception {
        Ids ids = new Ids(new Random(1));
        ApiKeys keys = new ApiKeys(new RecordedKeys(), ids, new Random(2), Clock.systemUTC());
        String key = keys.issue(ids.workspace(), "test").secret();
        RouteTable table = new RouteTable(List.of(
                Route.of("postThing", Method.POST, "/things", Set.of(), call -> call.json(Set.of("a"))),
                Route.of(
                        "putThing",
                        Method.PUT,
                        "/things",
                        Set.of(),
                        call -> call.content(100).transferTo(OutputStream.nullOutputStream()))));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                ApiServer server = ApiServer.start(
                        "127.0.0.1",
                        0,
                        table,
                        new Authentication(keys),
                        new SimpleMeterRegistry(),
                        threads,
                        new Random(3));
                RawConnection connection = new RawConnection(server.port())) {
            connection.send(head + "\r\nHost: x\r\nAuthorization: Bearer " + key
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{\"\r\nno size\r\n");
            assertThat(connection.answer()).startsWith("HTTP/1.1 400").contains("\"code\":\"invalid_request\"");
        }
    }
}
