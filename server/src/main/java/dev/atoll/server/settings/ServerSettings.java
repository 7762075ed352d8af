package dev.atoll.server.settings;

import dev.atoll.hostagent.sandbox.SandboxSettings;
import dev.atoll.isolation.runtime.RuntimePlatform;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import dev.atoll.model.quantity.TimeSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of a platform in one process.
 *
 * @param home the data directory, absolute
 * @param databaseUrl an external database, or empty for the embedded one
 * @param debianMirror where the image {@code base} is assembled from, or empty for Debian's own archive
 * @param runsc the runtime, absolute
 * @param cgroupParent the control group below which every sandbox has its own
 * @param sandboxLimit most sandboxes at a time
 * @param stopGrace between SIGTERM and the end of the commands of a sandbox that is stopped
 * @param cpuOvercommitPercent CPU that sandboxes may be promised, in percent of the host's cores
 */
public record ServerSettings(
        Path home,
        ListenAddress listen,
        Optional<String> databaseUrl,
        Optional<String> debianMirror,
        Path runsc,
        RuntimePlatform platform,
        Optional<String> cgroupParent,
        int sandboxLimit,
        Duration stopGrace,
        int cpuOvercommitPercent,
        String logLevel) {
    private static final Set<String> LOG_LEVELS = Set.of("error", "warn", "info", "debug", "trace");
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
        return new ServerSettings(
                home,
                ListenAddress.parse(values.text(Setting.LISTEN)),
                Optional.of(databaseUrl).filter(url -> !url.isEmpty()),
                Optional.of(values.text(Setting.DEBIAN_MIRROR)).filter(mirror -> !mirror.isEmpty()),
                runsc.isEmpty()
                        ? home.resolve("runtime").resolve("runsc")
                        : Path.of(runsc).toAbsolutePath(),
                platform(values.text(Setting.RUNSC_PLATFORM)),
                cgroupParent(values.text(Setting.CGROUP_PARENT)),
                number(values, Setting.SANDBOX_LIMIT, MOST_SANDBOXES),
                duration(values, Setting.STOP_GRACE),
                number(values, Setting.CPU_OVERCOMMIT_PERCENT, MOST_OVERCOMMIT_PERCENT),
                logLevel(values.text(Setting.LOG_LEVEL)));
    }

    /** How sandboxes are made and taken down, where these settings say something. */
    public SandboxSettings sandboxes(SandboxSettings defaults) {
        return new SandboxSettings(
                defaults.attachTimeout(), stopGrace, defaults.endedRetention(), defaults.imageWait(), sandboxLimit);
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

    private static int number(SettingValues values, Setting setting, int most) {
        String text = values.text(setting);
        if (text.matches("[0-9]{1,6}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw refused(setting, text, "a whole number from 1 to " + most);
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
