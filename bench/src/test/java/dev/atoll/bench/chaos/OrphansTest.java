package dev.atoll.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.bench.chaos.HostThings.Thing;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrphansTest {
    private static final String LIVE = "sbx_aaaaaaaaaaaaaaaaaaaa";
    private static final String DEAD = "sbx_bbbbbbbbbbbbbbbbbbbb";
    private static final String BOX = "boxcccccccccccccccccccc";
    private static final String OTHER_BOX = "boxdddddddddddddddddddd";

    private static Thing process(String box, String sandbox) {
        return Thing.of(
                "process", "77 runsc-sandbox runsc --overlay2=dir=/h/host/sandboxes/" + sandbox + " boot " + box);
    }

    private static Thing group(String box) {
        return Thing.of("cgroup", "/sys/fs/cgroup/memory/chaos/" + box);
    }

    private static Set<String> among(int pooled, Thing... things) {
        return Orphans.among(List.of(things), Set.of(LIVE), Set.of(DEAD), pooled);
    }

    @Test
    void whatALiveSandboxHasIsOwned() {
        assertThat(among(
                        0,
                        process(BOX, LIVE),
                        group(BOX),
                        Thing.of("file", "/h/host/sandboxes/" + LIVE + "/box/in"),
                        Thing.of("mount", "/h/host/runsc/state/null-netns")))
                .isEmpty();
    }

    @Test
    void aProcessOfADeadSandboxIsNot() {
        assertThat(among(0, process(BOX, DEAD), group(BOX))).hasSize(2);
        assertThat(among(0, process(BOX, "sbx_eeeeeeeeeeeeeeeeeeee"))).hasSize(1);
    }

    @Test
    void ofADeadSandboxOnlyItsRecordsMayStay() {
        String directory = "/h/host/sandboxes/" + DEAD;
        assertThat(among(0, Thing.of("file", directory), Thing.of("file", directory + "/execs/execs.log")))
                .isEmpty();
        assertThat(among(0, Thing.of("file", directory + "/box/in"))).containsExactly("file " + directory + "/box/in");
        assertThat(among(0, Thing.of("file", "/h/host/sandboxes/sbx_eeeeeeeeeeeeeeeeeeee")))
                .hasSize(1);
    }

    @Test
    void boxesThatNameNoSandboxAreCounted() {
        assertThat(among(0, group(BOX))).as("the live sandbox's").isEmpty();
        assertThat(among(0, group(BOX), group(OTHER_BOX))).hasSize(2);
        assertThat(among(1, group(BOX), group(OTHER_BOX)))
                .as("one is kept ready")
                .isEmpty();
        assertThat(among(0, process(BOX, LIVE), group(OTHER_BOX)))
                .as("the live one's is known, so the other is nobody's")
                .containsExactly("cgroup /sys/fs/cgroup/memory/chaos/" + OTHER_BOX);
    }

    @Test
    void processesThatNameNothingAreNobodys() {
        assertThat(among(5, Thing.of("zombie", "9 runsc-gofer"), Thing.of("process", "8 sh /h/host/x")))
                .hasSize(2);
    }
}
