package dev.atoll.manager;

import dev.atoll.manager.advice.ExecAdvisor;
import dev.atoll.manager.describe.SandboxDescriptions;
import dev.atoll.manager.exec.Execs;
import dev.atoll.manager.file.Files;
import dev.atoll.manager.image.Images;
import dev.atoll.manager.run.RunSettings;
import dev.atoll.manager.run.RunStore;
import dev.atoll.manager.run.Runs;
import dev.atoll.manager.run.RunsUnderWay;
import dev.atoll.manager.sandbox.Sandboxes;
import dev.atoll.manager.view.OutputViews;
import dev.atoll.model.id.Ids;

/** The use cases that agents have, made of the others. Closing it leaves the runs that are under way to the next life. */
public record AgentParts(
        OutputViews views, ExecAdvisor advisor, SandboxDescriptions descriptions, Runs runs, RunsUnderWay underWay)
        implements AutoCloseable {
    static AgentParts assemble(
            RunSettings settings,
            RunStore store,
            Sandboxes sandboxes,
            Execs execs,
            Images images,
            Files files,
            Ids ids,
            ManagerSurroundings around) {
        OutputViews views = new OutputViews(execs, System::nanoTime);
        RunsUnderWay underWay = new RunsUnderWay(
                store,
                sandboxes,
                execs,
                views,
                files,
                ids,
                around.threads(),
                around.timers(),
                around.clock(),
                settings,
                around.meters());
        return new AgentParts(
                views,
                new ExecAdvisor(execs, sandboxes, around.clock()),
                new SandboxDescriptions(sandboxes, execs, images, views, around.clock()),
                new Runs(store, underWay, ids, around.clock(), settings, around.meters()),
                underWay);
    }

    /** Takes up the runs that an earlier life has left. */
    void start() {
        underWay.start();
    }

    @Override
    public void close() {
        underWay.close();
    }
}
