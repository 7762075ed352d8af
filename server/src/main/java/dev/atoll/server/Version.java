package dev.atoll.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of the platform, as the build wrote it down. */
final class Version {
    private static final String RESOURCE = "version.properties";

    private Version() {}

    static String text() {
        try (InputStream file = Objects.requireNonNull(Version.class.getResourceAsStream(RESOURCE))) {
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
