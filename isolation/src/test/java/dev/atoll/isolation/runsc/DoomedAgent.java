package dev.atoll.isolation.runsc;

import dev.atoll.isolation.linux.Poller;
import dev.atoll.isolation.runtime.BoxLimits;
import dev.atoll.isolation.runtime.BoxSpec;
import dev.atoll.isolation.runtime.RootFilesystem;
import java.nio.file.Path;

/** A JVM that makes boxes until it is killed: prints {@code making ID} before and {@code started ID} after each. */
final class DoomedAgent {

    private DoomedAgent() {}

    public static void main(String[] arguments) throws Exception {
        Path runsc = Path.of(arguments[0]);
        Path directory = Path.of(arguments[1]);
        Poller poller = new Poller(Thread.ofPlatform().daemon().factory());
        RunscSettings settings =
                RunscSettings.of(runsc, directory.resolve("rt")).withCgroupParent(arguments[2]);
        RunscRuntime runtime =
                RunscRuntime.open(settings, poller, Thread.ofVirtual().factory());
        BoxFixture fixture = new BoxFixture(directory.resolve("b"), directory.resolve("init"));
        while (true) {
            BoxSpec spec = fixture.newSpec(
                    new RootFilesystem.DirectoryTree(directory.resolve("tree")), BoxLimits.of(64L << 20, 1000));
            System.out.println("making " + spec.id());
            runtime.create(spec);
            runtime.start(spec.id());
            System.out.println("started " + spec.id());
        }
    }
}
