package dev.atoll.imagecas.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What of an archive could not be kept: one line for each kind of loss, with how often and where first. Not thread-safe. */
public final class Warnings {
    private final Map<String, Loss> losses = new LinkedHashMap<>();

    private record Loss(String first, int count) {}

    /** Notes one loss; {@code what} must be one of a few fixed texts. */
    public void add(String what, String path) {
        losses.merge(what, new Loss(path, 1), (before, one) -> new Loss(before.first(), before.count() + 1));
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        losses.forEach((what, loss) -> lines.add(
                loss.count() == 1
                        ? what + ": " + loss.first()
                        : what + ": " + loss.first() + " and " + (loss.count() - 1) + " more"));
        return lines;
    }
}
