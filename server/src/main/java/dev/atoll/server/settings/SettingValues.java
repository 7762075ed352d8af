package dev.atoll.server.settings;

import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import dev.atoll.model.problem.ProblemException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The texts of the settings, and where each comes from. What is not a setting is refused: a misspelt one is not to be silently a default.
 */
public final class SettingValues {
    /** Variables of the command line and the launcher, which the server's environment has as well. */
    private static final Set<String> OTHERS =
            Set.of("ATOLL_URL", "ATOLL_API_KEY", "ATOLL_ROOT", "ATOLL_JAVA", "ATOLL_SERVER_CP", "ATOLL_SERVER_OPTS");

    private record Value(String text, String source) {}

    private final Map<Setting, Value> values;

    private SettingValues(Map<Setting, Value> values) {
        this.values = values;
    }

    /** Reads flags and environment; a problem names what is none of the settings. */
    public static SettingValues read(List<String> arguments, Map<String, String> environment) {
        Map<Setting, Value> values = new EnumMap<>(Setting.class);
        environment.forEach((variable, text) -> {
            if (variable.startsWith("ATOLL_") && !OTHERS.contains(variable)) {
                Setting setting =
                        Setting.ofVariable(variable).orElseThrow(() -> unknown("environment variable", variable));
                put(values, setting, text, variable);
            }
        });
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw unknown("argument", argument);
            }
            Setting setting = Setting.ofKey(argument.substring(2, equals))
                    .orElseThrow(() -> unknown("setting", argument.substring(0, equals)));
            put(values, setting, argument.substring(equals + 1), "--" + setting.key());
        }
        return new SettingValues(values);
    }

    private static void put(Map<Setting, Value> values, Setting setting, String text, String source) {
        if (!text.isEmpty()) {
            values.put(setting, new Value(text, source));
        }
    }

    /** The text of a setting: what was given, or what holds without it. */
    public String text(Setting setting) {
        Value value = values.get(setting);
        return value == null ? setting.otherwise() : value.text();
    }

    /** A line per setting for people, with its source; no secret is in it. */
    public List<String> lines() {
        return Stream.of(Setting.values())
                .map(setting -> {
                    Value value = values.get(setting);
                    String source = value == null ? "default" : value.source();
                    return setting.key() + "=" + shown(text(setting)) + " (" + source + ")";
                })
                .toList();
    }

    /** A database's address may hold a password, as a parameter or before the host. */
    private static String shown(String text) {
        return text.replaceAll("(?i)(password=)[^&]*", "$1***").replaceAll("(://[^/@:]*:)[^/@]*@", "$1***@");
    }

    /** How to write the settings, for {@code --help}. */
    public static String help() {
        return Stream.of(Setting.values())
                .map(setting -> "  --%s=… (%s)%n      %s%s%n"
                        .formatted(
                                setting.key(),
                                setting.variable(),
                                setting.help(),
                                setting.otherwise().isEmpty() ? "" : "; " + setting.otherwise() + " when not set"))
                .collect(Collectors.joining());
    }

    private static ProblemException unknown(String what, String name) {
        return Problem.of(
                        ProblemCode.INVALID_REQUEST,
                        "There is no " + what + " '" + name + "'.",
                        "The settings are "
                                + Stream.of(Setting.values())
                                        .map(s -> "--" + s.key())
                                        .collect(Collectors.joining(", "))
                                + ", each with =value.")
                .asException();
    }
}
