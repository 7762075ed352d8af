package dev.atoll.server.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.api.contract.Answer;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.server.TestingPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Nothing of a sandbox stays. */
class LeftoversIT {
    /** What the host keeps on purpose: which generations it has seen, what was used when, and for a time what commands wrote. */
    private static final String KEPT =
            ".*/(fences|retained|images|activity)(/.*)?|.*/sandboxes/sbx_[a-z2-7]+(/execs(/.*)?)?";

    private static final int SANDBOXES = 100;
    private static final int AT_ONCE = 4;

    private final TestingPlatform platform = TestingPlatform.shared();

    @Test
    void aHundredSandboxesLeaveNothing() throws Exception {
        one(0);
        HostLeftovers before = platform.snapshot();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 1; i <= SANDBOXES; i++) {
                int number = i;
                all.add(threads.submit(() -> one(number)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Set<String> left = platform.left(before);
            left.removeIf(thing -> thing.startsWith("file ") && thing.matches(KEPT));
            assertThat(left).isEmpty();
        });
    }

    private void one(int number) {
        Answer created =
                platform.client().post("/v1/sandboxes?wait=60s", "{\"image\":\"busybox\",\"memory\":\"64Mi\"}");
        assertThat(created.at("/state")).as(created.text()).isEqualTo("running");
        if (number % 3 == 0) {
            platform.client().post("/v1/sandboxes/" + created.at("/id") + "/execs", "{\"argv\":[\"sleep\",\"1000\"]}");
        }
        platform.delete(created.at("/id"));
    }
}
