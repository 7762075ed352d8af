package dev.atoll.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the log to {@code log/server.log} under the data directory, which is renamed when it is full so that it never takes more than a
 * few times {@value #MAX_FILE}, and to standard output, unless that is the very same file. One line per event; a stack trace follows on
 * lines of its own.
 */
public final class ServerLog {
    /** Size at which the file is renamed. */
    public static final String MAX_FILE = "16MB";

    private static final int OLD_FILES = 3;
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0} %replace(%msg){'[\\r\\n]+',' | '}%n%ex{full}";

    private ServerLog() {}

    /** Into the file below {@code home}, and to stdout where that is another. Replaces whatever logging was set up before. */
    public static void start(Path home, String level) throws IOException {
        Path file = startInFile(home, level);
        if (!isStandardOutput(file)) {
            LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
            context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(started(context, new ConsoleAppender<>()));
        }
    }

    /** Into the file below {@code home} only, for commands whose stdout is their answer. Returns the file. */
    public static Path startInFile(Path home, String level) throws IOException {
        Path file = home.resolve("log").resolve("server.log");
        Files.createDirectories(file.getParent());
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(started(context, rolling(context, file)));
        context.getLogger("dev.atoll").setLevel(Level.toLevel(level));
        for (String chatty :
                new String[] {"io.javalin", "org.eclipse.jetty", "org.flywaydb", "com.zaxxer", "io.zonky", "io.grpc"}) {
            context.getLogger(chatty).setLevel(Level.WARN);
        }
        return file;
    }

    private static RollingFileAppender<ILoggingEvent> rolling(LoggerContext context, Path file) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());
        FixedWindowRollingPolicy policy = new FixedWindowRollingPolicy();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file + ".%i");
        policy.setMaxIndex(OLD_FILES);
        policy.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(FileSize.valueOf(MAX_FILE));
        trigger.start();
        appender.setRollingPolicy(policy);
        appender.setTriggeringPolicy(trigger);
        return appender;
    }

    private static OutputStreamAppender<ILoggingEvent> started(
            LoggerContext context, OutputStreamAppender<ILoggingEvent> appender) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        return appender;
    }

    private static boolean isStandardOutput(Path file) {
        try {
            return Files.isSameFile(file, Path.of("/proc/self/fd/1"));
        } catch (IOException notAFile) {
            // A pipe or a terminal: certainly another place.
            return false;
        }
    }
}
