package dev.atoll.hostagent.activity;

import dev.atoll.hostagent.journal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on in the sandboxes of this host, through its lives. {@link #save} is to be called every ten seconds: so much of an idle time
 * may be forgotten by a death of the agent, in the sandbox's favour, and so much of what execs did is told twice.
 */
public final class Activity {
    private static final Logger LOG = LoggerFactory.getLogger(Activity.class);

    private final Path file;
    private final ActivityClock clock;
    private final NewsFeed news;

    private Activity(Path file, ActivityClock clock, NewsFeed news) {
        this.file = file;
        this.clock = clock;
        this.news = news;
    }

    /** Takes up what an earlier life saved. {@code life} names this one. */
    public static Activity open(Path file, String life, Clock clock) throws IOException {
        ActivityMarks before = read(file, clock);
        ActivityClock uses = new ActivityClock(before, clock);
        return new Activity(file, uses, new NewsFeed(life, before.newsTaken(), uses, clock));
    }

    private static ActivityMarks read(Path file, Clock clock) throws IOException {
        ActivityMarks none = ActivityMarks.none(clock.instant());
        try {
            return Json.read(Files.readAllBytes(file), ActivityMarks.class).orElse(none);
        } catch (NoSuchFileException first) {
            return none;
        }
    }

    /** When sandboxes were last used. */
    public ActivityClock clock() {
        return clock;
    }

    /** What execs did. */
    public NewsFeed news() {
        return news;
    }

    /** Writes down what the next life has to know. */
    public synchronized void save() {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.write(next, Json.write(clock.marks(news.takenUntil())));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("when sandboxes were last used cannot be written down: {}", e.toString());
        }
    }
}
