package dev.atoll.manager.event;

import dev.atoll.manager.host.HostActivity;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.host.HostNews;
import dev.atoll.manager.store.EventStore;
import dev.atoll.manager.timer.Timers;
import dev.atoll.model.host.HostDescription;
import dev.atoll.model.id.HostId;
import dev.atoll.model.problem.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what hosts have seen of execs into the log, some at a time, so that no exec waits for the database. A host keeps its news until
 * the next question says that they were written; what is told twice is written once.
 */
public final class NewsCollector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NewsCollector.class);

    /** While the database or a host does not answer, the others are asked less often too. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final HostDirectory hosts;
    private final EventStore store;
    private final EventBell bell;
    private final Timers timers;
    private final Clock clock;
    private final NewsSettings settings;
    private final Counter missed;
    private final Map<HostId, HostNews.Mark> written = new HashMap<>();
    private final Set<HostId> silent = new HashSet<>();
    private volatile boolean closed;

    public NewsCollector(
            HostDirectory hosts,
            EventStore store,
            EventBell bell,
            Timers timers,
            Clock clock,
            NewsSettings settings,
            MeterRegistry meters) {
        this.hosts = hosts;
        this.store = store;
        this.bell = bell;
        this.timers = timers;
        this.clock = clock;
        this.settings = settings;
        this.missed = Counter.builder("atoll.events.missed")
                .description("What hosts saw of execs and let go of before it could be written to the log")
                .register(meters);
    }

    public void start() {
        askAfter(settings.askEvery());
    }

    @Override
    public void close() {
        closed = true;
    }

    private void askAfter(Duration pause) {
        if (!closed) {
            timers.at(clock.instant().plus(pause), this::askAll);
        }
    }

    /** One at a time: the next question is put after the last answer was dealt with. */
    private synchronized void askAll() {
        Duration pause = settings.askEvery();
        for (HostDescription host : hosts.descriptions()) {
            try {
                while (!closed && ask(host.id())) {
                    // There is more than fits into one answer.
                }
                silent.remove(host.id());
            } catch (ProblemException e) {
                if (silent.add(host.id())) {
                    LOG.warn("host={} its news cannot be written to the log now: {}", host.id(), e.getMessage());
                }
                pause = PAUSE;
            }
        }
        askAfter(pause);
    }

    /** Whether there may be more at once. */
    private boolean ask(HostId host) {
        HostActivity activity = hosts.client(host).activity();
        HostNews news = activity.news(written.getOrDefault(host, HostNews.Mark.NONE), settings.batch());
        if (news.missed() > 0) {
            missed.increment(news.missed());
            LOG.warn("host={} let go of {} news that came faster than they were written", host, news.missed());
        }
        store.append(news.events()).forEach(bell::ring);
        written.put(host, news.mark());
        return news.events().size() >= settings.batch();
    }
}
