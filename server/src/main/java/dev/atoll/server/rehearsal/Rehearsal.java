package dev.atoll.server.rehearsal;

import dev.atoll.model.problem.ProblemException;
import dev.atoll.server.ServerWiring;
import dev.atoll.server.settings.ServerSettings;
import dev.atoll.server.settings.Setting;
import dev.atoll.server.settings.SettingValues;
import dev.atoll.server.start.AdminKeyFile;
import dev.atoll.server.start.DataDirectory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Starts the real platform on a data directory of its own, does what users do, stops it and removes the directory. The set-up runs it with
 * {@code -XX:AOTCacheOutput}, so that the JVM's cache holds the classes that a platform loads and what is hot in them.
 *
 * <p>Arguments are settings, of which {@code --home} has to be given and must not exist yet, unless a rehearsal that was killed left it;
 * {@value #CLEAR} only removes such a one. Of the environment only what says how runsc runs is read: the database, the address and the
 * control group that a platform of this machine may have are not touched. Ends with 0 and without a word, or with 1 and the reason on
 * standard error, within {@value #LONGEST_SECONDS} s. SIGTERM and SIGINT end it early, in order.
 */
public final class Rehearsal {
    /** Makes this process only end and remove what a killed rehearsal left. */
    static final String CLEAR = "--clear";

    /** Longest time until it gives up; it takes 13 to 20 on two cores. */
    static final long PLAY_SECONDS = 60;

    /** Longest time until this process is gone, whatever it waits for then. */
    static final long LONGEST_SECONDS = 120;

    private static final int FAILED = 1;
    private static final long STOP_SECONDS = LONGEST_SECONDS - PLAY_SECONDS;

    /** A free port, and few sandboxes kept ready: they only delay the end. */
    private static final List<String> OWN =
            List.of("--listen=127.0.0.1:0", "--grpc-listen=127.0.0.1:0", "--pool-size=3");

    private static final Set<String> RUNTIME = Set.of(Setting.RUNSC.variable(), Setting.RUNSC_PLATFORM.variable());

    private Rehearsal() {}

    public static void main(String[] arguments) {
        // The platform's log goes to its file, not to whoever waits for this.
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        CountDownLatch ended = new CountDownLatch(1);
        Thread player = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(player, ended)));
        ScheduledExecutorService guard = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("guard").factory());
        Future<?> late = guard.schedule(player::interrupt, PLAY_SECONDS, TimeUnit.SECONDS);
        var _ = guard.schedule(() -> Runtime.getRuntime().halt(FAILED), LONGEST_SECONDS, TimeUnit.SECONDS);
        int code = run(List.of(arguments), System.getenv());
        // From here on this thread waits for the JVM, which writes what it has learned.
        late.cancel(false);
        ended.countDown();
        System.exit(code);
    }

    private static int run(List<String> arguments, Map<String, String> environment) {
        try {
            ServerSettings settings = settings(arguments, environment);
            DataDirectory.requireRoot();
            Stage stage = new Stage(settings);
            if (arguments.contains(CLEAR)) {
                stage.clear();
            } else {
                stage.perform(platform -> play(platform, settings.home()));
            }
            return 0;
        } catch (InterruptedException e) {
            return failed("it was ended, or took longer than " + PLAY_SECONDS + " s");
        } catch (ProblemException e) {
            return failed(e.problem().detail() + " " + e.problem().hint());
        } catch (IOException | RuntimeException e) {
            return failed(e.toString());
        }
    }

    private static ServerSettings settings(List<String> arguments, Map<String, String> environment) {
        List<String> given = new ArrayList<>(OWN);
        given.addAll(
                arguments.stream().filter(argument -> !argument.equals(CLEAR)).toList());
        Map<String, String> runtime = environment.entrySet().stream()
                .filter(variable -> RUNTIME.contains(variable.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return ServerSettings.of(SettingValues.read(given, runtime));
    }

    private static void play(ServerWiring platform, Path home) throws IOException, InterruptedException {
        String key = new AdminKeyFile(home).read().orElseThrow();
        try (Caller caller = new Caller(platform.port(), key)) {
            new Scenes(caller).play();
        }
    }

    /** Lets the player end in order, when it was not its end that stops this process. */
    private static void stop(Thread player, CountDownLatch ended) {
        if (ended.getCount() > 0) {
            player.interrupt();
        }
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("atoll: the rehearsal of the platform does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int failed(String why) {
        System.err.println("atoll: the rehearsal of the platform failed: " + why);
        return FAILED;
    }
}
