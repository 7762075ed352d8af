package dev.atoll.server.settings;

import dev.atoll.hostagent.pool.PoolSettings;
import dev.atoll.hostagent.retained.RetentionSettings;
import dev.atoll.hostagent.sandbox.SandboxSettings;
import dev.atoll.isolation.runtime.RuntimePlatform;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.MemorySize;
import dev.atoll.model.quantity.TimeSpan;
import dev.atoll.model.sandbox.SandboxSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The settings of a platform in one process.
 *
 * @param home the data directory, absolute
 * @param grpcListen where SDKs are served, if they are
 * @param databaseUrl an external database, or empty for the embedded one
 * @param debianMirror where the image {@code base} is assembled from, or empty for Debian's own archive
 * @param runsc the runtime, absolute
 * @param cgroupParent the control group below which every sandbox has its own
 * @param poolSize most sandboxes kept ready, or empty for what the host's memory allows
 * @param poolMin sandboxes of the default image and size kept ready whatever the demand
 * @param poolCpuPercent share of the host's cores that making them may use
 * @param sandboxLimit most sandboxes at a time
 * @param stopGrace between SIGTERM and the end of the commands of a sandbox that is stopped
 * @param retention how long, and how much of, what ended sandboxes said is kept
 * @param cpuOvercommitPercent CPU that sandboxes may be promised, in percent of the host's cores
 */
public record ServerSettings(
        Path home,
        ListenAddress listen,
        Optional<ListenAddress> grpcListen,
        Optional<String> databaseUrl,
        Optional<String> debianMirror,
        Path runsc,
        RuntimePlatform platform,
        Optional<String> cgroupParent,
        OptionalInt poolSize,
        int poolMin,
        int poolCpuPercent,
        int sandboxLimit,
        Duration stopGrace,
        RetentionSettings retention,
        int cpuOvercommitPercent,
        String logLevel) {
    private static final Set<String> LOG_LEVELS = Set.of("error", "warn", "info", "debug", "trace");
    private static final int MOST_POOLED = 10_000;
    private static final int MOST_POOL_CPU_PERCENT = 100;
    private static final int MOST_SANDBOXES = 100_000;
    private static final int MOST_OVERCOMMIT_PERCENT = 10_000;
    private static final int MOST_HOME_CHARACTERS = 55;

    /** Reads every setting; a problem names the first that cannot be used. */
    public static ServerSettings of(SettingValues values) {
        Path home = Path.of(values.text(Setting.HOME)).toAbsolutePath().normalize();
        if (home.toString().length() > MOST_HOME_CHARACTERS) {
            throw refused(
                    Setting.HOME,
                    home.toString(),
                    "a path of at most " + MOST_HOME_CHARACTERS + " characters, since sockets lie below it");
        }
        String runsc = values.text(Setting.RUNSC);
        String databaseUrl = values.text(Setting.DATABASE_URL);
        ListenAddress listen = ListenAddress.parse(values.text(Setting.LISTEN));
        return new ServerSettings(
                home,
                listen,
                grpcListen(values.text(Setting.GRPC_LISTEN), listen),
                Optional.of(databaseUrl).filter(url -> !url.isEmpty()),
                Optional.of(values.text(Setting.DEBIAN_MIRROR)).filter(mirror -> !mirror.isEmpty()),
                runsc.isEmpty()
                        ? home.resolve("runtime").resolve("runsc")
                        : Path.of(runsc).toAbsolutePath(),
                platform(values.text(Setting.RUNSC_PLATFORM)),
                cgroupParent(values.text(Setting.CGROUP_PARENT)),
                values.text(Setting.POOL_SIZE).isEmpty()
                        ? OptionalInt.empty()
                        : OptionalInt.of(number(values, Setting.POOL_SIZE, 0, MOST_POOLED)),
                number(values, Setting.POOL_MIN, 0, MOST_POOLED),
                number(values, Setting.POOL_CPU_PERCENT, 1, MOST_POOL_CPU_PERCENT),
                number(values, Setting.SANDBOX_LIMIT, 1, MOST_SANDBOXES),
                duration(values, Setting.STOP_GRACE),
                new RetentionSettings(
                        duration(values, Setting.RETENTION),
                        size(values, Setting.RETENTION_SIZE),
                        number(values, Setting.RETENTION_COUNT, 0, MOST_SANDBOXES)),
                number(values, Setting.CPU_OVERCOMMIT_PERCENT, 100, MOST_OVERCOMMIT_PERCENT),
                logLevel(values.text(Setting.LOG_LEVEL)));
    }

    /** How sandboxes are made and taken down, where these settings say something. */
    public SandboxSettings sandboxes(SandboxSettings defaults) {
        return new SandboxSettings(
                defaults.attachTimeout(), stopGrace, defaults.endedRetention(), defaults.imageWait(), sandboxLimit);
    }

    private static Optional<ListenAddress> grpcListen(String text, ListenAddress api) {
        return switch (text) {
            case "off" -> Optional.empty();
            case "" -> Optional.of(api.next());
            default -> Optional.of(ListenAddress.parse(text));
        };
    }

    private static RuntimePlatform platform(String text) {
        for (RuntimePlatform platform : RuntimePlatform.values()) {
            if (platform.name().equalsIgnoreCase(text)) {
                return platform;
            }
        }
        throw refused(Setting.RUNSC_PLATFORM, text, "systrap, kvm or ptrace");
    }

    private static Optional<String> cgroupParent(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("[a-z][a-z0-9-]{0,40}")) {
            throw refused(Setting.CGROUP_PARENT, text, "lower-case letters, digits and '-'");
        }
        return Optional.of(text);
    }

    /** What is kept ready on this host. */
    public PoolSettings pool(PoolSettings byHost, ImageName image, SandboxSize size) {
        PoolSettings sized = byHost.withCpuPercent(poolCpuPercent);
        if (poolSize.isPresent()) {
            sized = sized.withMost(poolSize.getAsInt());
        }
        return poolMin == 0
                ? sized
                : sized.withPinned(List.of(new PoolSettings.Pinned(image, size, Math.min(poolMin, sized.most()))));
    }

    private static int number(SettingValues values, Setting setting, int least, int most) {
        String text = values.text(setting);
        if (text.matches("[0-9]{1,6}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw refused(setting, text, "a whole number from " + least + " to " + most);
    }

    private static Duration duration(SettingValues values, Setting setting) {
        String text = values.text(setting);
        try {
            return TimeSpan.parse(text);
        } catch (ProblemException e) {
            throw new ProblemException(
                    refused(setting, text, "a duration such as 200ms or 5s").problem(), e);
        }
    }

    private static long size(SettingValues values, Setting setting) {
        String text = values.text(setting);
        try {
            return MemorySize.parse(text).bytes();
        } catch (ProblemException e) {
            throw new ProblemException(
                    refused(setting, text, "a size such as 512Mi or 4Gi").problem(), e);
        }
    }

    private static String logLevel(String text) {
        String level = text.toLowerCase(Locale.ROOT);
        if (!LOG_LEVELS.contains(level)) {
            throw refused(Setting.LOG_LEVEL, text, "error, warn, info, debug or trace");
        }
        return level;
    }

    private static ProblemException refused(Setting setting, String text, String wanted) {
        return Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        "The setting " + setting.key() + " is '" + text + "'.",
                        "Set it to " + wanted + ", by --" + setting.key() + " or " + setting.variable() + ".")
                .asException();
    }
}
