package dev.atoll.server;

import dev.atoll.hostagent.sandbox.OrphanSweep;
import dev.atoll.isolation.cgroup.PlatformCgroup;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.server.log.ServerLog;
import dev.atoll.server.settings.ServerSettings;
import dev.atoll.server.settings.SettingValues;
import dev.atoll.server.start.DataDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's process. SIGTERM and SIGINT stop it in order, and leave its sandboxes running unless it was asked to drain; a refusal to
 * start is told on standard error, with what to do.
 */
public final class Main {
    /** What makes this process only remove orphans, and print a line for each: its kind and its name. */
    static final String SWEEP = "--sweep";

    private static final int WRONG_ARGUMENTS = 64;
    private static final int UNAVAILABLE = 69;
    private static final int NOT_PERMITTED = 77;
    private static final long START_PATIENCE_SECONDS = 120;
    private static final Duration DRAIN_PATIENCE = Duration.ofMinutes(10);

    private Main() {}

    /** What runs in this process, and the control group it is in if it has one of its own. */
    private record Platform(ServerWiring wiring, Optional<PlatformCgroup> group) {}

    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(
                    "The Atoll platform in one process. Settings, by flag or by environment:\n" + SettingValues.help());
            return;
        }
        if (List.of(arguments).contains(SWEEP)) {
            System.exit(sweep(List.of(arguments)));
        }
        CompletableFuture<Platform> started = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(started), "stop"));
        try {
            started.complete(start(List.of(arguments), System.getenv()));
        } catch (ProblemException e) {
            started.completeExceptionally(e);
            System.exit(told(e.problem()));
        } catch (IOException | RuntimeException | Error e) {
            started.completeExceptionally(e);
            LoggerFactory.getLogger(Main.class).error("the platform could not be started", e);
            System.exit(
                    told(Problem.of(ProblemCode.INTERNAL, "The platform could not be started: " + e, "See the log.")));
        }
    }

    /** Removes what nobody owns, while no platform runs. */
    private static int sweep(List<String> arguments) {
        try {
            List<String> rest =
                    arguments.stream().filter(word -> !word.equals(SWEEP)).toList();
            ServerSettings settings = ServerSettings.of(SettingValues.read(rest, System.getenv()));
            // What is printed is what was removed: everything else belongs into the log.
            ServerLog.startInFile(settings.home(), settings.logLevel());
            List<OrphanSweep.Orphan> removed = ServerWiring.sweep(settings);
            removed.forEach(orphan -> System.out.println(orphan.kind() + " " + orphan.name()));
            return 0;
        } catch (ProblemException e) {
            return told(e.problem());
        } catch (IOException e) {
            return told(Problem.of(ProblemCode.INTERNAL, "The data directory cannot be looked through: " + e));
        }
    }

    private static Platform start(List<String> arguments, Map<String, String> environment) throws IOException {
        SettingValues values = SettingValues.read(arguments, environment);
        ServerSettings settings = ServerSettings.of(values);
        DataDirectory.requireRoot();
        DataDirectory.require(settings.home());
        ServerLog.start(settings.home(), settings.logLevel());
        Logger log = LoggerFactory.getLogger(Main.class);
        log.info("atoll {} starts with {}", Version.text(), String.join(", ", values.lines()));
        // Before anything is started, the database above all.
        Optional<PlatformCgroup> group = PlatformCgroup.join(ServerWiring.cgroupParent(settings));
        ServerWiring wiring;
        try {
            wiring = ServerWiring.start(settings);
        } catch (RuntimeException | Error e) {
            group.ifPresent(PlatformCgroup::close);
            throw e;
        }
        log.info(
                "the API listens on {}, port {}, and for SDKs on port {}; {} ms since the process began",
                settings.listen().host(),
                wiring.port(),
                wiring.grpcPort(),
                ManagementFactory.getRuntimeMXBean().getUptime());
        return new Platform(wiring, group);
    }

    private static void stop(CompletableFuture<Platform> started) {
        Logger log = LoggerFactory.getLogger(Main.class);
        try {
            Platform platform = started.get(START_PATIENCE_SECONDS, TimeUnit.SECONDS);
            ServerWiring wiring = platform.wiring();
            log.info("the platform stops");
            if (wiring.isToDrain()) {
                int left = wiring.drain(DRAIN_PATIENCE);
                log.info("sandboxes that have not ended: {}", left);
            }
            wiring.close();
            platform.group().ifPresent(PlatformCgroup::close);
            log.info("the platform has stopped");
        } catch (ExecutionException e) {
            // The start failed, which has been told; what it had opened is closed.
            return;
        } catch (TimeoutException e) {
            log.warn("the start has not ended, so it cannot be undone; the next start clears up");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int told(Problem problem) {
        System.err.println("atoll: " + problem.detail() + (problem.hint().isEmpty() ? "" : "\n  " + problem.hint()));
        return switch (problem.code()) {
            case INVALID_REQUEST -> WRONG_ARGUMENTS;
            case NOT_PERMITTED -> NOT_PERMITTED;
            default -> UNAVAILABLE;
        };
    }
}
