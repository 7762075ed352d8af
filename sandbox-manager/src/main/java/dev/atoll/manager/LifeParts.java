package dev.atoll.manager;

import dev.atoll.manager.event.Events;
import dev.atoll.manager.event.NewsCollector;
import dev.atoll.manager.idle.IdleWatch;
import dev.atoll.manager.idle.Lifetimes;
import dev.atoll.manager.idle.Usages;

/** What sandboxes live through: the log of it, how long they live and what they use. */
public record LifeParts(Events events, Lifetimes lifetimes, Usages usages, IdleWatch idle, NewsCollector news)
        implements AutoCloseable {
    void start() {
        idle.start();
        news.start();
    }

    @Override
    public void close() {
        news.close();
        idle.close();
    }
}
