package dev.atoll.hostagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.model.sandbox.SandboxStart;
import dev.atoll.protocol.host.v1.Exec;
import dev.atoll.protocol.host.v1.GetExecRequest;
import dev.atoll.protocol.host.v1.ListPoolsRequest;
import dev.atoll.protocol.host.v1.ObserveSandboxesRequest;
import dev.atoll.protocol.host.v1.Pool;
import dev.atoll.protocol.host.v1.SandboxObservation;
import dev.atoll.protocol.host.v1.Stream;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sandboxes and the deaths of their agent. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SurvivalIT {
    private static final int DEATHS = 5;

    @Test
    void aCommandThatCountsGoesOnThroughManyDeathsWithoutALostOrDoubledByte() throws Exception {
        int lines = 400;
        try (AgentUnderTest agent = AgentUnderTest.start()) {
            HostClient client = agent.client();
            String sandbox = client.prepare(client.newSandboxId(), 3, Map.of());
            Exec exec = client.start(
                    sandbox,
                    client.newExecId(),
                    HostClient.command(
                            "sh",
                            "-c",
                            "i=0; while [ $i -lt " + lines
                                    + " ]; do echo line $i; i=$((i+1)); sleep 0.01; done; exit 7"),
                    0);
            for (int death = 0; death < DEATHS; death++) {
                int seen = death * 40;
                await().until(() ->
                        agent.client().soFar(exec, Stream.STREAM_ALL).lines().count() > seen);
                agent.crashAndRestart();
                assertThat(agent.metrics()
                                .get("atoll.adoptions")
                                .tag("kind", "sandbox")
                                .counter()
                                .count())
                        .isEqualTo(1);
            }
            Exec ended = agent.client().awaitEnd(exec);
            assertThat(ended.getEnd().getReason()).isEqualTo("exited");
            assertThat(ended.getEnd().getExitCode()).isEqualTo(7);
            assertThat(agent.client().output(exec, Stream.STREAM_ALL))
                    .isEqualTo(IntStream.range(0, lines)
                            .mapToObj(i -> "line " + i + "\n")
                            .collect(Collectors.joining()));
            assertThat(agent.client().run(sandbox, "true").getEnd().getExitCode())
                    .isZero();
            agent.client().stop(sandbox, 4);
            assertThat(agent.leftovers()).isEmpty();
        }
    }

    @Test
    void aFloodThatStoodStillForWantOfAHostGoesOn() throws Exception {
        int bytes = 3_000_000;
        try (AgentUnderTest agent = AgentUnderTest.start()) {
            HostClient client = agent.client();
            String sandbox = client.prepare();
            Exec exec = client.start(
                    sandbox,
                    client.newExecId(),
                    HostClient.command(
                            "sh", "-c", "head -c " + bytes + " /dev/zero | tr '\\0' 'x'; echo; echo done >&2"),
                    0);
            agent.crashAndRestart();
            agent.crashAndRestart();
            assertThat(agent.client().awaitEnd(exec).getEnd().getExitCode()).isZero();
            assertThat(agent.client().output(exec, Stream.STREAM_STDOUT)).hasSize(bytes + 1);
            assertThat(agent.client().output(exec, Stream.STREAM_STDERR)).isEqualTo("done\n");
        }
    }

    @Test
    void anEndThatCameWhileNobodyWatchedIsReported() throws Exception {
        try (AgentUnderTest agent = AgentUnderTest.start()) {
            HostClient client = agent.client();
            String sandbox = client.prepare(client.newSandboxId(), 3, Map.of(), 64L << 20);
            Exec bomb = client.start(
                    sandbox,
                    client.newExecId(),
                    HostClient.command("sh", "-c", "echo before; sleep 0.3; tail -c 2000000000 /dev/zero"),
                    0);
            await().until(() -> !agent.client().soFar(bomb, Stream.STREAM_ALL).isEmpty());
            agent.stop();
            await().atMost(Duration.ofSeconds(20)).until(() -> agent.processes() == 0);
            agent.restart();

            SandboxObservation end =
                    untilEnd(agent.client().host().observeSandboxes(ObserveSandboxesRequest.getDefaultInstance()));
            assertThat(end.getEnded().getSandboxId()).isEqualTo(sandbox);
            assertThat(end.getEnded().getReason()).isEqualTo("oom");
            assertThat(end.getEnded().getGeneration()).isEqualTo(3);
            Exec seen = agent.client()
                    .host()
                    .getExec(GetExecRequest.newBuilder()
                            .setSandboxId(sandbox)
                            .setExecId(bomb.getExecId())
                            .build())
                    .getExec();
            assertThat(seen.getEnd().getReason()).isEqualTo("oom");
            assertThat(agent.client().output(bomb, Stream.STREAM_ALL)).isEqualTo("before\n");
            agent.client().stop(sandbox, 4);
            assertThat(agent.leftovers()).isEmpty();
        }
    }

    @Test
    void aReadyBoxIsTakenOnceAndOnesThatWaitSurviveTheirAgent() throws Exception {
        PoolSettings pool = PoolSettings.of(8L << 30, 2).withMost(3);
        try (AgentUnderTest agent = AgentUnderTest.start(settings -> settings.withPool(pool))) {
            HostClient client = agent.client();
            String first = client.newSandboxId();
            assertThat(client.start(first, Map.of("WHO", "first"))).isEqualTo(SandboxStart.FIRST.word());
            await().until(() -> pool(agent).getReady() > 0);
            agent.crashAndRestart();
            await().until(() -> pool(agent).getReady() > 0);

            String second = agent.client().newSandboxId();
            assertThat(agent.client().start(second, Map.of("WHO", "second"))).isEqualTo(SandboxStart.READY.word());
            assertThat(text(agent, second, "sh", "-c", "echo $WHO; hostname; ls /tmp | wc -l"))
                    .isEqualTo("second\n" + second.replace('_', '-') + "\n0\n");
            assertThat(text(agent, first, "sh", "-c", "echo $WHO; hostname"))
                    .isEqualTo("first\n" + first.replace('_', '-') + "\n");
            agent.client().stop(first, 2);
            agent.client().stop(second, 2);
        }
    }

    private static String text(AgentUnderTest agent, String sandbox, String... argv) {
        return agent.client().output(agent.client().run(sandbox, argv), Stream.STREAM_ALL);
    }

    private static Pool pool(AgentUnderTest agent) {
        return agent.client().host().listPools(ListPoolsRequest.getDefaultInstance()).getPoolsList().stream()
                .findFirst()
                .orElse(Pool.getDefaultInstance());
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
