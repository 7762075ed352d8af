package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atoll.cli.Cli.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page of help, word for word, so that a change of what can be typed is seen by whoever reviews it. */
class HelpTest {
    private static final List<String> COMMANDS = List.of(
            "run",
            "exec",
            "shell",
            "attach",
            "logs",
            "session run",
            "session create",
            "session ls",
            "session rm",
            "code run",
            "code create",
            "code ls",
            "code interrupt",
            "code restart",
            "code rm",
            "create",
            "ls",
            "rm",
            "cp",
            "events",
            "top",
            "extend",
            "hold",
            "image ls",
            "image import",
            "image make",
            "image rm",
            "up",
            "down",
            "status",
            "sweep",
            "doctor",
            "setup",
            "test",
            "bench",
            "completion",
            "version");

    private final Cli cli = new Cli();

    private String help(String... words) {
        Result result =
                cli.run(Stream.concat(Stream.of("help"), Stream.of(words)).toArray(String[]::new));
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        return result.out();
    }

    @Test
    void isAsWrittenDown() throws IOException {
        StringBuilder all = new StringBuilder("$ atoll help\n" + help());
        COMMANDS.forEach(command ->
                all.append("\n$ atoll help ").append(command).append('\n').append(help(command.split(" "))));
        try (InputStream golden = HelpTest.class.getResourceAsStream("help.txt")) {
            assertThat(all.toString())
                    .as(
                            "help as in src/test/resources/dev/atoll/cli/help.txt; when the change is meant, change the file too")
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void isTheSameHoweverItIsAskedFor() {
        assertThat(cli.run().out()).isEqualTo(help());
        assertThat(cli.run("--help").out()).isEqualTo(help());
        assertThat(cli.run("run", "--help").out()).isEqualTo(help("run"));
        assertThat(cli.run("image", "ls", "-h").out()).isEqualTo(help("image", "ls"));
        assertThat(cli.run("image").out()).isEqualTo(help("image"));
    }

    @Test
    void theHelpOfACommandIsNotTheHelpOfWhatItRuns() {
        assertThat(cli.run("exec", "--", "tool", "--help").err()).contains("Say which sandbox.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runn", "image nope", "help nope", "--version"})
    void whatDoesNotExistIsAUsageProblem(String line) {
        Result result = cli.run(line.split(" "));
        assertThat(result.code()).isEqualTo(64);
        assertThat(result.err()).startsWith("atoll: There is no command '").contains("code: usage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctor", "setup", "test", "bench"})
    void whatTheLauncherDoesPointsToIt(String command) {
        Result result = cli.run(command);
        assertThat(result.code()).isEqualTo(69);
        assertThat(result.err()).contains("./atoll " + command);
    }
}
