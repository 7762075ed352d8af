package dev.atoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion script, as bash runs it. */
class CompletionTest {
    private final Cli cli = new Cli();

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'atoll '|run exec shell attach logs session code create ls rm cp events top extend hold image up down status sweep doctor"
                        + " setup test bench completion version help",
                "atoll r|run rm",
                "'atoll image '|ls import make rm",
                "atoll run --c|--cpu --cold --cwd",
                "atoll image import --n|--name",
                "'atoll code '|run create ls interrupt restart rm",
                "atoll session run --s|--session",
                "atoll up --d|--detach"
            })
    void completes(String line, String expected) throws Exception {
        Path script = Files.writeString(
                directory.resolve("completion"), cli.run("completion", "bash").out());
        String ask = """
                source %s
                COMP_LINE=$1; read -ra COMP_WORDS <<< "$1"
                [[ $1 == *' ' ]] && COMP_WORDS+=('')
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _atoll
                echo "${COMPREPLY[*]}"
                """.formatted(script);
        Process bash = new ProcessBuilder(List.of("bash", "-c", ask, "bash", line))
                .redirectErrorStream(true)
                .start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo(expected);
    }

    @Test
    void zshLoadsTheSameThroughItsOwnBridge() {
        assertThat(cli.run("completion", "zsh").out())
                .isEqualTo("autoload -U +X bashcompinit && bashcompinit\n"
                        + cli.run("completion", "bash").out());
        assertThat(cli.run("completion", "fish").err())
                .contains("There is no completion for 'fish'.", "Say bash or zsh.");
    }
}
