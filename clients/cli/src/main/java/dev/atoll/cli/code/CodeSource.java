package dev.atoll.cli.code;

import dev.atoll.cli.command.Invocation;
import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import dev.atoll.cli.terminal.StandardStreams;
import dev.atoll.cli.terminal.StreamKinds.Input;
import dev.atoll.cli.terminal.Utf8Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The code that a command line means: an operand, a file or stdin.
 *
 * @param sandbox the sandbox, by id or name
 * @param code the code
 * @param language the language that the file's name says, if there is a file and it says one
 */
record CodeSource(String sandbox, String code, Optional<String> language) {
    /** What the API takes of a body; with what is around the code and its escapes that may still be too much, which the platform says. */
    private static final int MAX_BYTES = 1_024 * 1_024;

    private static final String STDIN = "-";

    static CodeSource of(Invocation invocation, StandardStreams streams) {
        List<String> operands = invocation.operands();
        if (operands.isEmpty() || operands.size() > 2) {
            throw invocation.usage("Say which sandbox, and the code in one piece.");
        }
        String sandbox = operands.getFirst();
        Optional<String> file = invocation.value("file");
        if (file.isPresent()) {
            if (operands.size() == 2) {
                throw invocation.usage("The code is either said or in a file, not both.");
            }
            return new CodeSource(sandbox, read(file.get()), languageOf(file.get()));
        }
        if (operands.size() == 2 && !operands.getLast().equals(STDIN)) {
            return new CodeSource(sandbox, operands.getLast(), Optional.empty());
        }
        if (operands.size() == 1 && streams.kinds().input() != Input.DATA) {
            throw invocation.usage("Say the code, name a file with --file, or give it on stdin.");
        }
        return new CodeSource(sandbox, Utf8Text.of("stdin", streams.in(), MAX_BYTES), Optional.empty());
    }

    private static String read(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return Utf8Text.of(file, in, MAX_BYTES);
        } catch (NoSuchFileException missing) {
            throw unreadable(file, "there is no such file").asException();
        } catch (IOException failed) {
            throw unreadable(file, String.valueOf(failed.getMessage())).asException();
        }
    }

    private static Problem unreadable(String file, String why) {
        return Problem.of(
                "file_unreadable", ExitCode.NOT_FOUND, file + " cannot be read: " + why + ".", "Check the path.");
    }

    private static Optional<String> languageOf(String file) {
        String name = String.valueOf(Path.of(file).getFileName());
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "py" -> Optional.of("python");
            case "js", "mjs", "cjs" -> Optional.of("node");
            default -> Optional.empty();
        };
    }
}
