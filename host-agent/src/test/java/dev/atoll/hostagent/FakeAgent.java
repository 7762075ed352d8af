package dev.atoll.hostagent;

import dev.atoll.isolation.guest.FakeGuest;
import dev.atoll.isolation.runtime.FakeHost;
import dev.atoll.isolation.runtime.FakeSandboxRuntime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The whole agent over a runtime and guests that are fakes. */
public final class FakeAgent implements AutoCloseable {
    private final FakeHost host = new FakeHost();
    private final HostAgent agent;

    public FakeAgent(Path data) throws IOException {
        HostAgentSettings settings =
                HostAgentSettings.of(data, Path.of("/nowhere/runsc")).withRecipes(Map.of());
        agent = HostAgentWiring.start(
                settings,
                new FakeSandboxRuntime(host),
                (toGuest, fromGuest) -> FakeGuest.standard().connect(),
                new SimpleMeterRegistry(),
                Clock.systemUTC(),
                new HostAgent.Parts());
    }

    public HostAgent agent() {
        return agent;
    }

    @Override
    public void close() {
        agent.close();
    }
}
