package dev.atoll.cli;

import dev.atoll.cli.CommandLine.Actions;
import dev.atoll.cli.code.CodeCommands;
import dev.atoll.cli.code.CodeRunCommand;
import dev.atoll.cli.code.RunInterrupts;
import dev.atoll.cli.command.CommandTable;
import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.command.ShellCompletion;
import dev.atoll.cli.copy.CopyCommand;
import dev.atoll.cli.exec.AttachCommand;
import dev.atoll.cli.exec.ExecCommand;
import dev.atoll.cli.exec.ExecSession;
import dev.atoll.cli.exec.LogsCommand;
import dev.atoll.cli.exec.ShellCommand;
import dev.atoll.cli.exec.SignalRelay;
import dev.atoll.cli.http.ApiClient;
import dev.atoll.cli.image.ImageCommands;
import dev.atoll.cli.image.ImageImportCommand;
import dev.atoll.cli.platform.ApiKey;
import dev.atoll.cli.platform.DownCommand;
import dev.atoll.cli.platform.LauncherCommand;
import dev.atoll.cli.platform.LocalPlatform;
import dev.atoll.cli.platform.Settings;
import dev.atoll.cli.platform.StatusCommand;
import dev.atoll.cli.platform.SweepCommand;
import dev.atoll.cli.platform.UpCommand;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.run.RunCommand;
import dev.atoll.cli.sandbox.EventsCommand;
import dev.atoll.cli.sandbox.LifetimeCommands;
import dev.atoll.cli.sandbox.RemoveCommand;
import dev.atoll.cli.sandbox.SandboxCommands;
import dev.atoll.cli.sandbox.SandboxCreation;
import dev.atoll.cli.sandbox.TopCommand;
import dev.atoll.cli.session.SessionCommands;
import dev.atoll.cli.session.SessionRunCommand;
import dev.atoll.cli.terminal.Signals;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds;
import dev.atoll.cli.timing.Timing;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Puts the client together, once per process.
 *
 * @param environment the variables that {@link Settings} reads
 * @param streams our stdin, stdout and stderr
 * @param timing time
 * @param randomKeys makes idempotency keys
 * @param threads makes the threads that nobody waits for
 * @param signals the signals that reach us
 * @param endNow ends the process at once
 */
record CliWiring(
        Map<String, String> environment,
        StandardStreams streams,
        Timing timing,
        Supplier<String> randomKeys,
        ThreadFactory threads,
        Signals.Source signals,
        IntConsumer endNow) {
    private static final int KEY_BYTES = 16;

    /** The client of this process. */
    static CliWiring of(StandardStreams streams) {
        return new CliWiring(
                System.getenv(),
                streams,
                new SystemTiming(),
                CliWiring::randomKey,
                CliWiring::daemon,
                Signals::ofThisProcess,
                Runtime.getRuntime()::halt);
    }

    /** The commands. Fails with a problem when the environment cannot be used. */
    CommandTable commands() {
        Settings settings = Settings.of(environment);
        ApiClient api = new ApiClient(settings.endpoint(), new ApiKey(settings), timing, randomKeys);
        LocalPlatform platform = new LocalPlatform(settings, api, streams, timing);
        Supplier<SignalRelay> relays = () -> new SignalRelay(api, streams, signals, endNow);
        ExecSession session = new ExecSession(api, streams, timing, threads, environment.getOrDefault("TERM", "xterm"));
        SandboxCreation creation = new SandboxCreation(api, streams, timing);
        SandboxCommands sandboxes = new SandboxCommands(api, streams, timing);
        LifetimeCommands lives = new LifetimeCommands(api, streams);
        ImageCommands images = new ImageCommands(api, streams, timing);
        return CommandLine.table(new Actions(
                new RunCommand(api, platform, creation, session, relays, streams),
                new ExecCommand(api, session, relays),
                new ShellCommand(api, session, streams, relays),
                new AttachCommand(api, session, relays),
                new LogsCommand(api, streams, timing),
                sandboxes::create,
                sandboxes::list,
                new RemoveCommand(api, streams, timing),
                new CopyCommand(api, streams, timing, threads),
                new EventsCommand(api, streams),
                new TopCommand(api, streams, timing, StreamKinds::outputIsTerminal),
                lives::extend,
                lives::hold,
                states(api, session, relays),
                images::list,
                new ImageImportCommand(api, streams, timing),
                images::make,
                images::remove,
                new UpCommand(settings, api, platform, streams, signals),
                new DownCommand(settings, streams, timing),
                new StatusCommand(settings, api, streams),
                new SweepCommand(settings, api, streams),
                new LauncherCommand(),
                this::completion,
                this::version));
    }

    private StateCommandLine.Actions states(ApiClient api, ExecSession session, Supplier<SignalRelay> relays) {
        return new StateCommandLine.Actions(
                new SessionRunCommand(api, session, streams, relays),
                new SessionCommands(api, streams, timing),
                new CodeRunCommand(api, streams, timing, () -> new RunInterrupts(api, streams, signals, endNow)),
                new CodeCommands(api, streams, timing));
    }

    private int completion(Invocation invocation) {
        streams.print(ShellCompletion.script(commands(), invocation.operand("shell")));
        return ExitCode.OK.number();
    }

    private int version(Invocation invocation) {
        invocation.noOperands();
        String version = CliWiring.class.getPackage().getImplementationVersion();
        String known = version == null ? "unpackaged" : version;
        streams.line(invocation.json() ? "{\"version\":\"" + known + "\"}" : "atoll " + known);
        return ExitCode.OK.number();
    }

    /** 128 random bits straight from the kernel: loading a {@code SecureRandom} takes longer than a whole request. */
    private static String randomKey() {
        try (FileInputStream random = new FileInputStream("/dev/urandom")) {
            return "cli-" + HexFormat.of().formatHex(random.readNBytes(KEY_BYTES));
        } catch (IOException impossible) {
            throw new IllegalStateException("/dev/urandom cannot be read", impossible);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "atoll-cli");
        thread.setDaemon(true);
        return thread;
    }

    private static final class SystemTiming implements Timing {
        private static final Clock CLOCK = Clock.systemUTC();

        @Override
        public Clock clock() {
            return CLOCK;
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration span) {
            LockSupport.parkNanos(span.toNanos());
        }
    }
}
