package dev.atoll.hostagent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.hostagent.box.BootGate;
import dev.atoll.hostagent.box.HostedBox;
import dev.atoll.hostagent.journal.SandboxPlan;
import dev.atoll.isolation.runtime.FakeHost;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OrphanSweepTest {
    @TempDir
    Path directory;

    private FakeHostTools fakes;

    @BeforeEach
    void open() throws Exception {
        fakes = new FakeHostTools(directory);
    }

    @AfterEach
    void close() throws Exception {
        fakes.close();
    }

    @Test
    void whatSomebodyOwnsStays() throws Exception {
        SandboxPlan plan = fakes.plan(1);
        fakes.sandboxes.prepare(plan);
        HostedBox kept = HostedBox.begin(fakes.tools.boxes(), fakes.template());
        kept.makeWhole(BootGate.Urgency.AHEAD, () -> false);

        assertThat(fakes.sweep()).isEmpty();
        assertThat(kept.isUsable()).isTrue();
        fakes.sandboxes.stop(plan.sandbox(), 2);
        assertThat(kept.destroy()).isTrue();
        assertThat(fakes.traces()).isEmpty();
    }

    @Test
    void whatNobodyOwnsGoesWhereverItIs() throws Exception {
        FakeHostTools earlier = fakes;
        HostedBox box = HostedBox.begin(earlier.tools.boxes(), earlier.template());
        box.makeWhole(BootGate.Urgency.WANTED, () -> false);
        fakes = earlier.nextLife();
        fakes.tools.boxes().journals().remove(box.id().value());
        Files.createDirectories(fakes.tools.sandboxes().resolve("stranger/deep"));
        Files.writeString(fakes.tools.sandboxes().resolve("stranger/deep/file"), "x");
        Files.createDirectories(
                fakes.tools.sandboxes().resolve(fakes.plan(1).sandbox().value()));

        assertThat(fakes.sweep())
                .extracting(OrphanSweep.Orphan::kind)
                .containsExactlyInAnyOrder("box", "file", "sandbox");
        assertThat(fakes.traces()).isEmpty();
        assertThat(fakes.tools.sandboxes()).isEmptyDirectory();
        assertThat(fakes.sweep()).isEmpty();
        assertThat(fakes.metrics
                        .get("atoll.orphans.removed")
                        .tag("kind", "box")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeRemovedNowIsFoundAgain() throws Exception {
        FakeHostTools earlier = fakes;
        HostedBox box = HostedBox.begin(earlier.tools.boxes(), earlier.template());
        box.makeWhole(BootGate.Urgency.WANTED, () -> false);
        fakes = earlier.nextLife();
        fakes.host.failNext(FakeHost.Call.DESTROY, new IllegalStateException("once"));

        assertThat(fakes.sweep()).isEmpty();
        assertThat(fakes.sweep()).hasSize(1);
        assertThat(fakes.traces()).isEmpty();
    }
}
