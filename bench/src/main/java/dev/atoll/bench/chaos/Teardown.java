package dev.atoll.bench.chaos;

import dev.atoll.bench.host.Commands;
import dev.atoll.bench.host.ControlGroups;
import dev.atoll.bench.host.Mounts;
import dev.atoll.bench.host.OwnDescendants;
import dev.atoll.bench.host.Pause;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Removes what a platform that was started to be killed left on this machine, so that a run that found something lost leaves nothing
 * itself.
 */
final class Teardown {
    private final Path home;
    private final String cgroupParent;
    private final Commands commands;
    private final Pause pause;

    Teardown(Path home, String cgroupParent, Commands commands, Pause pause) {
        this.home = home;
        this.cgroupParent = cgroupParent;
        this.commands = commands;
        this.pause = pause;
    }

    /** After the server has ended. */
    void run() throws IOException {
        OwnDescendants.end(home, pause);
        Mounts.removeBelow(home, commands);
        ControlGroups.remove(cgroupParent);
    }
}
