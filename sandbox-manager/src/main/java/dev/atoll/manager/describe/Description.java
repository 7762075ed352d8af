package dev.atoll.manager.describe;

import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.quantity.TimeSpan;
import dev.atoll.model.sandbox.Sandbox;
import dev.atoll.model.sandbox.SandboxSize;
import dev.atoll.model.sandbox.SandboxState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A sandbox in words.
 *
 * @param text for a prompt: at most 200 tokens whatever the image says of itself
 * @param system such as {@code debian 13}, when it is known
 * @param tools names of programs that are there, of those that are looked for
 * @param cwd where commands run, when it has an ordinary name
 * @param user who runs them, likewise
 */
public record Description(
        String text, Optional<String> system, List<String> tools, Optional<String> cwd, Optional<String> user) {
    private static final Pattern ORDINARY_PATH = Pattern.compile("[A-Za-z0-9._/-]{1,32}");
    private static final Pattern ORDINARY_NAME = Pattern.compile("[A-Za-z0-9._:-]{1,16}");
    private static final Duration ROUNDED_ABOVE = Duration.ofMinutes(2);

    public Description {
        tools = List.copyOf(tools);
    }

    static Description of(Sandbox sandbox, ImageConfig config, Toolbox toolbox, Instant now) {
        Optional<String> cwd = Optional.of(config.workingDir())
                .map(path -> path.isEmpty() ? "/" : path)
                .filter(path -> ORDINARY_PATH.matcher(path).matches());
        Optional<String> user = Optional.of(config.user())
                .map(name -> name.isEmpty() || name.equals("0") ? "root" : name)
                .filter(name -> ORDINARY_NAME.matcher(name).matches());
        return new Description(text(sandbox, toolbox, cwd, user, now), toolbox.system(), toolbox.tools(), cwd, user);
    }

    private static String text(
            Sandbox sandbox, Toolbox toolbox, Optional<String> cwd, Optional<String> user, Instant now) {
        SandboxSize size = sandbox.spec().size();
        return "Linux sandbox"
                + toolbox.system().map(system -> " (" + system + ")").orElse("")
                + ": commands run as " + user.orElse("the image's user") + " in "
                + cwd.orElse("the image's directory (see pwd)") + ".\n"
                + (toolbox.tools().isEmpty() ? "" : "Tools: " + String.join(" ", toolbox.tools()) + ".\n")
                + "Limits: " + size.cpu() + " CPU, " + size.memory() + " memory, " + size.disk() + " disk, "
                + size.pids()
                + " processes. Network: none.\n"
                + life(sandbox, now)
                + "Long output: use max_output_tokens, grep or tail_lines; page with output/view?offset=head_end.\n";
    }

    private static String life(Sandbox sandbox, Instant now) {
        if (sandbox.state() != SandboxState.RUNNING) {
            return "It is " + sandbox.state().name().toLowerCase(Locale.ROOT) + ".\n";
        }
        Duration left = Duration.between(now, sandbox.expiresAt());
        Duration shown = left.isNegative()
                ? Duration.ZERO
                : left.compareTo(ROUNDED_ABOVE) > 0
                        ? Duration.ofMinutes(left.toMinutes())
                        : Duration.ofSeconds(left.toSeconds());
        return "It ends with all its files in " + TimeSpan.format(shown) + ".\n";
    }
}
