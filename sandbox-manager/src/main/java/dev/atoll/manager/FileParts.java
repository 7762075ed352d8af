package dev.atoll.manager;

import dev.atoll.manager.batch.Batch;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.file.Edits;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.file.SignedUrls;
import dev.atoll.manager.file.Watches;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.repeat.Repeats;
import dev.atoll.manager.sandbox.SandboxRoutes;

/** The use cases on files, and those that are made of them. Closing it ends the watches that are kept. */
public record FileParts(Files files, Edits edits, SignedUrls urls, Watches watches, Batch batch, Repeats repeats)
        implements AutoCloseable {
    static FileParts assemble(
            SandboxRoutes routes,
            HostDirectory directory,
            Execs execs,
            ManagerStores stores,
            ManagerSurroundings around) {
        Files files = new Files(routes, directory);
        Edits edits = new Edits(files);
        return new FileParts(
                files,
                edits,
                new SignedUrls(routes, stores.urls(), around.random(), around.clock()),
                new Watches(files, around.threads(), around.random(), around.clock()),
                new Batch(files, edits, execs),
                new Repeats(stores.answers(), around.clock()));
    }

    @Override
    public void close() {
        watches.close();
    }
}
