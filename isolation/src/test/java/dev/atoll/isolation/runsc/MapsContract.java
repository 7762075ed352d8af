package dev.atoll.isolation.runsc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.isolation.guest.NativeGuest;
import dev.atoll.isolation.guest.SanitizedBuild;
import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.HostLeftovers;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random maps of memory in a box of every accepted runsc, by several processes at once, each with a model of what it must find;
 * {@code -Datoll.maps.rounds=1000} for a long run, {@code -Datoll.maps.seed=N} for another.
 */
abstract class MapsContract {
    private static final int ROUNDS = Integer.getInteger("atoll.maps.rounds", 1);
    private static final long SEED = Long.getLong("atoll.maps.seed", 1);
    private static final int AT_ONCE = 2;
    private static final String OPERATIONS = "150";
    private static final int MOST_THREADS = 2;
    private static final int VICTIM_BYTES = 70_000;
    private static final long MIB = 1L << 20;
    private static final BoxLimits LIMITS =
            BoxLimits.of(512 * MIB, 2_000, 64 * MIB).withInodes(2_000);

    private Path place;
    private HostLeftovers before;
    private Poller poller;
    private RunscRuntime runtime;
    private RootFilesystem image;

    protected abstract Path runsc();

    protected abstract String cgroupParent();

    /** Whether this runsc has our changes; see {@code guest/test/maps_stress.c}. */
    protected abstract boolean isStrict();

    @BeforeEach
    void open() throws Exception {
        place = Files.createTempDirectory("atoll-");
        before = HostLeftovers.snapshot(place, cgroupParent());
        Path tree = TestRoots.directory(place.resolve("tree"));
        build(tree.resolve("bin"));
        byte[] content = Arrays.copyOf(Files.readAllBytes(tree.resolve("bin/busybox")), VICTIM_BYTES);
        for (int i = 0; i < AT_ONCE * ROUNDS; i++) {
            Files.write(tree.resolve("etc/victim" + i), content);
        }
        image = new RootFilesystem.ErofsFile(TestRoots.erofs(tree, place.resolve("image.erofs")));
        poller = new Poller(Thread.ofPlatform().daemon().name("poller").factory());
        RunscSettings settings = RunscSettings.of(runsc(), place.resolve("rt")).withCgroupParent(cgroupParent());
        runtime = RunscRuntime.open(settings, poller, Thread.ofVirtual().factory());
    }

    private static void build(Path directory) throws Exception {
        Path script = SanitizedBuild.sources().resolve("test/build_maps.sh");
        Process build = new ProcessBuilder(script.toString(), directory.toString())
                .inheritIO()
                .start();
        assertThat(build.waitFor()).isZero();
    }

    @AfterEach
    void leaveNothing() throws IOException {
        runtime.list().forEach(runtime::destroy);
        runtime.close();
        poller.close();
        BoxFixture.removeTree(place.resolve("b"));
        assertThat(HostLeftovers.snapshot(place, cgroupParent()).since(before))
                .allMatch(thing -> thing.startsWith("file " + place));
        BoxFixture.removeTree(place);
    }

    @Test
    void everyPageIsWhatItMustBe() throws Exception {
        BoxSpec box = new BoxFixture(place.resolve("b"), NativeGuest.binary()).newSpec(image, LIMITS);
        runtime.create(box);
        runtime.start(box.id());
        try (CommandsInBox commands = new CommandsInBox(poller, box)) {
            for (int round = 0; round < ROUNDS; round++) {
                int[] started = new int[AT_ONCE];
                for (int i = 0; i < AT_ONCE; i++) {
                    started[i] = commands.start(command(round * AT_ONCE + i));
                }
                for (int i = 0; i < AT_ONCE; i++) {
                    String seed = Long.toString(SEED + round * AT_ONCE + i);
                    assertThat(commands.end(started[i]))
                            .startsWith("seed " + seed + ": " + OPERATIONS + " operations, ");
                }
            }
        }
    }

    private String[] command(int number) {
        return List.of(
                        "/bin/maps-stress",
                        Long.toString(SEED + number),
                        OPERATIONS,
                        "/etc",
                        Integer.toString(number % (MOST_THREADS + 1)),
                        isStrict() ? "strict" : "lenient",
                        "/etc/victim" + number)
                .toArray(String[]::new);
    }
}
