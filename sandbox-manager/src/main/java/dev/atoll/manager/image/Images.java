package dev.atoll.manager.image;

import dev.atoll.manager.host.HostClient;
import dev.atoll.manager.host.HostDirectory;
import dev.atoll.manager.host.HostImages;
import dev.atoll.manager.key.Caller;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Use cases on images. Images belong to the platform, not to a workspace, and are kept by the first connected host. Every method throws
 * {@code host_unavailable} when no host is connected. Thread-safe.
 */
public final class Images {
    /** How long an image that was ready is taken to be there still. Its host has the last word when a sandbox is prepared. */
    private static final Duration READY_FOR = Duration.ofMinutes(5);

    /** How long one is not asked for again that is being made, or could not be: then it would be made anew. */
    private static final Duration REMEMBERED_FOR = Duration.ofSeconds(5);

    /** More names than this are not remembered. */
    private static final int MAX_REMEMBERED = 1_000;

    private final HostDirectory hosts;
    private final Clock clock;
    private final Map<ImageName, Instant> knownUntil = new ConcurrentHashMap<>();

    public Images(HostDirectory hosts, Clock clock) {
        this.hosts = hosts;
        this.clock = clock;
    }

    public List<Image> list(Caller caller) {
        return images().images();
    }

    /** The image once it is no longer being made, or as it is when {@code wait} is over. Throws {@code image_not_found}. */
    public Image get(Caller caller, ImageName name, Duration wait) {
        return images().image(name, false, wait);
    }

    /**
     * Begins to make an image that the platform knows how to make, if it is missing or has failed; answers at once. Throws {@code
     * image_not_found}.
     */
    public Image make(Caller caller, ImageName name) {
        return images().image(name, true, Duration.ZERO);
    }

    /**
     * Imports an archive under a name; reads the stream to its end. Throws {@code image_invalid}, {@code image_too_large}, {@code
     * disk_full}.
     */
    public Image importArchive(Caller caller, ImageName name, InputStream archive) {
        return images().importArchive(name, archive);
    }

    /** Throws {@code image_not_found} or {@code image_in_use}. */
    public void remove(Caller caller, ImageName name) {
        knownUntil.remove(name);
        images().remove(name);
        knownUntil.remove(name);
    }

    /** Throws {@code image_not_found} when no image has this name and none can be made; one that can be is begun to be made. */
    public void requireKnown(ImageName name) {
        Instant now = clock.instant();
        Instant until = knownUntil.get(name);
        if (until != null && now.isBefore(until)) {
            return;
        }
        Image seen = images().image(name, true, Duration.ZERO);
        if (knownUntil.size() >= MAX_REMEMBERED) {
            knownUntil.clear();
        }
        knownUntil.put(
                name,
                now.plus(
                        switch (seen.state()) {
                            case READY -> READY_FOR;
                            case MAKING, FAILED -> REMEMBERED_FOR;
                        }));
    }

    private HostImages images() {
        return hosts.clients().stream()
                .findFirst()
                .map(HostClient::images)
                .orElseThrow(() -> Problem.of(
                                ProblemCode.HOST_UNAVAILABLE,
                                "No host is connected.",
                                "Ask again in a moment; 'atoll status' shows the hosts.")
                        .asException());
    }
}
