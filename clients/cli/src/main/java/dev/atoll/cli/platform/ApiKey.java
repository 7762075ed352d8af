package dev.atoll.cli.platform;

import dev.atoll.cli.problem.ExitCode;
import dev.atoll.cli.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.function.Supplier;

/** Finds the key when the first request needs it, and again when the file was not there yet: the platform makes it at its first start. */
public final class ApiKey implements Supplier<String> {
    private final Settings settings;
    private volatile String found;

    public ApiKey(Settings settings) {
        this.settings = settings;
        this.found = usable(settings.apiKey());
    }

    @Override
    public String get() {
        if (found.isEmpty()) {
            found = read();
        }
        return found;
    }

    /** A key travels in a header, so it cannot have blanks or control characters; those at its ends are a copying mistake. */
    private static String usable(String key) {
        String stripped = key.strip();
        if (!stripped.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
            throw Problem.of(
                            "invalid_key",
                            ExitCode.CONFIGURATION,
                            "The API key has characters that no key has.",
                            "Copy it again.")
                    .asException();
        }
        return stripped;
    }

    private String read() {
        try {
            String key = usable(Files.readString(settings.keyFile()));
            if (!key.isEmpty()) {
                return key;
            }
        } catch (NoSuchFileException missing) {
            // Answered below, like an empty file.
        } catch (IOException unreadable) {
            throw Problem.of(
                            "key_unreadable",
                            ExitCode.NOT_PERMITTED,
                            "The key in " + settings.keyFile() + " cannot be read by this user.",
                            "Use sudo, or set ATOLL_API_KEY.")
                    .asException();
        }
        throw Problem.of(
                        Problem.KEY_MISSING,
                        ExitCode.NOT_PERMITTED,
                        "There is no API key: neither ATOLL_API_KEY nor the file " + settings.keyFile() + ".",
                        "Set ATOLL_API_KEY to a key of the platform, or start a platform on this machine: ./atoll up --detach")
                .asException();
    }
}
