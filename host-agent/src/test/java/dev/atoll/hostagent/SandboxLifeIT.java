package dev.atoll.hostagent;

import static dev.atoll.hostagent.HostClient.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.protocol.host.v1.DescribeRequest;
import dev.atoll.protocol.host.v1.DescribeResponse;
import dev.atoll.protocol.host.v1.Exec;
import dev.atoll.protocol.host.v1.ObserveSandboxesRequest;
import dev.atoll.protocol.host.v1.SandboxObservation;
import dev.atoll.protocol.host.v1.Stream;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sandboxes over the pinned runsc, from their making to their removal, by whatever means. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SandboxLifeIT {
    private static final int MANY = 100;
    private static final int AT_ONCE = 6;

    @Test
    void aHundredSandboxesLeaveNothing() throws Exception {
        try (AgentUnderTest agent = AgentUnderTest.start()) {
            HostClient client = agent.client();
            Semaphore room = new Semaphore(AT_ONCE);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, MANY)
                        .forEach(i -> threads.submit(() -> {
                            room.acquireUninterruptibly();
                            try {
                                String sandbox = client.prepare();
                                assertThat(client.run(sandbox, "true").getEnd().getExitCode())
                                        .isZero();
                                client.stop(sandbox, 2);
                            } finally {
                                room.release();
                            }
                            return null;
                        }));
            }
            assertThat(agent.metrics()
                            .get("atoll.sandbox.creates")
                            .tag("outcome", "ok")
                            .timer()
                            .count())
                    .isEqualTo(MANY);
            assertThat(agent.metrics().get("atoll.sandboxes.live").gauge().value())
                    .isZero();
            assertThat(agent.leftovers()).isEmpty();
            System.out.println("create: "
                    + agent.metrics().get("atoll.sandbox.creates").timer().mean(TimeUnit.MILLISECONDS) + " ms mean");
            agent.metrics()
                    .find("atoll.sandbox.create.step")
                    .timers()
                    .forEach(step -> System.out.println(
                            step.getId().getTag("step") + ": " + step.mean(TimeUnit.MILLISECONDS) + " ms"));
        }
    }

    @Test
    void aSandboxThatUsesTooMuchMemoryEndsWithOom() throws Exception {
        try (AgentUnderTest agent = AgentUnderTest.start()) {
            HostClient client = agent.client();
            String sandbox = client.prepare(client.newSandboxId(), 1, Map.of(), 64L << 20);
            Iterator<SandboxObservation> changes = observe(client);
            Exec exec = client.start(
                    sandbox, client.newExecId(), command("sh", "-c", "echo before; tail -c 2000000000 /dev/zero"), 0);

            assertThat(client.awaitEnd(exec).getEnd().getReason()).isEqualTo("oom");
            SandboxObservation end = untilEnd(changes);
            assertThat(end.getEnded().getReason()).isEqualTo("oom");
            assertThat(end.getEnded().getDetail()).contains("MiB");
            // What it wrote before can still be read.
            assertThat(client.output(exec, Stream.STREAM_ALL)).isEqualTo("before\n");
            assertThatThrownBy(() -> client.run(sandbox, "true"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.SANDBOX_STOPPED));
            client.stop(sandbox, 2);
            assertThat(agent.leftovers()).isEmpty();
        }
    }

    @Test
    void stoppingEndsWhatRuns() throws Exception {
        try (AgentUnderTest agent = AgentUnderTest.start()) {
            HostClient client = agent.client();
            String sandbox = client.prepare();
            Exec exec = client.start(sandbox, client.newExecId(), command("sh", "-c", "trap '' TERM; sleep 1000"), 0);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var end = threads.submit(() -> client.awaitEnd(exec));
                client.stop(sandbox, 2);
                assertThat(end.get().getEnd().getReason()).isEqualTo("sandbox_stopped");
            }
            client.stop(sandbox, 2);
            assertThat(agent.leftovers()).isEmpty();
            assertThatThrownBy(() -> client.run(sandbox, "true"))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.SANDBOX_STOPPED));
        }
    }

    private static DescribeResponse describe(HostClient client) {
        return client.host().describe(DescribeRequest.getDefaultInstance());
    }

    private static Iterator<SandboxObservation> observe(HostClient client) {
        return client.host().observeSandboxes(ObserveSandboxesRequest.getDefaultInstance());
    }

    private static SandboxObservation untilEnd(Iterator<SandboxObservation> changes) {
        while (true) {
            SandboxObservation change = changes.next();
            if (change.hasEnded()) {
                return change;
            }
        }
    }
}
