package dev.atoll.manager;

import dev.atoll.manager.admission.AdmissionSettings;
import dev.atoll.manager.event.NewsSettings;
import dev.atoll.manager.outbox.OutboxSettings;
import dev.atoll.manager.placement.PlacementSettings;
import dev.atoll.manager.reconcile.ReconcileSettings;
import dev.atoll.manager.run.RunSettings;
import dev.atoll.manager.sandbox.SandboxSettings;

/** The settings of every part. */
public record ManagerSettings(
        PlacementSettings placement,
        AdmissionSettings admission,
        OutboxSettings outbox,
        SandboxSettings sandbox,
        ReconcileSettings reconcile,
        RunSettings run,
        NewsSettings news) {
    public static final ManagerSettings DEFAULTS = new ManagerSettings(
            PlacementSettings.DEFAULTS,
            AdmissionSettings.DEFAULTS,
            OutboxSettings.DEFAULTS,
            SandboxSettings.DEFAULTS,
            ReconcileSettings.DEFAULTS,
            RunSettings.DEFAULTS,
            NewsSettings.DEFAULTS);

    public ManagerSettings withPlacement(PlacementSettings other) {
        return new ManagerSettings(other, admission, outbox, sandbox, reconcile, run, news);
    }
}
